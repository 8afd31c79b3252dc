use std::env;
use std::fmt;
use std::io::{self, Write};
use std::sync::OnceLock;

use crate::query::{self, without_password};
use crate::{Kind, report, shared};

/// A server that is there.
#[derive(Debug, Clone)]
pub struct Server {
    /// What it is.
    pub kind: Kind,
    /// A database of it, as a user who may create schemas and databases.
    pub url: String,
    /// Its whole answer to `SELECT version()`.
    pub version: String,
    /// Where it came from.
    pub how: FoundBy,
}

/// Where a server came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// The URL variable of its kind names it.
    Variable,
    /// It listens on its standard port.
    Port,
    /// A test process of this run, or of one just before, started it.
    Start,
}

/// A server that is not there, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {kind}: {why}")]
pub struct Missing {
    /// What it would have been.
    pub kind: Kind,
    /// What was tried, and what came of it.
    pub why: String,
}

/// The server of a kind, found or started by the first call in this process, which says so on the standard error when
/// there is none. It blocks, also inside a runtime: for milliseconds, and for a second or two when the server has to be
/// started.
///
/// # Errors
///
/// [`Missing`] when there is none; what that means is for [`required`] to say.
pub fn find(kind: Kind) -> Result<&'static Server, Missing> {
    static FOUND: [OnceLock<Result<Server, Missing>>; Kind::ALL.len()] =
        [const { OnceLock::new() }; Kind::ALL.len()];
    let found = FOUND[kind as usize].get_or_init(|| {
        let found = look(kind);
        report::server(kind, &found);
        if let Err(missing) = &found {
            // Past the capture of the test: what is left out is not only for those to read who look for it.
            let _ = writeln!(io::stderr(), "tests of orm: {missing}");
        }
        found
    });
    found.as_ref().map_err(Clone::clone)
}

/// Whether a missing server is a failure: `CI` or `ORM_REQUIRE_SERVERS` is set. Elsewhere it is reported.
pub fn required() -> bool {
    ["CI", "ORM_REQUIRE_SERVERS"].iter().any(|variable| {
        env::var_os(variable).is_some_and(|value| !value.is_empty() && value != "0" && value != "false")
    })
}

/// What [`find`] finds, looked for anew and left out of the report of the run.
///
/// # Errors
///
/// As [`find`].
pub fn look(kind: Kind) -> Result<Server, Missing> {
    look_everywhere(kind).map_err(|why| Missing { kind, why })
}

fn look_everywhere(kind: Kind) -> Result<Server, String> {
    // A variable is meant: nothing else is tried when it leads nowhere.
    if let Ok(url) = env::var(kind.variable()) {
        return Server::at(kind, &url, FoundBy::Variable)
            .map_err(|why| format!("{}: {why}", kind.variable()));
    }
    let mut why = Vec::new();
    for url in kind.standard_urls() {
        match query::version(url) {
            Ok(version) if kind.is(&version) => {
                return Ok(Server { kind, url: (*url).to_owned(), version, how: FoundBy::Port });
            }
            // To another user it would be no other server.
            Ok(version) => {
                why.push(another(kind, url, &version));
                break;
            }
            Err(error) => why.push(error),
        }
    }
    shared::start(kind).map_err(|error| {
        why.push(error);
        format!("{} is not set; {}", kind.variable(), why.join("; "))
    })
}

impl Server {
    /// The server at a URL, if it is there and of the kind.
    pub(crate) fn at(kind: Kind, url: &str, how: FoundBy) -> Result<Server, String> {
        let version = query::version(url)?;
        if !kind.is(&version) {
            return Err(another(kind, url, &version));
        }
        Ok(Server { kind, url: url.to_owned(), version, how })
    }

    /// Whether it is seekdb, where a test for MySQL has to know.
    pub fn is_seekdb(&self) -> bool {
        self.version.contains("seekdb")
    }

    /// The version as a table shows it: `15.20`, `10.11.19-MariaDB`, `seekdb-v1.4.0.0`.
    pub fn short_version(&self) -> &str {
        let short = short(&self.version);
        short.strip_prefix("PostgreSQL ").unwrap_or(short)
    }
}

fn another(kind: Kind, url: &str, version: &str) -> String {
    format!("{} is {}, which is no {kind}", without_password(url), short(version))
}

/// A version without its builds and compilers.
fn short(version: &str) -> &str {
    let version = version.find("seekdb").map_or(version, |start| &version[start..]);
    let end = [" (", " on ", "-0+deb"].iter().filter_map(|end| version.find(end)).min();
    &version[..end.unwrap_or(version.len())]
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = without_password(&self.url);
        let how = match self.how {
            FoundBy::Variable => format!("{} ({})", url, self.kind.variable()),
            FoundBy::Port => format!("{url} (its standard port)"),
            FoundBy::Start => format!("{url} (started)"),
        };
        write!(f, "{} at {how}", self.short_version())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_version_is_short() {
        assert_eq!(short("PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64"), "PostgreSQL 15.20");
        assert_eq!(short("PostgreSQL 18.6 on x86_64, compiled by gcc (GCC) 14.2.1"), "PostgreSQL 18.6");
        assert_eq!(short("10.11.19-MariaDB-0+deb12u1"), "10.11.19-MariaDB");
        assert_eq!(short("8.4.2"), "8.4.2");
        assert_eq!(short("5.7.25-OceanBase seekdb-v1.4.0.0"), "seekdb-v1.4.0.0");
    }
}
