//! The driver: SQLite through sqlx, which brings SQLite itself and opens its connections.
//!
//! # URLs
//!
//! | URL | database |
//! | --- | --- |
//! | `sqlite:data.db`, `sqlite://data.db` | the file `data.db` in the current directory |
//! | `sqlite:///var/data.db` | the file `/var/data.db` |
//! | `sqlite://`, `sqlite::memory:`, `sqlite://:memory:` | a database in memory, one for each driver |
//! | `sqlite://name?mode=memory` | a database in memory that all drivers of this name in the process share |
//!
//! `%3F` in a path is `?`, and so on.
//!
//! | option | values | default |
//! | --- | --- | --- |
//! | `mode` | `ro`, `rw`, `rwc` (creates the file), `memory` | `rw` |
//! | `transaction` | `deferred`, `immediate`, `exclusive` | `deferred` |
//! | `busy_timeout` | milliseconds, or `5s`: how long to wait for a lock | `5s` |
//! | `foreign_keys` | `on`, `off` | `on` |
//! | `journal_mode` | `delete`, `truncate`, `persist`, `memory`, `wal`, `off` | `wal` for files that are written |
//! | `synchronous` | `off`, `normal`, `full`, `extra` | `normal` with the default journal, else SQLite's own |
//! | `cache` | `private`, `shared` | `private` |
//! | `immutable` | `true`, `false`: nobody changes the file | `false` |
//! | `vfs` | the name of a VFS | the system's |
//! | `reader` | `direct`, `sqlx`: who calls SQLite, see below | `direct` |
//!
//! With the default journal a commit survives a crash of the program, and the last ones may be lost with the power
//! (`synchronous=full` waits for the disk each time); the file is whole in either case. `cache=shared` is SQLite's own
//! and not advised: its connections wait for each other without `busy_timeout`.
//!
//! # Transactions
//!
//! `BEGIN` is deferred: a transaction that only reads locks nobody out, and the first write takes the one write lock,
//! waiting for it up to `busy_timeout`. But a transaction that has *read* cannot wait: when someone else has written
//! meanwhile, what it read is old, and SQLite refuses its first write at once. That is an
//! [`Error::Serialization`] or an [`Error::Timeout`], and
//! `is_retryable()`. A program whose transactions mostly read and then write has fewer of them with
//! `?transaction=immediate`, which takes the write lock at BEGIN, and so one transaction at a time, readers too.
//!
//! Every transaction is serializable, which gives at least what each weaker level of isolation asks for: all are
//! accepted, and none changes anything. A transaction that may only read has `PRAGMA query_only`, and begins deferred.
//! There are no two-phase transactions.
//!
//! Some errors make SQLite roll the whole transaction back by itself: a full disk, `ON CONFLICT ROLLBACK`, a write that
//! runs past its time limit. Whatever comes next would be committed one by one, so everything but a rollback is refused
//! then ([`StatementKind::FailedTransaction`](orm_core::StatementKind::FailedTransaction)).
//!
//! A connection that is dropped in a transaction is rolled back before anyone else gets it. One whose SQL text has
//! changed the connection itself (`PRAGMA`, `ATTACH`, `CREATE TEMP TABLE`) is closed when it is dropped; what all
//! connections need is [`DriverOptions::setup`].
//!
//! # Threads
//!
//! SQLite works on the thread that calls it. With `reader=direct` a statement goes to one that may block, and its rows
//! come back by the thousand; rows are only read ahead as far as one batch. It stays where it is asked for if it was done
//! in less than a tenth of a millisecond before: a query, which is stopped and begun again elsewhere should it take
//! longer this time or find a lock, or a write without a loop in a transaction that has the write lock.
//!
//! With `reader=sqlx` every statement goes to the connection's own thread and each row comes back by itself, which
//! takes several times as long. It is there for comparison, and for `cache=shared`, where only sqlx knows how to wait.
//!
//! A query whose future or rows are dropped is stopped. A write goes on to its end, for stopping it would undo its
//! transaction. The wait for a lock is not interrupted, but a statement's time limit shortens it.
//!
//! # Databases in memory
//!
//! They live in SQLite's `memdb` VFS and as long as their driver, which keeps one connection to them apart from the
//! pool. There is no WAL there: a transaction that has written locks out those who read, until it ends, and waits with
//! its COMMIT for those who are reading. `ATTACH 'data.db'` attaches another database in memory there; a file is
//! `ATTACH 'file:data.db?vfs=unix'`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use orm_core::driver::{BoxFuture, Driver, DriverConnection, DriverOptions};
use orm_core::reflect::Reflect;
use orm_core::{Error, Result};
use orm_query::Dialect;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, OnceCell};

use self::connection::SqliteConnection;
use self::url::Location;
pub(super) use self::url::Url;
use super::reflect::SqliteReflect;
use super::types::collation;
use super::{Sqlite, errors};

mod arguments;
mod connection;
mod control;
mod direct;
mod plain;
mod row;
mod state;
mod url;

/// How many rows a connection's thread reads ahead: more wake the reader less often, and hold more memory.
const ROWS_AHEAD: usize = 128;

