use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use orm_core::{Error, Result};

/// What a URL says.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::mysql) struct Url {
    /// The servers, tried in this order; a socket stands in their place.
    pub(super) hosts: Vec<Host>,
    /// The socket of a server on this machine.
    pub(super) socket: Option<PathBuf>,
    /// The user.
    pub(super) user: String,
    /// The password, never shown.
    pub(super) password: Option<String>,
    /// The database that names without a schema are looked for in.
    pub(super) database: Option<String>,
    /// Whether and how the connection is encrypted.
    pub(super) ssl_mode: SslMode,
    /// The certificates that are trusted.
    pub(super) ssl_ca: Option<PathBuf>,
    /// The client's own certificate.
    pub(super) ssl_cert: Option<PathBuf>,
    /// Its key.
    pub(super) ssl_key: Option<PathBuf>,
    /// The collation of literals and binds, where it is not the server's default.
    pub(super) collation: Option<String>,
    /// How long one server may take to answer.
    pub(super) connect_timeout: Duration,
}

/// A server's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) port: u16,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SslMode {
    /// Not at all.
    Disabled,
    /// Where the server can.
    Preferred,
    /// Always.
    Required,
    /// Always, with a server whose certificate is trusted.
    VerifyCa,
    /// Always, with a server whose certificate is trusted and for its name.
    VerifyIdentity,
}

const PORT: u16 = 3306;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(3600);

impl Url {
    pub(super) fn parse(url: &str) -> Result<Url> {
        read(url).map_err(|reason| Error::Url { url: without_password(url), reason })
    }
}

/// The place as messages name it.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@", self.user)?;
        match &self.socket {
            Some(socket) => write!(f, "{}", socket.display())?,
            None => {
                for (i, host) in self.hosts.iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    write!(f, "{comma}{host}")?;
                }
            }
        }
        self.database.as_ref().map_or(Ok(()), |database| write!(f, "/{database}"))
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.contains(':') {
            true => write!(f, "[{}]:{}", self.name, self.port),
            false => write!(f, "{}:{}", self.name, self.port),
        }
    }
}

type Read<T> = Result<T, String>;

