use std::fmt;
use std::time::Duration;

use orm_core::{Error, Result};

/// What a URL says; what it does not say is left to the environment, as with `psql`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Url {
    /// The servers, in the order in which they are tried; none where the environment says which.
    pub(super) hosts: Vec<Host>,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) database: Option<String>,
    /// Which server is wanted.
    pub(super) session: SessionAttributes,
    pub(super) tls: Option<TlsMode>,
    pub(super) root_certificate: Option<String>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<String>,
    pub(super) application_name: Option<String>,
    /// Settings of the session: names and values.
    pub(super) settings: Vec<(String, String)>,
    /// How long one server is waited for.
    pub(super) connect_timeout: Option<Duration>,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    /// A name, an address, or the directory of a socket.
    pub(super) name: String,
    pub(super) port: u16,
}

/// `target_session_attrs`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SessionAttributes {
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
}

/// `sslmode`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlsMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

const DEFAULT_PORT: u16 = 5432;
const OPTIONS: &str = "host, port, sslmode, sslrootcert, sslcert, sslkey, application_name, options, connect_timeout, \
                       statement_timeout and target_session_attrs";

impl Url {
    pub(super) fn parse(url: &str) -> Result<Url> {
        read(url).map_err(|reason| Error::Url { url: without_password(url), reason })
    }
}

/// The servers and the database as messages name them, without anything secret.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        for (i, host) in self.hosts.iter().enumerate() {
            write!(f, "{}{host}", if i == 0 { "" } else { "," })?;
        }
        write!(f, "/{}", self.database.as_deref().unwrap_or(""))
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.contains(':') {
            write!(f, "[{}]:{}", self.name, self.port)
        } else {
            write!(f, "{}:{}", self.name, self.port)
        }
    }
}

type Read<T> = Result<T, String>;

fn read(text: &str) -> Read<Url> {
    let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
    let rest = rest.ok_or("it does not start with `postgres://` or `postgresql://`")?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((user, hosts)) => (Some(user), hosts),
        None => (None, authority),
    };
    let (user, password) = match user.map(|user| user.split_once(':').unwrap_or((user, ""))) {
        Some((user, password)) => (not_empty(decode(user)?), not_empty(decode(password)?)),
        None => (None, None),
    };
    let mut url = Url {
        hosts: self::hosts(hosts)?,
        user,
        password,
        database: not_empty(decode(database)?),
        session: SessionAttributes::Any,
        tls: None,
        root_certificate: None,
        certificate: None,
        key: None,
        application_name: None,
        settings: Vec::new(),
        connect_timeout: None,
    };
    let (mut host_option, mut port_option) = (None, None);
    for (name, value) in options(query)? {
        match name.as_str() {
            "host" => host_option = Some(value),
            "port" => port_option = Some(value),
            "sslmode" => url.tls = Some(tls_mode(&value)?),
            "sslrootcert" => url.root_certificate = Some(value),
            "sslcert" => url.certificate = Some(value),
            "sslkey" => url.key = Some(value),
            "application_name" => url.application_name = Some(value),
            "options" => url.settings.extend(settings(&value)?),
            "connect_timeout" => url.connect_timeout = connect_timeout(&value)?,
            "statement_timeout" => url.settings.push((name, statement_timeout(&value)?)),
            "target_session_attrs" => url.session = session(&value)?,
            _ => return Err(format!("there is no option `{name}`; there are {OPTIONS}")),
        }
    }
    if let Some(names) = host_option {
        if !url.hosts.is_empty() {
            return Err("the host is said twice, before the database and as an option".into());
        }
        url.hosts = names.split(',').map(|name| Host { name: name.into(), port: DEFAULT_PORT }).collect();
    }
    if let Some(ports) = port_option {
        set_ports(&mut url.hosts, &ports)?;
    }
    if url.hosts.iter().any(|host| host.name.is_empty()) {
        return Err("the name of a host is empty".into());
    }
    check_tls(&url)?;
    Ok(url)
}

fn not_empty(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

fn hosts(text: &str) -> Read<Vec<Host>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let host = |text: &str| {
        let (name, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (name, rest) = rest.split_once(']').ok_or(format!("`{text}` has no `]`"))?;
                match (rest.strip_prefix(':'), rest.is_empty()) {
                    (Some(port), _) => (name, port),
                    (None, true) => (name, ""),
                    (None, false) => return Err(format!("`{text}` is no host")),
                }
            }
            None => text.split_once(':').unwrap_or((text, "")),
        };
        let port = if port.is_empty() { DEFAULT_PORT } else { self::port(port)? };
        Ok(Host { name: decode(name)?, port })
    };
    text.split(',').map(host).collect()
}

fn port(text: &str) -> Read<u16> {
    let port = text.parse().ok().filter(|port| *port > 0);
    port.ok_or_else(|| "a port is a number from 1 to 65535; is a `:`, `/` or `@` in the password not written `%3A`, `%2F`, `%40`?".into())
}

