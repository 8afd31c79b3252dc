use std::fmt;
use std::time::Duration;

use orm_core::{Error, Result};

/// What a URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sqlite) struct Url {
    /// Where the database is.
    pub(in crate::sqlite) location: Location,
    /// How a transaction begins.
    pub(super) transaction: TransactionMode,
    /// How long to wait for a lock.
    pub(super) busy_timeout: Duration,
    /// Whether foreign keys are enforced.
    pub(super) foreign_keys: bool,
    /// The journal's mode where it was asked for.
    pub(super) journal_mode: Option<&'static str>,
    /// When the disk is waited for, where it was asked for.
    pub(super) synchronous: Option<&'static str>,
    /// Whether connections share their pages.
    pub(super) shared_cache: bool,
    /// Whether nobody changes the file.
    pub(super) immutable: bool,
    /// Who reads rows.
    pub(super) reader: Reader,
    /// The VFS.
    pub(super) vfs: Option<String>,
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sqlite) enum Location {
    /// In memory, under a name where it is shared.
    Memory { name: Option<String> },
    /// In a file.
    File { path: String, mode: Mode },
}

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sqlite) enum Mode {
    /// To be read.
    ReadOnly,
    /// To be written, if it is there.
    ReadWrite,
    /// To be written, and created.
    Create,
}

impl Mode {
    pub(super) fn is_read_only(self) -> bool {
        self == Mode::ReadOnly
    }
}

/// Who calls SQLite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// The driver itself, on the connection that sqlx has opened.
    Direct,
    /// sqlx, on the connection's own thread.
    Sqlx,
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransactionMode {
    /// Without a lock.
    Deferred,
    /// With the write lock.
    Immediate,
    /// Alone.
    Exclusive,
}

impl TransactionMode {
    pub(super) fn begin(self) -> &'static str {
        match self {
            TransactionMode::Deferred => "BEGIN",
            TransactionMode::Immediate => "BEGIN IMMEDIATE",
            TransactionMode::Exclusive => "BEGIN EXCLUSIVE",
        }
    }
}

/// SQLite counts milliseconds in an `int`.
const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);

impl Url {
    pub(super) fn parse(url: &str) -> Result<Url> {
        read(url).map_err(|reason| Error::Url { url: without_password(url), reason })
    }

    /// Whether a missing file is created.
    pub(in crate::sqlite) fn is_created(&self) -> bool {
        match &self.location {
            Location::Memory { .. } => true,
            Location::File { mode, .. } => *mode == Mode::Create,
        }
    }

    /// Who reads rows. In a shared cache only sqlx knows how to wait for the other connections.
    pub(super) fn reader(&self) -> Reader {
        if self.shared_cache { Reader::Sqlx } else { self.reader }
    }

    /// Whether the journal is to be WAL because nobody asked for another.
    pub(super) fn wants_wal(&self) -> bool {
        let Location::File { mode, .. } = &self.location else { return false };
        self.journal_mode.is_none() && !mode.is_read_only() && !self.immutable
    }
}

/// The place as messages name it.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Location::Memory { .. } => f.write_str(":memory:"),
            Location::File { path, .. } => f.write_str(path),
        }
    }
}

type Read<T> = Result<T, String>;

fn read(text: &str) -> Read<Url> {
    let rest = text.strip_prefix("sqlite:").ok_or("it does not start with `sqlite:`")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut url = Url {
        location: Location::Memory { name: None },
        transaction: TransactionMode::Deferred,
        busy_timeout: Duration::from_secs(5),
        foreign_keys: true,
        journal_mode: None,
        synchronous: None,
        shared_cache: false,
        immutable: false,
        reader: Reader::Direct,
        vfs: None,
    };
    let options = options(query)?;
    let mut mode = None;
    for (name, value) in &options {
        match name.as_str() {
            "mode" => mode = Some(one_of(name, value, &["ro", "rw", "rwc", "memory"])?),
            "transaction" => {
                url.transaction = match one_of(name, value, &["deferred", "immediate", "exclusive"])? {
                    "immediate" => TransactionMode::Immediate,
                    "exclusive" => TransactionMode::Exclusive,
                    _ => TransactionMode::Deferred,
                }
            }
            "busy_timeout" => url.busy_timeout = duration(value)?,
            "foreign_keys" => url.foreign_keys = switch(name, value)?,
            "journal_mode" => {
                let modes = ["delete", "truncate", "persist", "memory", "wal", "off"];
                url.journal_mode = Some(one_of(name, value, &modes)?);
            }
            "synchronous" => {
                url.synchronous = Some(one_of(name, value, &["off", "normal", "full", "extra"])?);
            }
            "cache" => url.shared_cache = one_of(name, value, &["private", "shared"])? == "shared",
            "immutable" => url.immutable = switch(name, value)?,
            "reader" => {
                url.reader = match one_of(name, value, &["direct", "sqlx"])? {
                    "sqlx" => Reader::Sqlx,
                    _ => Reader::Direct,
                }
            }
            "vfs" => url.vfs = Some(value.clone()),
            _ => {
                return Err(format!(
                    "there is no option `{name}`; there are mode, transaction, busy_timeout, foreign_keys, \
                     journal_mode, synchronous, cache, immutable, reader and vfs"
                ));
            }
        }
    }
    url.location = location(place, mode)?;
    check(&url, &options)?;
    Ok(url)
}