fn read(text: &str) -> Read<Url> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    if !matches!(scheme, "mysql" | "mariadb") {
        return Err("it starts with neither `mysql://` nor `mariadb://`".into());
    }
    if rest.contains('#') {
        return Err("it has a `#`, which is written `%23`".into());
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    let (user, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = match user.split_once(':') {
        Some((user, password)) => (user, Some(secret(password)?)),
        None => (user, None),
    };
    let user = decode(user)?;
    if database.contains('/') {
        return Err(format!("`{database}` is no name of a database; a `/` in it is written `%2F`"));
    }
    let database = decode(database)?;
    let mut url = Url {
        hosts: read_hosts(hosts)?,
        socket: None,
        user: if user.is_empty() { "root".into() } else { user },
        password,
        database: Some(database).filter(|database| !database.is_empty()),
        ssl_mode: SslMode::Preferred,
        ssl_ca: None,
        ssl_cert: None,
        ssl_key: None,
        collation: None,
        connect_timeout: CONNECT_TIMEOUT,
    };
    let options = options(query)?;
    for (name, value) in &options {
        option(&mut url, name, value)?;
    }
    if url.socket.is_some() && !hosts.is_empty() && hosts != "localhost" {
        return Err("it has a host and a `socket`, and only one of them can be meant".into());
    }
    check_tls(&url)?;
    Ok(url)
}

fn option(url: &mut Url, name: &str, value: &str) -> Read<()> {
    match name {
        "socket" => url.socket = Some(value.into()),
        "ssl-mode" | "sslmode" => url.ssl_mode = ssl_mode(name, value)?,
        "ssl-ca" => url.ssl_ca = Some(value.into()),
        "ssl-cert" => url.ssl_cert = Some(value.into()),
        "ssl-key" => url.ssl_key = Some(value.into()),
        "charset" if value.eq_ignore_ascii_case("utf8mb4") => {}
        "charset" => return Err(format!("`charset` is utf8mb4, which holds every text, not `{value}`")),
        "collation" => url.collation = Some(collation(value)?),
        "connect_timeout" => url.connect_timeout = duration(value)?,
        "timezone" if matches!(value, "+00:00" | "UTC" | "utc" | "Z") => {}
        "timezone" => {
            return Err(format!(
                "`timezone` is UTC, so that moments are read as they were written, not `{value}`"
            ));
        }
        _ => {
            return Err(format!(
                "there is no option `{name}`; there are socket, ssl-mode, ssl-ca, ssl-cert, ssl-key, charset, collation, \
                 connect_timeout and timezone"
            ));
        }
    }
    Ok(())
}

fn check_tls(url: &Url) -> Read<()> {
    if url.ssl_cert.is_some() != url.ssl_key.is_some() {
        return Err("`ssl-cert` and `ssl-key` go together".into());
    }
    let certificates = url.ssl_ca.is_some() || url.ssl_cert.is_some();
    if certificates && url.ssl_mode == SslMode::Disabled {
        return Err("certificates have no meaning with `ssl-mode=disabled`".into());
    }
    let required = certificates || !matches!(url.ssl_mode, SslMode::Disabled | SslMode::Preferred);
    if required && !cfg!(feature = "tls") {
        return Err("an encrypted connection needs the feature `tls` of orm".into());
    }
    Ok(())
}

fn read_hosts(text: &str) -> Read<Vec<Host>> {
    if text.is_empty() {
        return Ok(vec![Host { name: "localhost".into(), port: PORT }]);
    }
    text.split(',').map(read_host).collect()
}

fn read_host(text: &str) -> Read<Host> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (name, port) = rest.split_once(']').ok_or_else(|| format!("`{text}` has no `]`"))?;
            let is_address = name.parse::<std::net::Ipv6Addr>().is_ok();
            (is_address.then_some(name).ok_or_else(|| format!("`{name}` is not an IPv6 address"))?, port)
        }
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    // What is no port may be a password without its `@`, and is not repeated.
    let wrong = || format!("what stands behind the host `{name}` is not `:` and a port");
    let port = match port.strip_prefix(':') {
        Some(port) if is_digits(port) => port.parse().ok().filter(|port| *port != 0).ok_or_else(wrong)?,
        None if port.is_empty() => PORT,
        _ => return Err(wrong()),
    };
    let name = decode(name)?;
    if name.is_empty() {
        return Err("a host has no name".into());
    }
    Ok(Host { name, port })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn ssl_mode(name: &str, value: &str) -> Read<SslMode> {
    let modes = [
        ("disabled", SslMode::Disabled),
        ("preferred", SslMode::Preferred),
        ("required", SslMode::Required),
        ("verify_ca", SslMode::VerifyCa),
        ("verify_identity", SslMode::VerifyIdentity),
    ];
    let word = value.to_ascii_lowercase().replace('-', "_");
    let found = modes.iter().find(|(mode, _)| *mode == word);
    found.map(|(_, mode)| *mode).ok_or_else(|| {
        format!("`{name}` is one of disabled, preferred, required, verify_ca, verify_identity, not `{value}`")
    })
}

/// It becomes part of a SQL text.
fn collation(value: &str) -> Read<String> {
    let is_word = !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let lower = value.to_ascii_lowercase();
    if is_word && (lower.starts_with("utf8mb4_") || lower.starts_with("uca1400_")) {
        return Ok(lower);
    }
    Err(format!("`collation` is one of utf8mb4, such as utf8mb4_unicode_ci, not `{value}`"))
}

fn duration(value: &str) -> Read<Duration> {
    let (digits, unit): (&str, fn(u64) -> Duration) =
        match (value.strip_suffix("ms"), value.strip_suffix('s')) {
            (Some(digits), _) => (digits, Duration::from_millis),
            (None, Some(digits)) => (digits, Duration::from_secs),
            (None, None) => (value, Duration::from_secs),
        };
    let time = digits.parse().ok().filter(|_| is_digits(digits)).map(unit);
    time.filter(|time| !time.is_zero() && *time <= LONGEST)
        .ok_or_else(|| format!("`connect_timeout` is a time such as `10`, `10s` or `500ms`, not `{value}`"))
}