/// One port for all hosts, or as many as there are hosts.
fn set_ports(hosts: &mut Vec<Host>, text: &str) -> Read<()> {
    let ports: Vec<u16> = text.split(',').map(port).collect::<Read<_>>()?;
    if hosts.is_empty() {
        hosts.push(Host { name: "localhost".into(), port: DEFAULT_PORT });
    }
    match ports[..] {
        [port] => hosts.iter_mut().for_each(|host| host.port = port),
        _ if ports.len() == hosts.len() => {
            hosts.iter_mut().zip(ports).for_each(|(host, port)| host.port = port);
        }
        _ => return Err("there are not as many ports as hosts".into()),
    }
    Ok(())
}

fn options(query: &str) -> Read<Vec<(String, String)>> {
    let mut options: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| format!("the option `{pair}` has no value"))?;
        let (name, value) = (decode(name)?, decode(value)?);
        if options.iter().any(|(other, _)| *other == name) {
            return Err(format!("the option `{name}` is given twice"));
        }
        options.push((name, value));
    }
    Ok(options)
}

fn tls_mode(value: &str) -> Read<TlsMode> {
    Ok(match value {
        "disable" => TlsMode::Disable,
        "allow" => TlsMode::Allow,
        "prefer" => TlsMode::Prefer,
        "require" => TlsMode::Require,
        "verify-ca" => TlsMode::VerifyCa,
        "verify-full" => TlsMode::VerifyFull,
        _ => {
            return Err(format!(
                "`sslmode` is one of disable, allow, prefer, require, verify-ca and verify-full, not `{value}`"
            ));
        }
    })
}

/// Encryption that is asked for and would not be there.
fn check_tls(url: &Url) -> Read<()> {
    let asked = matches!(url.tls, Some(TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull));
    let files = [&url.root_certificate, &url.certificate, &url.key];
    if !cfg!(feature = "tls") && (asked || files.iter().any(|file| file.is_some())) {
        return Err("encrypted connections need the feature `tls` of the crate `orm`".into());
    }
    if url.certificate.is_some() != url.key.is_some() {
        return Err("`sslcert` and `sslkey` need each other".into());
    }
    Ok(())
}

fn session(value: &str) -> Read<SessionAttributes> {
    Ok(match value {
        "any" => SessionAttributes::Any,
        "read-write" => SessionAttributes::ReadWrite,
        "read-only" => SessionAttributes::ReadOnly,
        "primary" => SessionAttributes::Primary,
        "standby" => SessionAttributes::Standby,
        _ => {
            return Err(format!(
                "`target_session_attrs` is one of any, read-write, read-only, primary and standby, not `{value}`"
            ));
        }
    })
}

/// Seconds; 0 is no limit.
fn connect_timeout(value: &str) -> Read<Option<Duration>> {
    let seconds: u32 =
        value.parse().map_err(|_| format!("`connect_timeout` is a number of seconds, not `{value}`"))?;
    Ok((seconds > 0).then(|| Duration::from_secs(seconds.into())))
}

/// Milliseconds, or with a unit, which the server knows.
fn statement_timeout(value: &str) -> Read<String> {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit());
    if unit.len() == value.len() || !["", "ms", "s", "min", "h", "d"].contains(&unit) {
        return Err(format!("`statement_timeout` is a time such as `5000`, `500ms` or `5s`, not `{value}`"));
    }
    Ok(value.to_owned())
}

/// `-c name=value -c …` and `--name=value`, in which `\` stands before a space of a value.
fn settings(text: &str) -> Read<Vec<(String, String)>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c if c.is_ascii_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    let mut settings = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("-c") {
            Some("") => words.next().unwrap_or_default(),
            Some(setting) => setting.to_owned(),
            None => word.strip_prefix("--").unwrap_or_default().to_owned(),
        };
        match setting.split_once('=') {
            Some((name, value)) if !name.is_empty() => settings.push((name.to_owned(), value.to_owned())),
            _ => return Err(format!("`options` is a list of `-c name=value`, and `{word}` is none")),
        }
    }
    Ok(settings)
}

/// Takes the `%XX` out.
fn decode(text: &str) -> Read<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let code = tail.split_at_checked(2).and_then(|(hex, after)| {
            rest = after;
            // `from_str_radix` alone would take a sign.
            let hex = hex.iter().all(u8::is_ascii_hexdigit).then_some(hex)?;
            u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()
        });
        // The text may be the password.
        bytes.push(code.ok_or("a `%` has no two hex digits behind it; `%` itself is `%25`")?);
    }
    let text = String::from_utf8(bytes).map_err(|_| "what stands behind `%` is not UTF-8")?;
    if text.contains('\0') { Err("it has a NUL character".into()) } else { Ok(text) }
}