fn location(place: &str, mode: Option<&'static str>) -> Read<Location> {
    if place.is_empty() || place == ":memory:" {
        return match mode {
            Some("ro") => Err("a database in memory that cannot be written is empty".into()),
            _ => Ok(Location::Memory { name: None }),
        };
    }
    let path = decode(place, false)?;
    if path.contains('\0') {
        return Err("the path has a NUL character".into());
    }
    let mode = match mode {
        Some("memory") => return Ok(Location::Memory { name: Some(path) }),
        Some("ro") => Mode::ReadOnly,
        Some("rwc") => Mode::Create,
        _ => Mode::ReadWrite,
    };
    // SQLite reads a name that starts like this as a URI of its own, or as no file.
    let special = path.starts_with("file:") || path.starts_with(':');
    Ok(Location::File { path: if special { format!("./{path}") } else { path }, mode })
}

/// Options that have no meaning together.
fn check(url: &Url, options: &[(String, String)]) -> Read<()> {
    let given = |name: &str| options.iter().any(|(n, _)| n == name);
    match &url.location {
        Location::Memory { .. } => {
            for name in ["vfs", "immutable"] {
                if given(name) {
                    return Err(format!("the option `{name}` is for files"));
                }
            }
            if given("cache") && !url.shared_cache {
                return Err("every connection would have another database with `cache=private`".into());
            }
            if url.journal_mode == Some("wal") {
                return Err("a database in memory has no WAL".into());
            }
        }
        Location::File { mode, .. } => {
            if mode.is_read_only() && url.transaction != TransactionMode::Deferred {
                return Err(
                    "a read-only database has no write lock to begin with; leave `transaction` out".into()
                );
            }
        }
    }
    Ok(())
}

fn options(query: &str) -> Read<Vec<(String, String)>> {
    let mut options: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| format!("the option `{pair}` has no value"))?;
        let name = decode(name, true)?;
        if options.iter().any(|(other, _)| *other == name) {
            return Err(format!("the option `{name}` is given twice"));
        }
        let value = decode(value, true)?;
        if value.contains('\0') {
            return Err(format!("the option `{name}` has a NUL character"));
        }
        options.push((name, value));
    }
    Ok(options)
}

