use std::sync::Arc;
use std::time::Duration;

use orm_core::driver::DriverOptions;
use orm_core::{Error, Result};
use orm_query::IsolationLevel;
use sqlx::mysql::{MySqlConnectOptions, MySqlRow, MySqlSslMode, MySqlTypeInfo};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Decode, Row};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::url::{Host, SslMode, Url};
use crate::mysql::{Flavor, MySql, errors};
use crate::syntax::unsupported;

/// How many connections one driver may open at the same time to have others ended.
pub(super) const KILLERS: usize = 2;

/// How long it may take to tell a server to end a connection.
const KILL_LIMIT: Duration = Duration::from_secs(5);

/// What the server says of itself and of one connection.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) dialect: MySql,
    pub(super) types: Types,
    /// How far the keys are apart that one INSERT generates.
    pub(super) key_step: u64,
    id: u64,
    /// Which server it is: behind one address there may be several, and each counts its connections for itself.
    server: String,
    options: MySqlConnectOptions,
    killers: Arc<Semaphore>,
}

/// Types of binds, as the server tells them: sqlx tells them only with features that bring its own conversions.
#[derive(Debug, Clone)]
pub(super) struct Types {
    pub(super) date: MySqlTypeInfo,
    pub(super) datetime: MySqlTypeInfo,
    pub(super) decimal: MySqlTypeInfo,
}

const IDENTITY: &str = "SELECT VERSION(), @@version_comment, CONNECTION_ID(), \
     CONCAT_WS(':', @@hostname, @@port, @@datadir), @@auto_increment_increment, \
     CAST(NULL AS DATE), CAST(NULL AS DATETIME), CAST(NULL AS DECIMAL(1))";

/// Opens a connection to the first server that answers.
pub(super) async fn connect(
    url: &Url,
    setup: &str,
    options: &DriverOptions,
    killers: &Arc<Semaphore>,
) -> Result<(sqlx::MySqlConnection, Session)> {
    let first = url.hosts.first().map(|host| connect_options(url, host, options));
    let mut failed = Error::Connection { message: format!("`{url}` names no server") };
    let ways = match &url.socket {
        Some(socket) => vec![(socket.display().to_string(), first.map(|options| options.socket(socket)))],
        None => {
            let way = |host: &Host| (host.to_string(), Some(connect_options(url, host, options)));
            url.hosts.iter().map(way).collect()
        }
    };
    for (place, way) in ways {
        let Some(way) = way else { continue };
        match timeout(url.connect_timeout, open(&place, way, setup, options, killers)).await {
            Ok(Ok(opened)) => return Ok(opened),
            // Another server may be there; a wrong password is wrong everywhere.
            Ok(Err(error @ Error::Connection { .. })) => failed = error,
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                let message = format!("`{place}` did not answer within {:?}", url.connect_timeout);
                failed = Error::Connection { message };
            }
        }
    }
    Err(failed)
}

async fn open(
    place: &str,
    way: MySqlConnectOptions,
    setup: &str,
    options: &DriverOptions,
    killers: &Arc<Semaphore>,
) -> Result<(sqlx::MySqlConnection, Session)> {
    // Which of the two it is shows only later; the numbers of these errors are the same.
    let refused = |error: sqlx::Error| errors::connect(&error, place, Flavor::MySql);
    let mut raw = way.connect().await.map_err(refused)?;
    let sql = format!("{setup}; {IDENTITY}");
    let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(&mut raw).await.map_err(refused)?;
    let session = Session::read(&row, way, killers.clone()).ok_or_else(|| Error::Connection {
        message: format!("`{place}` does not describe itself as MySQL and MariaDB do"),
    })?;
    for sql in &options.setup {
        let run = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut raw).await;
        run.map_err(|error| errors::classify(&error, session.dialect.flavor()))?;
    }
    Ok((raw, session))
}

