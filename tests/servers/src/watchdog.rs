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

static USED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Looks after the server of a directory, which this process uses from now on. `state` leads others to it.
pub(crate) fn watch(directory: &Path, signal: &str, state: Option<&Path>) -> io::Result<()> {
    File::create(directory.join("heartbeat"))?;
    use_from_now_on(directory);
    let mut shell = Command::new("sh");
    shell.args(["-c", include_str!("watchdog.sh"), "orm-test-servers-watchdog"]);
    shell.arg(directory).args([signal, MINUTES]).arg(state.unwrap_or(Path::new("")));
    // In a group of its own it outlives an interrupt of the tests, and holds none of their pipes open.
    shell.current_dir("/").process_group(0);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    Ok(())
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
