//! The driver: MySQL and MariaDB through sqlx.
//!
//! # URLs
//!
//! `mysql://user:password@host:3306/database?option=value`, or `mariadb://…`, which is the same: which of the two it is,
//! and of which version, the server itself says. `%40` in a name or a password is `@`, and so on. Without a user it is
//! `root`, without a port 3306, without a host `localhost`. Several hosts, `a:3306,b:3307`, are tried in this order.
//!
//! | option | values | default |
//! | --- | --- | --- |
//! | `socket` | the path of a Unix socket, in place of a host | |
//! | `ssl-mode` | `disabled`, `preferred`, `required`, `verify_ca`, `verify_identity` | `preferred` |
//! | `ssl-ca`, `ssl-cert`, `ssl-key` | paths of PEM files | |
//! | `collation` | of literals and binds, such as `utf8mb4_unicode_ci` | the server's |
//! | `connect_timeout` | seconds, or `500ms`: how long one server may take to answer | `10s` |
//! | `charset` | `utf8mb4` | `utf8mb4` |
//! | `timezone` | `UTC` | `UTC` |
//!
//! Encryption needs the feature `tls`; without it, `preferred` is `disabled`.
//!
//! # Sessions
//!
//! Every connection runs in UTC, in `utf8mb4`, with `||` for concatenation, without backslash escapes, and with
//! `STRICT_ALL_TABLES`, so that a value that does not fit is an error. The number of rows that an UPDATE has changed is the
//! number that its WHERE has found; an upsert counts 1 for each new row and 2 for each changed one. MariaDB has no negative
//! zero: `-0.0` comes back as `0.0`.
//!
//! A connection whose SQL text has changed the connection itself (`SET`, `LOCK TABLES`, `GET_LOCK`, temporary tables) is
//! closed when it is given back.
//!
//! # Transactions
//!
//! DDL commits the transaction before it; a statement after it is in a transaction again, which is begun anew. A savepoint
//! from before it is gone. Where the server has given the whole transaction up (a deadlock), every statement is a
//! [`StatementKind::FailedTransaction`](orm_core::StatementKind::FailedTransaction) until it is rolled back, because the
//! server itself would run it outside of any transaction.
//!
//! # Futures that are dropped
//!
//! The protocol has no way to go on after half an answer. A connection with a future that was dropped while it waited is
//! closed, and the server is told from another connection to end what it was doing (`KILL`), unless it is behind an
//! address where another server answers. Between the rows of a stream nothing is lost: what is left is read when the
//! connection is used again; when it is given back, for 50 ms at most, and then it is closed.
//!
//! Rows are streamed from the socket, so `batch` has no effect: no more than the socket's buffers is ever held.
//!
//! # Time limits
//!
//! MariaDB has them for every statement, MySQL for SELECT.

use std::sync::{Arc, OnceLock};

use orm_core::driver::{BoxFuture, Driver, DriverConnection, DriverOptions};
use orm_core::reflect::Reflect;
use orm_core::{Error, Result};
use orm_query::Dialect;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use self::connection::MySqlConnection;
use self::url::Url;
use super::MySql;

mod arguments;
mod connection;
mod cursor;
mod limit;
mod row;
mod rows;
mod scan;
mod session;
mod state;
mod transaction;
mod url;
mod value;

/// A MySQL or MariaDB database.
#[derive(Debug)]
pub struct MySqlDriver {
    url: Url,
    options: DriverOptions,
    setup: String,
    /// What the URL lets expect, before a server was asked.
    assumed: MySql,
    dialect: OnceLock<MySql>,
    killers: Arc<Semaphore>,
}

impl MySqlDriver {
    /// A driver for the database of a URL. Nothing is opened before the first connection is asked for.
    ///
    /// # Errors
    /// [`Error::Url`] where the URL cannot be read or has an option that is not known, and [`Error::Unsupported`] for a
    /// default isolation that the database has not.
    pub fn new(url: &str, options: DriverOptions) -> Result<MySqlDriver> {
        let assumed = if url.starts_with("mariadb:") { MySql::mariadb() } else { MySql::mysql() };
        let url = Url::parse(url)?;
        let setup = session::setup_sql(&url, &options, &assumed)?;
        let killers = Arc::new(Semaphore::new(session::KILLERS));
        Ok(MySqlDriver { url, options, setup, assumed, dialect: OnceLock::new(), killers })
    }

    async fn open(&self) -> Result<Box<dyn DriverConnection>> {
        if Handle::try_current().is_err() {
            return Err(Error::Connection { message: "the driver needs a Tokio runtime".into() });
        }
        let (raw, session) = session::connect(&self.url, &self.setup, &self.options, &self.killers).await?;
        self.dialect.get_or_init(|| session.dialect.clone());
        Ok(Box::new(MySqlConnection::new(raw, session)))
    }
}

impl Driver for MySqlDriver {
    fn dialect(&self) -> &dyn Dialect {
        self.dialect.get().unwrap_or(&self.assumed)
    }

    fn connect(&self) -> BoxFuture<'_, Result<Box<dyn DriverConnection>>> {
        Box::pin(self.open())
    }

    fn reflect(&self) -> &'static dyn Reflect {
        &super::reflect::MySqlReflect
    }
}
