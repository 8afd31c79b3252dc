use crate::process::Process;
use crate::{Kind, Missing, Server, place};

/// A server of one's own, for what a shared one must not be put through. Stopped and removed when dropped.
///
/// Its methods block for as long as they take, about a second.
#[derive(Debug)]
pub struct Private {
    server: Server,
    process: Process,
}

impl Private {
    /// The server; its URL stays the same over [`kill`](Private::kill) and [`restart`](Private::restart).
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The URL of an empty database, as a user who may create others.
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.process.port
    }

    /// Kills all of its processes, and returns when they are gone: connections break, nothing listens.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again, on the same port and with what was committed, and returns when it answers. A server that runs is
    /// killed first.
    ///
    /// # Errors
    ///
    /// [`Missing`] with the last lines of its log when it does not come up.
    pub fn restart(&mut self) -> Result<(), Missing> {
        self.process.restart().map_err(|why| Missing { kind: self.server.kind, why })
    }
}

impl Server {
    /// Starts a server of one's own. It blocks for a second or two, also inside a runtime.
    ///
    /// # Errors
    ///
    /// [`Missing`] when its programs are not installed or do not start; a server at a URL does not help here.
    pub fn private(kind: Kind) -> Result<Private, Missing> {
        let running = place::running().map_err(|error| format!("{}: {error}", place::servers().display()));
        let launched = running.and_then(|running| Process::launch(kind, &running, None));
        let (process, server) = launched.map_err(|why| Missing { kind, why })?;
        Ok(Private { server, process })
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.process.remove();
    }
}
