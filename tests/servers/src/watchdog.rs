//! Servers end with the tests: a shell of their own looks after each.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

/// How long a server outlives the last process that used it, in minutes.
const MINUTES: &str = "3";

/// How long between two looks at the heartbeat, and about as long between two beats, in seconds.
const PAUSE: &str = "5";

static USED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Looks after the server of a directory, which this process uses from now on. `state` leads others to it.
pub(crate) fn watch(directory: &Path, signal: &str, state: Option<&Path>) -> io::Result<()> {
    File::create(directory.join("heartbeat"))?;
    use_from_now_on(directory);
    shell(directory, signal, MINUTES, PAUSE, state).spawn()?;
    Ok(())
}

fn shell(directory: &Path, signal: &str, minutes: &str, pause: &str, state: Option<&Path>) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", include_str!("watchdog.sh"), "orm-test-servers-watchdog"]);
    shell.arg(directory).args([signal, minutes, pause]).arg(state.unwrap_or(Path::new("")));
    // In a group of its own it outlives an interrupt of the tests, and holds none of their pipes open.
    shell.current_dir("/").process_group(0);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell
}

/// Keeps a server running as long as this process.
pub(crate) fn use_from_now_on(directory: &Path) {
    touch(directory);
    USED.lock().unwrap_or_else(PoisonError::into_inner).push(directory.to_owned());
    static THREAD: Once = Once::new();
    THREAD.call_once(|| {
        thread::spawn(|| {
            loop {
                thread::sleep(Duration::from_secs(5));
                let used = USED.lock().unwrap_or_else(PoisonError::into_inner).clone();
                used.iter().for_each(|directory| touch(directory));
            }
        });
    });
}

/// The opposite, for a server that is no more.
pub(crate) fn no_longer_use(directory: &Path) {
    USED.lock().unwrap_or_else(PoisonError::into_inner).retain(|used| used != directory);
}

/// Not created when it is gone: then the server is being ended.
fn touch(directory: &Path) {
    if let Ok(heartbeat) = File::options().write(true).open(directory.join("heartbeat")) {
        let _ = heartbeat.set_modified(SystemTime::now());
    }
}

/// Removes what servers left behind whose watchdog was killed with them, by a reboot for one.
pub(crate) fn sweep(running: &Path) {
    for entry in fs::read_dir(running).into_iter().flatten().flatten() {
        let heartbeat = fs::metadata(entry.path().join("heartbeat")).and_then(|file| file.modified());
        let age = heartbeat.ok().and_then(|touched| touched.elapsed().ok());
        if age.is_some_and(|age| age > Duration::from_secs(15 * 60)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory with a server in it, and the file that leads to it.
    fn served(place: &Path) -> (PathBuf, PathBuf, std::process::Child) {
        let (directory, state) = (place.join("server"), place.join("state"));
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("heartbeat"), "").unwrap();
        fs::write(&state, format!("{}\nurl\n", directory.display())).unwrap();
        let server = Command::new("sleep").arg("60").spawn().unwrap();
        fs::write(directory.join("pid"), server.id().to_string()).unwrap();
        (directory, state, server)
    }

    #[test]
    fn a_server_without_a_heartbeat_is_ended() {
        let place = tempfile::tempdir().unwrap();
        let (directory, state, mut server) = served(place.path());
        let mut watchdog = shell(&directory, "QUIT", "0.002", "0.1", Some(&state)).spawn().unwrap();
        // It is buried at once, as it would be if it were not this process's child.
        server.wait().unwrap();
        watchdog.wait().unwrap();
        assert!(!directory.exists() && !state.exists());
    }

    #[test]
    fn a_server_that_is_used_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let (directory, state, mut server) = served(place.path());
        let mut watchdog = shell(&directory, "QUIT", "1", "0.1", Some(&state)).spawn().unwrap();
        thread::sleep(Duration::from_millis(700));
        assert!(server.try_wait().unwrap().is_none());
        assert!(directory.exists() && state.exists());
        // Whoever ends the server itself ends the watchdog with it.
        server.kill().unwrap();
        server.wait().unwrap();
        fs::remove_dir_all(&directory).unwrap();
        watchdog.wait().unwrap();
    }
}
