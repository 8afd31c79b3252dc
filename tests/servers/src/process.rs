//! A server that this crate runs.

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::installed::{self, Programs};
use crate::start::tail;
use crate::{FoundBy, Kind, Server, query, watchdog};

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server and its directory.
#[derive(Debug)]
pub(crate) struct Process {
    kind: Kind,
    programs: Programs,
    pub(crate) directory: PathBuf,
    pub(crate) port: u16,
    child: Child,
}

impl Process {
    /// Starts an empty server in a new directory under `running`, with a watchdog; `state` leads others to it.
    pub(crate) fn launch(
        kind: Kind,
        running: &Path,
        state: Option<&Path>,
    ) -> Result<(Process, Server), String> {
        let mut programs = installed::programs(kind)?;
        let random = RandomState::new().hash_one(std::process::id());
        let directory =
            running.join(format!("{}-{}-{:04x}", kind.slug(), std::process::id(), random & 0xffff));
        let launched = (|| {
            fs::create_dir(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
            // Before the server: it never runs without.
            watchdog::watch(&directory, programs.end(), state).map_err(|error| format!("sh: {error}"))?;
            programs.prepare(&directory)?;
            Process::serve_first(kind, programs, &directory)
        })();
        if launched.is_err() {
            watchdog::no_longer_use(&directory);
            let _ = fs::remove_dir_all(&directory);
        }
        launched
    }

    fn serve_first(kind: Kind, programs: Programs, directory: &Path) -> Result<(Process, Server), String> {
        let port = free_port()?;
        let child = serve(&programs, directory, port)?;
        let mut process = Process { kind, programs, directory: directory.to_owned(), port, child };
        let settled = process.answer(&process.programs.first_url(port)).and_then(|_| {
            query::execute(&process.programs.first_url(port), process.programs.settle())?;
            Server::at(kind, &process.programs.url(port), FoundBy::Start)
        });
        match settled {
            Ok(server) => Ok((process, server)),
            Err(why) => {
                process.kill();
                Err(why)
            }
        }
    }

    /// Waits until the server answers.
    fn answer(&mut self, url: &str) -> Result<(), String> {
        let started = Instant::now();
        loop {
            let Err(error) = query::version(url) else { return Ok(()) };
            if let Ok(Some(status)) = self.child.try_wait() {
                let log = tail(&self.directory.join("server.log"));
                return Err(format!("the {} that was started ended, {status}: {log}", self.kind));
            }
            if started.elapsed() > PATIENCE {
                let log = tail(&self.directory.join("server.log"));
                return Err(format!("the {} that was started does not answer: {error}; {log}", self.kind));
            }
            thread::sleep(Duration::from_millis(30));
        }
    }

    /// Kills every process of the server, as a power cut would, and waits until they are gone.
    pub(crate) fn kill(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        // Held, it makes no new ones while they are counted.
        signal("STOP", &[self.child.id()]);
        let children = children(self.child.id());
        signal("KILL", &children);
        let _ = self.child.kill();
        let _ = self.child.wait();
        let killed = Instant::now();
        while children.iter().any(|child| runs(*child)) && killed.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts it again after [`kill`](Process::kill), on its port, with its data.
    pub(crate) fn restart(&mut self) -> Result<(), String> {
        self.kill();
        self.child = serve(&self.programs, &self.directory, self.port)?;
        self.answer(&self.programs.url(self.port))
    }

    /// Ends it and removes its directory.
    pub(crate) fn remove(&mut self) {
        signal(self.programs.end(), &[self.child.id()]);
        let asked = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && asked.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(5));
        }
        self.kill();
        self.free_shared_memory();
        watchdog::no_longer_use(&self.directory);
        let _ = fs::remove_dir_all(&self.directory);
    }

    /// A PostgreSQL that was killed leaves a small segment behind; its number is the last of line 7 of `postmaster.pid`.
    fn free_shared_memory(&self) {
        let Ok(file) = fs::read_to_string(self.directory.join("data/postmaster.pid")) else { return };
        let Some(id) = file.lines().nth(6).and_then(|line| line.split_whitespace().last()) else { return };
        let _ = Command::new("ipcrm").args(["-m", id]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// Starts the server of a directory, in a group of its own: an interrupt of the tests is not for it.
fn serve(programs: &Programs, directory: &Path, port: u16) -> Result<Child, String> {
    let mut command = programs.serve(directory, port)?;
    let start = || {
        let log = File::options().create(true).append(true).open(directory.join("server.log"))?;
        command.process_group(0).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn()?;
        File::create(directory.join("pid"))?.write_all(child.id().to_string().as_bytes())?;
        Ok(child)
    };
    let child: Result<Child, std::io::Error> = { start }();
    child.map_err(|error| format!("{}: {error}", command.get_program().display()))
}

/// A port that nobody listens on, outside of those that the system gives to whoever connects: those may be taken while a
/// server is down.
fn free_port() -> Result<u16, String> {
    let random = RandomState::new();
    (0..200)
        .map(|attempt| 20_000 + (random.hash_one(attempt) % 12_000) as u16)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| "no free port between 20000 and 32000".to_owned())
}

/// Sends a signal. Without `unsafe` only a shell can.
fn signal(name: &str, processes: &[u32]) {
    if processes.is_empty() {
        return;
    }
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill -s \"$0\" \"$@\"", name]).args(processes.iter().map(u32::to_string));
    let _ = kill.stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// The children of a process.
fn children(parent: u32) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else { return children_by_ps(parent) };
    let processes = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    processes.filter(|process| stat(*process).is_some_and(|(_, of)| of == parent)).collect()
}

/// The same without `/proc`.
fn children_by_ps(parent: u32) -> Vec<u32> {
    let ps = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output();
    let ps = ps.map(|ps| String::from_utf8_lossy(&ps.stdout).into_owned()).unwrap_or_default();
    let pairs = ps.lines().filter_map(|line| {
        let mut numbers = line.split_whitespace().map(str::parse::<u32>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    pairs.filter(|(_, of)| *of == parent).map(|(process, _)| process).collect()
}

/// Whether a process still runs; what only waits to be buried does not.
fn runs(process: u32) -> bool {
    stat(process).is_some_and(|(state, _)| state != 'Z')
}

/// State and parent of a process, from `/proc`.
fn stat(process: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before may have spaces and parentheses of its own.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_found_and_killed() {
        let mut shell = Command::new("sh").args(["-c", "sleep 60 & wait"]).spawn().unwrap();
        let started = Instant::now();
        let found = loop {
            let found = children(shell.id());
            if !found.is_empty() || started.elapsed() > Duration::from_secs(5) {
                break found;
            }
        };
        assert_eq!(found.len(), 1);
        assert_eq!(children_by_ps(std::process::id()).is_empty(), Command::new("ps").output().is_err());
        assert!(runs(found[0]));
        signal("KILL", &found);
        shell.wait().unwrap();
        assert!(!runs(found[0]));
    }

    #[test]
    fn a_free_port_is_free() {
        let port = free_port().unwrap();
        assert!((20_000..32_000).contains(&port));
        TcpListener::bind(("127.0.0.1", port)).unwrap();
    }
}
