use std::fmt;
use std::future::Future;

use orm_core::driver::DriverOptions;
use orm_core::{Error, Result};
use orm_query::{CompileError, IsolationLevel};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row};

use super::url::{Host, SessionAttributes, TlsMode, Url};
use crate::postgres::{NAME, errors};

/// How a connection is opened.
pub(super) struct Opener {
    url: Url,
    pub(super) options: DriverOptions,
    places: Vec<Place>,
}

/// One server.
#[derive(Clone)]
struct Place {
    name: String,
    connect: PgConnectOptions,
}

/// A connection, and the version of its server.
pub(super) struct Opened {
    pub(super) connection: PgConnection,
    pub(super) major_version: u32,
}

impl Opener {
    pub(super) fn new(url: &str, options: DriverOptions) -> Result<Opener> {
        let url = Url::parse(url)?;
        let base = connect_options(&url, &options)?;
        let places = if url.hosts.is_empty() {
            let name = format!("{}:{}", base.get_host(), base.get_port());
            vec![Place { name, connect: base }]
        } else {
            url.hosts.iter().map(|host| Place { name: host.to_string(), connect: at(&base, host) }).collect()
        };
        Ok(Opener { url, options, places })
    }

    /// Connects to the first server that answers and is what is wanted.
    pub(super) async fn open(&self) -> Result<Opened> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::Connection { message: "the driver needs a Tokio runtime".into() });
        }
        let mut failures: Vec<Error> = Vec::new();
        for place in &self.places {
            match self.in_time(place, self.open_at(place)).await {
                Ok(opened) => return Ok(opened),
                Err(error) => failures.push(error),
            }
        }
        match failures.len() {
            1 => Err(failures.remove(0)),
            _ => {
                let all: Vec<String> = failures.iter().map(ToString::to_string).collect();
                Err(Error::Connection { message: all.join("; ") })
            }
        }
    }

    /// The options for a server that answers and is what is wanted.
    pub(super) async fn place(&self) -> Result<PgConnectOptions> {
        match &self.places[..] {
            [place] if self.url.session == SessionAttributes::Any => Ok(place.connect.clone()),
            places => {
                let mut last = Error::Connection { message: "there is no server".into() };
                for place in places {
                    match self.in_time(place, self.open_at(place)).await {
                        Ok(_) => return Ok(place.connect.clone()),
                        Err(error) => last = error,
                    }
                }
                Err(last)
            }
        }
    }

    async fn in_time<T>(&self, place: &Place, work: impl Future<Output = Result<T>>) -> Result<T> {
        let Some(limit) = self.url.connect_timeout else { return work.await };
        match tokio::time::timeout(limit, work).await {
            Ok(done) => done,
            Err(_) => {
                Err(Error::Connection { message: format!("{}: no answer within {limit:?}", place.name) })
            }
        }
    }

    async fn open_at(&self, place: &Place) -> Result<Opened> {
        let failed = |error| errors::connect(error, &place.name);
        let mut connection = match place.connect.connect().await {
            // `allow` asks for encryption only where the server refuses to do without.
            Err(error) if self.url.tls == Some(TlsMode::Allow) && cfg!(feature = "tls") => {
                if !matches!(errors::code(&error), Some(code) if code.starts_with("28")) {
                    return Err(failed(error));
                }
                place.connect.clone().ssl_mode(PgSslMode::Require).connect().await.map_err(failed)?
            }
            opened => opened.map_err(failed)?,
        };
        let Some(version) = connection.server_version_num() else {
            return Err(Error::Connection { message: format!("{}: the server has no version", place.name) });
        };
        self.check_session(&mut connection, place).await?;
        self.set_up(&mut connection).await?;
        Ok(Opened { connection, major_version: version / 10_000 })
    }

    /// Whether the server is what `target_session_attrs` asks for.
    async fn check_session(&self, connection: &mut PgConnection, place: &Place) -> Result<()> {
        let wanted = self.url.session;
        if wanted == SessionAttributes::Any {
            return Ok(());
        }
        let sql = "SELECT pg_is_in_recovery()::int4, (current_setting('transaction_read_only') = 'on')::int4";
        let row: PgRow = connection
            .fetch_one(sqlx::query(sql).persistent(false))
            .await
            .map_err(|e| errors::connect(e, &place.name))?;
        let flag = |at| row.try_get::<i32, usize>(at).map(|v| v != 0).map_err(errors::classify);
        // What the engine itself sets read-only says nothing about the server.
        let (standby, read_only) = (flag(0)?, flag(1)? && !self.options.read_only);
        let suits = match wanted {
            SessionAttributes::Any => true,
            SessionAttributes::Primary => !standby,
            SessionAttributes::Standby => standby,
            SessionAttributes::ReadWrite => !standby && !read_only,
            SessionAttributes::ReadOnly => standby || read_only,
        };
        if suits {
            return Ok(());
        }
        let message = format!("{}: the server is not what `target_session_attrs` asks for", place.name);
        Err(Error::Connection { message })
    }

    /// Runs the engine's own set-up.
    pub(super) async fn set_up(&self, connection: &mut PgConnection) -> Result<()> {
        for sql in &self.options.setup {
            connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.as_str()))).await.map_err(errors::classify)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener")
            .field("url", &self.url)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

fn connect_options(url: &Url, options: &DriverOptions) -> Result<PgConnectOptions> {
    // What is said here is the session's default, to which `DISCARD ALL` goes back.
    let mut settings: Vec<(&str, &str)> = Vec::new();
    if let Some(level) = options.isolation {
        settings.push(("default_transaction_isolation", isolation(level)?));
    }
    if options.read_only {
        settings.push(("default_transaction_read_only", "on"));
    }
    settings.extend(url.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut connect = PgConnectOptions::new_without_pgpass()
        .statement_cache_capacity(options.statement_cache_capacity)
        .options(settings)
        // `orm-core` tells what it runs.
        .disable_statement_logging();
    if let Some(user) = &url.user {
        connect = connect.username(user);
    }
    if let Some(password) = &url.password {
        connect = connect.password(password);
    }
    if let Some(database) = &url.database {
        connect = connect.database(database);
    }
    if let Some(name) = &url.application_name {
        connect = connect.application_name(name);
    }
    if let Some(mode) = url.tls {
        connect = connect.ssl_mode(match mode {
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Allow => PgSslMode::Allow,
            TlsMode::Prefer => PgSslMode::Prefer,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        });
    }
    if let Some(file) = &url.root_certificate {
        connect = connect.ssl_root_cert(file);
    }
    if let (Some(certificate), Some(key)) = (&url.certificate, &url.key) {
        connect = connect.ssl_client_cert(certificate).ssl_client_key(key);
    }
    Ok(connect)
}

fn at(base: &PgConnectOptions, host: &Host) -> PgConnectOptions {
    base.clone().host(&host.name).port(host.port)
}

/// The level in SQL's words, where there is one.
pub(super) fn isolation(level: IsolationLevel) -> Result<&'static str> {
    match level {
        IsolationLevel::Snapshot => Err(Error::from(CompileError::Unsupported {
            dialect: NAME,
            feature: "isolation level SNAPSHOT",
            hint: Some("its REPEATABLE READ is a snapshot"),
        })),
        level => Ok(level.sql()),
    }
}
