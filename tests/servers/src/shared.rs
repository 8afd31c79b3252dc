//! Servers that all test processes of a run use together.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::process::Process;
use crate::{FoundBy, Kind, Server, place, watchdog};

/// The server that another process has started, or a new one.
pub(crate) fn start(kind: Kind) -> Result<Server, String> {
    let running = place::running().map_err(|error| format!("{}: {error}", place::servers().display()))?;
    let state = state_file(&running, kind);
    // Held to the end of this function: whoever comes second finds what the first has started.
    let lock = running.join(format!("{}.lock", kind.slug()));
    let lock = File::create(&lock)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| format!("{}: {error}", lock.display()))?;
    let server = match reuse(kind, &state) {
        Some(server) => Ok(server),
        None => {
            watchdog::sweep(&running);
            Process::launch(kind, &running, Some(&state)).and_then(|(process, server)| {
                let content = format!("{}\n{}\n", process.directory.display(), server.url);
                replace(&state, &content).map_err(|error| format!("{}: {error}", state.display()))?;
                Ok(server)
            })
        }
    };
    drop(lock);
    server
}

/// The server that a state file leads to, if it answers.
fn reuse(kind: Kind, state: &Path) -> Option<Server> {
    let content = fs::read_to_string(state).ok()?;
    let (directory, url) = content.trim_end().split_once('\n')?;
    watchdog::use_from_now_on(Path::new(directory));
    // The watchdog removes the state first and looks at the heartbeat last: if it is still there, so is the server.
    if fs::read_to_string(state).is_ok_and(|again| again == content)
        && let Ok(server) = Server::at(kind, url, FoundBy::Start)
    {
        return Some(server);
    }
    watchdog::no_longer_use(Path::new(directory));
    None
}

/// Ends the servers that were started and are shared, within seconds. For whoever does not want to wait some minutes.
///
/// # Errors
///
/// Those of the file system.
pub fn stop_all() -> io::Result<()> {
    let running = place::running()?;
    for kind in Kind::ALL {
        let state = state_file(&running, kind);
        if let Ok(content) = fs::read_to_string(&state) {
            let directory = Path::new(content.lines().next().unwrap_or_default());
            fs::remove_file(state)?;
            // Its watchdog does the rest.
            let _ = fs::remove_file(directory.join("heartbeat"));
        }
    }
    Ok(())
}

fn state_file(running: &Path, kind: Kind) -> PathBuf {
    running.join(format!("{}.server", kind.slug()))
}

/// A reader sees the whole of it or none.
fn replace(file: &Path, content: &str) -> io::Result<()> {
    let part = file.with_extension("part");
    fs::write(&part, content)?;
    fs::rename(part, file)
}