fn one_of(name: &str, value: &str, values: &[&'static str]) -> Read<&'static str> {
    let found = values.iter().find(|known| value.eq_ignore_ascii_case(known));
    found.copied().ok_or_else(|| format!("`{name}` is one of {}, not `{value}`", values.join(", ")))
}

fn switch(name: &str, value: &str) -> Read<bool> {
    let word = one_of(name, value, &["on", "off", "true", "false", "1", "0"])?;
    Ok(matches!(word, "on" | "true" | "1"))
}

fn duration(value: &str) -> Read<Duration> {
    let (digits, unit): (&str, fn(u64) -> Duration) =
        match (value.strip_suffix("ms"), value.strip_suffix('s')) {
            (Some(digits), _) => (digits, Duration::from_millis),
            (None, Some(digits)) => (digits, Duration::from_secs),
            (None, None) => (value, Duration::from_millis),
        };
    let time = digits.parse().ok().map(unit).filter(|time| *time <= LONGEST);
    time.ok_or_else(|| format!("`busy_timeout` is a time such as `5000`, `500ms` or `5s`, not `{value}`"))
}

/// Takes the `%XX` out.
fn decode(text: &str, plus_is_space: bool) -> Read<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match first {
            b'%' => {
                let code = tail.split_at_checked(2).and_then(|(hex, after)| {
                    rest = after;
                    // `from_str_radix` alone would take a sign.
                    let hex = hex.iter().all(u8::is_ascii_hexdigit).then_some(hex)?;
                    u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()
                });
                bytes.push(code.ok_or_else(|| format!("a `%` in `{text}` has no two hex digits behind it"))?);
            }
            b'+' if plus_is_space => bytes.push(b' '),
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).map_err(|_| format!("`{text}` is not UTF-8"))
}

/// The URL as an error may show it: someone may have handed over the URL of another database.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let hidden = rest[..end].rfind('@').and_then(|at| Some((rest[..at].find(':')?, at)));
    match hidden {
        Some((colon, at)) => format!("{scheme}://{}:***{}", &rest[..colon], &rest[at..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(url: &str) -> (String, Mode) {
        match Url::parse(url).unwrap().location {
            Location::File { path, mode } => (path, mode),
            Location::Memory { .. } => panic!("{url} is in memory"),
        }
    }

    #[test]
    fn places() {
        for (url, path) in [
            ("sqlite:data.db", "data.db"),
            ("sqlite://data.db", "data.db"),
            ("sqlite://dir/data.db", "dir/data.db"),
            ("sqlite:///var/data.db", "/var/data.db"),
            ("sqlite:/var/data.db", "/var/data.db"),
            ("sqlite://what%3F%23+%C3%A9.db", "what?#+é.db"),
            ("sqlite:file:x", "./file:x"),
            ("sqlite:%3Amemory%3A", "./:memory:"),
        ] {
            assert_eq!(file(url), (path.to_owned(), Mode::ReadWrite), "{url}");
        }
        assert_eq!(file("sqlite:a?mode=rwc").1, Mode::Create);
        assert_eq!(file("sqlite:a?mode=ro").1, Mode::ReadOnly);
        for url in [
            "sqlite:",
            "sqlite://",
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://?mode=memory",
            "sqlite::memory:?cache=shared",
        ] {
            assert_eq!(Url::parse(url).unwrap().location, Location::Memory { name: None }, "{url}");
        }
        let shared = Url::parse("sqlite:shared?mode=memory").unwrap();
        assert_eq!(shared.location, Location::Memory { name: Some("shared".into()) });
    }

    #[test]
    fn options() {
        let url = Url::parse(
            "sqlite:a?busy_timeout=250&foreign_keys=off&journal_mode=DELETE&synchronous=full&transaction=immediate\
             &cache=shared&immutable=0&vfs=unix-none",
        )
        .unwrap();
        assert_eq!(url.busy_timeout, Duration::from_millis(250));
        assert!(!url.foreign_keys && url.shared_cache && !url.immutable && !url.wants_wal());
        assert_eq!((url.journal_mode, url.synchronous), (Some("delete"), Some("full")));
        assert_eq!(url.transaction.begin(), "BEGIN IMMEDIATE");
        assert_eq!(url.vfs.as_deref(), Some("unix-none"));
        assert_eq!(Url::parse("sqlite:a?busy_timeout=2s").unwrap().busy_timeout, Duration::from_secs(2));
        assert!(Url::parse("sqlite:a").unwrap().wants_wal());
        assert!(!Url::parse("sqlite:a?mode=ro").unwrap().wants_wal());
    }

    #[test]
    fn what_is_refused_and_why() {
        for (url, reason) in [
            ("data.db", "it does not start with `sqlite:`"),
            ("sqlite:a?mode=rwx", "`mode` is one of ro, rw, rwc, memory, not `rwx`"),
            ("sqlite:a?mode", "the option `mode` has no value"),
            ("sqlite:a?mode=ro&mode=rw", "the option `mode` is given twice"),
            ("sqlite:a%2", "a `%` in `a%2` has no two hex digits behind it"),
            ("sqlite:a%+1", "a `%` in `a%+1` has no two hex digits behind it"),
            ("sqlite:a%ff", "`a%ff` is not UTF-8"),
            ("sqlite:a%00", "the path has a NUL character"),
            ("sqlite:a?vfs=%00", "the option `vfs` has a NUL character"),
            (
                "sqlite:a?busy_timeout=-1",
                "`busy_timeout` is a time such as `5000`, `500ms` or `5s`, not `-1`",
            ),
            (
                "sqlite:a?busy_timeout=9999999s",
                "`busy_timeout` is a time such as `5000`, `500ms` or `5s`, not `9999999s`",
            ),
            ("sqlite::memory:?mode=ro", "a database in memory that cannot be written is empty"),
            (
                "sqlite::memory:?cache=private",
                "every connection would have another database with `cache=private`",
            ),
            ("sqlite::memory:?journal_mode=wal", "a database in memory has no WAL"),
            ("sqlite::memory:?vfs=unix", "the option `vfs` is for files"),
            (
                "sqlite:a?mode=ro&transaction=immediate",
                "a read-only database has no write lock to begin with; leave `transaction` out",
            ),
        ] {
            match Url::parse(url) {
                Err(Error::Url { url: shown, reason: given }) => {
                    assert_eq!((&*shown, &*given), (url, reason))
                }
                other => panic!("{url}: {other:?}"),
            }
        }
        assert!(Url::parse("sqlite:a?pool=5").unwrap_err().to_string().contains("there is no option `pool`"));
    }

    #[test]
    fn a_password_is_not_shown() {
        for (url, shown) in [
            ("postgres://me:secret@host/db", "postgres://me:***@host/db"),
            ("postgres://me:se:c@ret@host", "postgres://me:***@host"),
            ("postgres://me@host/db", "postgres://me@host/db"),
            ("mysql://host/a@b:c", "mysql://host/a@b:c"),
        ] {
            let error = Url::parse(url).unwrap_err().to_string();
            assert!(error.contains(&format!("`{shown}`")), "{error}");
        }
    }
}