/// A SQLite database.
#[derive(Debug)]
pub struct SqliteDriver {
    url: Url,
    options: DriverOptions,
    /// How connections are opened; known when the journal is.
    connect: OnceCell<SqliteConnectOptions>,
    /// Keeps a database in memory alive while there is no other connection.
    keeper: Mutex<Option<sqlx::SqliteConnection>>,
}

impl SqliteDriver {
    /// A driver for the database of a URL. Nothing is opened before the first connection is asked for.
    ///
    /// # Errors
    /// [`Error::Url`] where the URL is not one of SQLite's, or has an option that it does not know.
    pub fn new(url: &str, options: DriverOptions) -> Result<SqliteDriver> {
        let url = Url::parse(url)?;
        Ok(SqliteDriver { url, options, connect: OnceCell::new(), keeper: Mutex::new(None) })
    }

    async fn open(&self) -> Result<SqliteConnectOptions> {
        let options = connect_options(&self.url, &self.options);
        match &self.url.location {
            Location::Memory { .. } => {
                let keeper = options.connect().await;
                *self.keeper.lock().await = Some(keeper.map_err(|e| self.connect_error(e))?);
                Ok(options)
            }
            Location::File { .. } if self.url.wants_wal() => self.switch_to_wal(options).await,
            Location::File { .. } => Ok(options),
        }
    }

    /// The journal's mode is the file's own and stays; switching needs the file alone, and SQLite does not wait for that.
    async fn switch_to_wal(&self, options: SqliteConnectOptions) -> Result<SqliteConnectOptions> {
        let mut connection = options.connect().await.map_err(|e| self.connect_error(e))?;
        let start = Instant::now();
        let mode = loop {
            let switched = sqlx::query_scalar("PRAGMA journal_mode = WAL").fetch_one(&mut connection).await;
            match switched {
                Ok(mode) => break mode,
                Err(error) if errors::is_busy(&error) && start.elapsed() < self.url.busy_timeout => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(error) if errors::is_busy(&error) => break String::from("busy"),
                Err(error) => return Err(self.connect_error(error)),
            }
        };
        // The mode is in the file by now.
        _ = connection.close().await;
        if mode.eq_ignore_ascii_case("wal") || self.url.synchronous.is_some() {
            return Ok(options);
        }
        // `synchronous = NORMAL` is safe with WAL only.
        tracing::warn!(database = %self.url, mode, "the journal cannot be switched to WAL");
        Ok(options.pragma("synchronous", "FULL"))
    }

    async fn connect(&self) -> Result<Box<dyn DriverConnection>> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::Connection { message: "the driver needs a Tokio runtime".into() });
        }
        let options = self.connect.get_or_try_init(|| self.open()).await?;
        let raw = options.connect().await.map_err(|e| self.connect_error(e))?;
        let capacity = self.options.statement_cache_capacity;
        let (begin, read_only) = (self.url.transaction.begin(), self.options.read_only);
        let mut connection = SqliteConnection::new(raw, self.url.reader(), capacity, begin, read_only);
        connection.set_up(&self.options.setup).await?;
        Ok(Box::new(connection))
    }

    fn connect_error(&self, error: sqlx::Error) -> Error {
        errors::connect(error, &self.url)
    }
}

impl Driver for SqliteDriver {
    fn dialect(&self) -> &dyn Dialect {
        &Sqlite
    }

    fn connect(&self) -> BoxFuture<'_, Result<Box<dyn DriverConnection>>> {
        Box::pin(self.connect())
    }

    fn reflect(&self) -> &'static dyn Reflect {
        &SqliteReflect
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(keeper) = self.keeper.lock().await.take() {
                // It has nothing to lose, and no one to tell.
                _ = keeper.close().await;
            }
        })
    }
}

fn connect_options(url: &Url, options: &DriverOptions) -> SqliteConnectOptions {
    let mut connect = SqliteConnectOptions::new()
        .busy_timeout(url.busy_timeout)
        .foreign_keys(url.foreign_keys)
        .statement_cache_capacity(options.statement_cache_capacity)
        .row_buffer_size(ROWS_AHEAD)
        .thread_name(|id| format!("orm-sqlite-{id}"))
        .collation("decimal", collation::decimal)
        .with_regexp()
        // `orm-core` tells what it runs.
        .disable_statement_logging();
    connect = match &url.location {
        Location::Memory { name } => {
            // A name that starts with a slash is shared by the whole process.
            let name = match name {
                Some(name) => format!("/orm-named/{name}"),
                None => {
                    static NUMBER: AtomicU64 = AtomicU64::new(0);
                    format!("/orm-memory/{}", NUMBER.fetch_add(1, Ordering::Relaxed))
                }
            };
            connect.filename(name).vfs("memdb").create_if_missing(true)
        }
        Location::File { path, mode } => {
            connect = connect
                .filename(path)
                .read_only(mode.is_read_only())
                .create_if_missing(url.is_created())
                .shared_cache(url.shared_cache)
                .immutable(url.immutable);
            match &url.vfs {
                Some(vfs) => connect.vfs(vfs.clone()),
                None => connect,
            }
        }
    };
    if let Some(mode) = url.journal_mode {
        connect = connect.pragma("journal_mode", mode);
    }
    match url.synchronous {
        Some(level) => connect.pragma("synchronous", level),
        None if url.wants_wal() => connect.pragma("synchronous", "NORMAL"),
        None => connect,
    }
}