impl Session {
    fn read(row: &MySqlRow, options: MySqlConnectOptions, killers: Arc<Semaphore>) -> Option<Session> {
        let text = |position: usize| {
            let value = row.try_get_raw(position).ok()?;
            std::str::from_utf8(<&[u8] as Decode<sqlx::MySql>>::decode(value).ok()?).ok()
        };
        let of_type = |position: usize, name: &str| {
            let type_info = row.columns().get(position)?.type_info();
            (sqlx::TypeInfo::name(type_info) == name).then(|| type_info.clone())
        };
        let about = format!("{} {}", text(0)?, text(1).unwrap_or(""));
        Some(Session {
            dialect: MySql::from_version_string(&about),
            id: text(2)?.parse().ok()?,
            server: text(3)?.to_owned(),
            key_step: text(4)?.parse().ok()?,
            types: Types {
                date: of_type(5, "DATE")?,
                datetime: of_type(6, "DATETIME")?,
                decimal: of_type(7, "DECIMAL")?,
            },
            options,
            killers,
        })
    }

    /// Tells the server to end the connection, whose statement would otherwise run on and keep its locks.
    pub(super) async fn kill(&self) {
        match timeout(KILL_LIMIT, self.try_kill()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a statement that nobody waits for runs on"),
            Err(_) => {
                tracing::debug!("a statement that nobody waits for runs on: the server does not answer")
            }
        }
    }

    async fn try_kill(&self) -> Result<(), sqlx::Error> {
        let _one_of_few = self.killers.acquire().await;
        let mut raw = self.options.connect().await?;
        let row = sqlx::raw_sql(IDENTITY).fetch_one(&mut raw).await?;
        let other = Session::read(&row, self.options.clone(), self.killers.clone());
        if other.is_some_and(|other| other.server == self.server) {
            let sql = format!("KILL CONNECTION {}", self.id);
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut raw).await?;
        }
        sqlx::Connection::close(raw).await
    }
}

/// The SQL that makes every server answer alike, whatever its own defaults are.
pub(super) fn setup_sql(url: &Url, options: &DriverOptions, assumed: &MySql) -> Result<String> {
    let collate = url.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {name}"));
    let mut sql = format!(
        "SET sql_mode = 'PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,\
         ERROR_FOR_DIVISION_BY_ZERO,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00', \
         autocommit = 1, NAMES utf8mb4{collate}"
    );
    if let Some(level) = options.isolation {
        sql.push_str("; SET SESSION TRANSACTION ISOLATION LEVEL ");
        sql.push_str(isolation_sql(assumed, level)?);
    }
    if options.read_only {
        sql.push_str("; SET SESSION TRANSACTION READ ONLY");
    }
    Ok(sql)
}

pub(super) fn isolation_sql(dialect: &MySql, level: IsolationLevel) -> Result<&'static str> {
    match level {
        IsolationLevel::ReadUncommitted
        | IsolationLevel::ReadCommitted
        | IsolationLevel::RepeatableRead
        | IsolationLevel::Serializable => Ok(level.sql()),
        _ => {
            let hint = "its REPEATABLE READ reads from a snapshot";
            Err(unsupported(dialect, "isolation level SNAPSHOT", Some(hint)).into())
        }
    }
}

fn connect_options(url: &Url, host: &Host, options: &DriverOptions) -> MySqlConnectOptions {
    // What sqlx would send by itself is in `setup_sql`.
    let mut connect = MySqlConnectOptions::new()
        .host(&host.name)
        .port(host.port)
        .username(&url.user)
        .ssl_mode(ssl_mode(url.ssl_mode))
        .statement_cache_capacity(options.statement_cache_capacity)
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .set_names(false)
        // `orm-core` tells what it runs.
        .disable_statement_logging();
    if let Some(password) = url.password.as_deref().filter(|password| !password.is_empty()) {
        connect = connect.password(password);
    }
    if let Some(database) = &url.database {
        connect = connect.database(database);
    }
    if let Some(path) = &url.ssl_ca {
        connect = connect.ssl_ca(path);
    }
    if let (Some(certificate), Some(key)) = (&url.ssl_cert, &url.ssl_key) {
        connect = connect.ssl_client_cert(certificate).ssl_client_key(key);
    }
    connect
}

const fn ssl_mode(mode: SslMode) -> MySqlSslMode {
    match mode {
        SslMode::Disabled => MySqlSslMode::Disabled,
        SslMode::Preferred => MySqlSslMode::Preferred,
        SslMode::Required => MySqlSslMode::Required,
        SslMode::VerifyCa => MySqlSslMode::VerifyCa,
        SslMode::VerifyIdentity => MySqlSslMode::VerifyIdentity,
    }
}