fn options(query: &str) -> Read<Vec<(String, String)>> {
    let mut options: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| format!("the option `{pair}` has no value"))?;
        let name = decode(name)?.to_ascii_lowercase();
        if options.iter().any(|(other, _)| *other == name) {
            return Err(format!("the option `{name}` is given twice"));
        }
        options.push((name, decode(value)?));
    }
    Ok(options)
}

/// Takes the `%XX` out.
fn decode(text: &str) -> Read<String> {
    percent(text).ok_or_else(|| {
        format!("`{text}` has a `%` that is not followed by two hex digits, or is not UTF-8, or has a NUL character")
    })
}

fn secret(text: &str) -> Read<String> {
    percent(text).ok_or_else(|| {
        "a `%` in the password, which is written `%25`, is not followed by two hex digits".into()
    })
}

fn percent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (hex, after) = tail.split_at_checked(2)?;
        // `from_str_radix` alone would take a sign.
        let hex = hex.iter().all(u8::is_ascii_hexdigit).then_some(hex)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// The URL as an error may show it. What stands before the last `@` may be part of a password that nobody encoded, and
/// where there is none, what stands behind a `:` and is no port may be a password all the same.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    if let Some(at) = rest.rfind('@') {
        return match rest[..at].find(':') {
            Some(colon) => format!("{scheme}://{}:***{}", &rest[..colon], &rest[at..]),
            None => url.to_owned(),
        };
    }
    let (hosts, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let shown = |host: &str| match host.split_once(':') {
        Some((name, port)) if !host.starts_with('[') && !is_digits(port) => format!("{name}:***"),
        _ => host.to_owned(),
    };
    let hosts: Vec<String> = hosts.split(',').map(shown).collect();
    format!("{scheme}://{}{behind}", hosts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn host(name: &str, port: u16) -> Host {
        Host { name: name.into(), port }
    }

    #[test]
    fn places() {
        let plain = url("mysql://me:pass%40word@db.example:3307/shop");
        assert_eq!(plain.hosts, [host("db.example", 3307)]);
        assert_eq!((&*plain.user, plain.password.as_deref()), ("me", Some("pass@word")));
        assert_eq!(plain.database.as_deref(), Some("shop"));
        assert_eq!(plain.to_string(), "me@db.example:3307/shop");

        let least = url("mariadb://");
        assert_eq!(least.hosts, [host("localhost", 3306)]);
        assert_eq!((&*least.user, least.password, least.database), ("root", None, None));

        let several = url("mysql://a,b:1,[::1],[fe80::1]:2/x%2Fy");
        let hosts = [host("a", 3306), host("b", 1), host("::1", 3306), host("fe80::1", 2)];
        assert_eq!(several.hosts, hosts);
        assert_eq!(several.database.as_deref(), Some("x/y"));
        assert_eq!(several.to_string(), "root@a:3306,b:1,[::1]:3306,[fe80::1]:2/x/y");

        let socket = url("mysql://me@/shop?socket=%2Frun%2Fmysqld%2Fmysqld.sock");
        assert_eq!(socket.socket, Some("/run/mysqld/mysqld.sock".into()));
        assert_eq!(socket.to_string(), "me@/run/mysqld/mysqld.sock/shop");
        assert_eq!(url("mysql://me:a:b@h").password.as_deref(), Some("a:b"));
        assert_eq!(url("mysql://me:a@b@h").password.as_deref(), Some("a@b"));
    }

    #[test]
    fn options() {
        let all = url(
            "mysql://h?ssl-mode=DISABLED&charset=UTF8MB4&collation=utf8mb4_bin&connect_timeout=250ms&timezone=UTC",
        );
        assert_eq!(all.ssl_mode, SslMode::Disabled);
        assert_eq!(all.collation.as_deref(), Some("utf8mb4_bin"));
        assert_eq!(all.connect_timeout, Duration::from_millis(250));
        assert_eq!(url("mysql://h?connect_timeout=5").connect_timeout, Duration::from_secs(5));
        assert_eq!(url("mysql://h").ssl_mode, SslMode::Preferred);
    }

    #[cfg(feature = "tls")]
    #[test]
    fn encryption() {
        let all = url("mysql://h?sslmode=verify-identity&ssl-ca=/a&ssl-cert=/b&ssl-key=/c");
        assert_eq!(all.ssl_mode, SslMode::VerifyIdentity);
        assert_eq!(
            (all.ssl_ca, all.ssl_cert, all.ssl_key),
            (Some("/a".into()), Some("/b".into()), Some("/c".into()))
        );
    }

    #[test]
    fn what_is_refused_and_why() {
        for (text, reason) in [
            ("postgres://h", "it starts with neither `mysql://` nor `mariadb://`"),
            ("mysql:h", "it starts with neither `mysql://` nor `mariadb://`"),
            ("mysql://h:70000", "what stands behind the host `h` is not `:` and a port"),
            ("mysql://h:0", "what stands behind the host `h` is not `:` and a port"),
            ("mysql://[::1]x", "what stands behind the host `::1` is not `:` and a port"),
            ("mysql://a,,b", "a host has no name"),
            ("mysql://[::1", "`[::1` has no `]`"),
            ("mysql://[nope]", "`nope` is not an IPv6 address"),
            (
                "mysql://h/a%2",
                "`a%2` has a `%` that is not followed by two hex digits, or is not UTF-8, or has a NUL character",
            ),
            ("mysql://h/a#b", "it has a `#`, which is written `%23`"),
            ("mysql://h/a/b", "`a/b` is no name of a database; a `/` in it is written `%2F`"),
            ("mysql://h?charset=latin1", "`charset` is utf8mb4, which holds every text, not `latin1`"),
            (
                "mysql://h?collation=x'y",
                "`collation` is one of utf8mb4, such as utf8mb4_unicode_ci, not `x'y`",
            ),
            (
                "mysql://h?timezone=CET",
                "`timezone` is UTC, so that moments are read as they were written, not `CET`",
            ),
            (
                "mysql://h?connect_timeout=0",
                "`connect_timeout` is a time such as `10`, `10s` or `500ms`, not `0`",
            ),
            ("mysql://h?socket=/a", "it has a host and a `socket`, and only one of them can be meant"),
            ("mysql://h?socket", "the option `socket` has no value"),
            ("mysql://h?ssl-cert=/a", "`ssl-cert` and `ssl-key` go together"),
            (
                "mysql://h?ssl-mode=disabled&ssl-ca=/a",
                "certificates have no meaning with `ssl-mode=disabled`",
            ),
            ("mysql://h?timezone=UTC&timezone=UTC", "the option `timezone` is given twice"),
            (
                "mysql://h?ssl-mode=on",
                "`ssl-mode` is one of disabled, preferred, required, verify_ca, verify_identity, not `on`",
            ),
        ] {
            match Url::parse(text) {
                Err(Error::Url { url: shown, reason: given }) => {
                    assert_eq!((&*shown, &*given), (text, reason))
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        let unknown = Url::parse("mysql://h?pool=5").unwrap_err().to_string();
        assert!(unknown.contains("there is no option `pool`"), "{unknown}");
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn encryption_needs_a_feature() {
        for mode in ["ssl-mode=required", "sslmode=verify_ca", "ssl-ca=/a"] {
            let error = Url::parse(&format!("mysql://h?{mode}")).unwrap_err().to_string();
            assert!(error.contains("needs the feature `tls`"), "{error}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        for (text, shown) in [
            ("mysql://me:secret@h?x=1", "mysql://me:***@h?x=1"),
            ("mysql://me:se/cr@et@h?x=1", "mysql://me:***@h?x=1"),
            ("mysql://me:%zz@h", "mysql://me:***@h"),
            ("mysql://me:secret", "mysql://me:***"),
            ("mysql://a:1,me:secret/x", "mysql://a:1,me:***/x"),
            ("postgres://me:secret@h", "postgres://me:***@h"),
        ] {
            let error = Url::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("the database URL `{shown}` is not valid: ")), "{error}");
            assert!(
                !error.contains("secret") && !error.contains("cr@et") && !error.contains("zz"),
                "{error}"
            );
        }
        assert!(!format!("{:?}", url("mysql://me:secret@h")).contains("secret"));
    }
}
