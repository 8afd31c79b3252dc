//! How the programs of each server are called.

mod mariadb;
mod postgres;
mod seekdb;

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::installed::Programs;

impl Programs {
    /// Makes an empty database directory in a directory that is empty.
    pub(crate) fn prepare(&mut self, directory: &Path) -> Result<(), String> {
        match self {
            Programs::Postgres { directory: programs } => postgres::prepare(programs, directory),
            Programs::MariaDb { install, .. } => mariadb::prepare(install, directory),
            // It prepares itself at its first start.
            Programs::SeekDb { .. } => Ok(()),
        }
    }

    /// The server, in the foreground.
    pub(crate) fn serve(&self, directory: &Path, port: u16) -> Result<Command, String> {
        match self {
            Programs::Postgres { directory: programs } => postgres::serve(programs, directory, port),
            Programs::MariaDb { server, .. } => Ok(mariadb::serve(server, directory, port)),
            Programs::SeekDb { server } => Ok(seekdb::serve(server, directory, port)),
        }
    }

    /// A database that is there from the start.
    pub(crate) fn first_url(&self, port: u16) -> String {
        match self {
            Programs::Postgres { .. } => format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            Programs::MariaDb { .. } => format!("mysql://root@127.0.0.1:{port}/mysql"),
            Programs::SeekDb { .. } => format!("mysql://root@127.0.0.1:{port}/mysql"),
        }
    }

    /// The database that the first start makes.
    pub(crate) fn url(&self, port: u16) -> String {
        match self {
            Programs::Postgres { .. } => format!("postgres://postgres@127.0.0.1:{port}/test"),
            Programs::MariaDb { .. } | Programs::SeekDb { .. } => {
                format!("mysql://root@127.0.0.1:{port}/test")
            }
        }
    }

    /// What the first start is followed by.
    pub(crate) fn settle(&self) -> &'static [&'static str] {
        match self {
            Programs::Postgres { .. } => &["CREATE DATABASE test"],
            Programs::MariaDb { .. } => &["CREATE DATABASE IF NOT EXISTS test"],
            Programs::SeekDb { .. } => seekdb::SETTLE,
        }
    }

    /// The signal that ends it at once and leaves nothing behind outside its directory.
    pub(crate) fn end(&self) -> &'static str {
        match self {
            Programs::Postgres { .. } => "QUIT",
            Programs::MariaDb { .. } | Programs::SeekDb { .. } => "KILL",
        }
    }
}

/// Runs a command to its end, its output in a log.
fn run(command: &mut Command, log: &Path) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = (|| {
        let output = File::create(log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).status()
    })();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name}: {status}: {}", tail(log))),
        Err(error) => Err(format!("{name}: {error}")),
    }
}

/// The last lines of a log, which tell why a server is not there.
pub(crate) fn tail(log: &Path) -> String {
    let log = std::fs::read(log).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let lines: Vec<_> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(5)..].join(" / ")
}

/// An error of the file system with the path that it is about.
fn at(path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}