/// The URL as an error may show it: a password with an `@` or a `/` in it is hidden too.
fn without_password(url: &str) -> String {
    let scheme = url.find(':').map_or(0, |colon| colon + 1);
    let (scheme, rest) = url.split_at(scheme);
    match (rest.find(':'), rest.rfind('@')) {
        (Some(colon), Some(at)) if colon < at => {
            format!("{scheme}{}:***{}", &rest[..colon], &rest[at..])
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(url: &str) -> Url {
        Url::parse(url).unwrap()
    }

    fn hosts(url: &str) -> Vec<String> {
        parsed(url).hosts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn hosts_of_all_kinds() {
        for (url, expected) in [
            ("postgres://", &[][..]),
            ("postgres:///test", &[]),
            ("postgres://db", &["db:5432"]),
            ("postgresql://db:6000/test", &["db:6000"]),
            ("postgres://u:p@a:1,b,[::1]:2,[fe80::1]/test", &["a:1", "b:5432", "[::1]:2", "[fe80::1]:5432"]),
            ("postgres://%2Frun%2Fpostgresql/test", &["/run/postgresql:5432"]),
            ("postgres:///test?host=/run/postgresql&port=6000", &["/run/postgresql:6000"]),
            ("postgres:///?host=a,b&port=1,2", &["a:1", "b:2"]),
            ("postgres://a,b/?port=7", &["a:7", "b:7"]),
        ] {
            assert_eq!(hosts(url), expected, "{url}");
        }
    }

    #[test]
    fn users_and_databases() {
        let url = parsed("postgres://j%C3%BCrgen:p%40%2F%3A%25%2B+x@db/my%20data");
        assert_eq!(url.user.as_deref(), Some("jürgen"));
        assert_eq!(url.password.as_deref(), Some("p@/:%++x"));
        assert_eq!(url.database.as_deref(), Some("my data"));
        let url = parsed("postgres://root@db");
        assert_eq!((url.user.as_deref(), url.password, url.database), (Some("root"), None, None));
        let url = parsed("postgres://u:a:b@c@db/x");
        assert_eq!((url.user.as_deref(), url.password.as_deref()), (Some("u"), Some("a:b@c")));
    }

    #[test]
    fn options_are_read() {
        let url = parsed(
            "postgres://db/?application_name=my%20app&connect_timeout=3&statement_timeout=5s&sslmode=disable\
             &target_session_attrs=read-write&options=-c%20search_path%3Da,b%20--geqo%3Doff%20-cx.y%3Da\\%20b",
        );
        assert_eq!(url.application_name.as_deref(), Some("my app"));
        assert_eq!(url.connect_timeout, Some(Duration::from_secs(3)));
        assert_eq!(url.tls, Some(TlsMode::Disable));
        assert_eq!(url.session, SessionAttributes::ReadWrite);
        let settings: Vec<_> = url.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(settings, ["statement_timeout=5s", "search_path=a,b", "geqo=off", "x.y=a b"]);
        assert_eq!(parsed("postgres://db/?connect_timeout=0").connect_timeout, None);
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for (url, reason) in [
            ("mysql://u:secret@h/d", "does not start with"),
            ("postgres:u:secret@h", "does not start with"),
            ("postgres://u:secret@h/d?pool=5", "no option `pool`"),
            ("postgres://u:secret@h/d?sslmode=on", "`sslmode` is one of"),
            ("postgres://u:secret@h/d?sslmode", "has no value"),
            ("postgres://u:secret@h/d?sslmode=disable&sslmode=disable", "given twice"),
            ("postgres://u:secret@h:0/d", "a port is"),
            ("postgres://u:secret@h:port/d", "a port is"),
            ("postgres://u:secret@h:99999/d", "a port is"),
            ("postgres://u:sec/secret@h/d", "a port is"),
            ("postgres://u:secret%zz@h/d", "two hex digits"),
            ("postgres://u:secret%00@h/d", "NUL"),
            ("postgres://u:secret%ff@h/d", "UTF-8"),
            ("postgres://u:secret@[::1/d", "no `]`"),
            ("postgres://u:secret@[::1]x/d", "is no host"),
            ("postgres://u:secret@a,,b/d", "is empty"),
            ("postgres://u:secret@a,b/d?port=1,2,3", "not as many"),
            ("postgres://u:secret@a/d?host=b", "said twice"),
            ("postgres://u:secret@h/d?options=-d%205", "list of"),
            ("postgres://u:secret@h/d?options=-c", "list of"),
            ("postgres://u:secret@h/d?connect_timeout=-1", "seconds"),
            ("postgres://u:secret@h/d?statement_timeout=soon", "a time such as"),
            ("postgres://u:secret@h/d?target_session_attrs=master", "is one of"),
            (
                "postgres://u:secret@h/d?sslcert=a",
                if cfg!(feature = "tls") { "each other" } else { "feature `tls`" },
            ),
        ] {
            let error = Url::parse(url).expect_err(url).to_string();
            assert!(error.contains(reason), "{url}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(!format!("{:?}", parsed("postgres://u:secret@h/d")).contains("secret"));
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn encryption_needs_a_feature() {
        for mode in ["require", "verify-ca", "verify-full"] {
            let error = Url::parse(&format!("postgres://h/d?sslmode={mode}")).unwrap_err().to_string();
            assert!(error.contains("feature `tls`"), "{error}");
        }
        for mode in ["disable", "allow", "prefer"] {
            parsed(&format!("postgres://h/d?sslmode={mode}"));
        }
    }
}
