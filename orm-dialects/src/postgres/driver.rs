//! The driver: PostgreSQL through sqlx.
//!
//! # URLs
//!
//! `postgres://user:password@host:port/database?option=value&…`, or `postgresql://…`. What is special in a URL is written
//! `%40` for `@`, and so on. The host may be a name, an address (IPv6 in brackets) or the directory of a socket
//! (`%2Frun%2Fpostgresql`). Several hosts stand between commas, and are tried in their order.
//!
//! | option | values | default |
//! | --- | --- | --- |
//! | `host`, `port` | the host or hosts, for those who have them apart | |
//! | `target_session_attrs` | `any`, `read-write`, `read-only`, `primary`, `standby`: servers that are something else are left out | `any` |
//! | `connect_timeout` | seconds for each host; 0 is no limit | `0` |
//! | `sslmode` | `disable`, `allow`, `prefer`, `require`, `verify-ca`, `verify-full` | `prefer` |
//! | `sslrootcert`, `sslcert`, `sslkey` | files in PEM: who is trusted; the client's certificate and its key | |
//! | `application_name` | the name in `pg_stat_activity` | |
//! | `statement_timeout` | milliseconds, or `5s`: how long any statement may take | the server's |
//! | `options` | `-c name=value …`: settings of the session | |
//!
//! Encryption needs the feature `tls`; without it `prefer` and `allow` connect in plain text, and those that insist are an
//! error. As with `psql`, what the URL does not say is taken from the environment: `PGHOST` (`PGHOSTADDR`), `PGPORT`,
//! `PGUSER`, `PGPASSWORD`, `PGDATABASE`, `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT`, `PGSSLKEY`, `PGAPPNAME`; the settings in
//! `PGOPTIONS` come before the URL's. `.pgpass` and service files are not read. The zone of a session is UTC.
//!
//! # Types
//!
//! A bind is sent in the binary format of its own type, never of its value's. Enums and HSTORE, whose numbers differ from
//! database to database, are sent without a type, which the server takes from where they stand. Types that orm does not
//! know are sent as text, for the statement to cast, and read where their binary form is text; others are cast in the
//! query (`location::text`).
//!
//! A value is read by the type that the server says it has. Integers of all widths, OIDs and NUMERICs without a fraction are
//! read as integers; a NUMERIC of at most 15 digits is a double; a double is an `f32` where that is the same number. NaN and
//! infinity are floats only: a NUMERIC, a date or an interval that is infinite is an error.
//!
//! # Transactions and futures that are dropped
//!
//! BEGIN with its options, COMMIT and savepoints are one round trip each. A COMMIT of a transaction that has failed is an
//! error, and the transaction is rolled back.
//!
//! A statement whose future or stream is dropped still runs to its end on the server, and its answer is read away before the
//! next one, 0.4 µs a row. Up to 1,000 rows that are there already are read away at once. Where there are more, or they are
//! waited for longer than 50 ms, another connection is opened in the place of this one, if no transaction is open; inside of
//! one there is no other way than to read. A stream that may be left early has a
//! [`batch`](orm_query::ExecutionOptions::batch): then the rows come from a cursor on the server, so many at a time.
//!
//! A connection is reset before the next user gets it: rolled back, and after text that has changed the session (`SET`,
//! temporary tables, advisory locks of the session), or after [`raw`](orm_core::Connection::raw), brought back to its start by
//! `DISCARD ALL` and the engine's own set-up. What a function changes is not seen.
//!
//! # Prepared statements
//!
//! A plan that a change of a table has made stale is prepared again; inside a transaction, which fails by it, that is an
//! [`Error::Serialization`](orm_core::Error::Serialization), and running the transaction again is all that is needed.

use std::sync::{Arc, OnceLock};

use orm_core::Result;
use orm_core::driver::{BoxFuture, Driver, DriverConnection, DriverOptions};
use orm_core::reflect::Reflect;
use orm_query::Dialect;

use self::connection::PostgresConnection;
use self::opener::Opener;
use super::Postgres;
use super::reflect::PostgresReflect;

pub use copy::{CopyIn, CopyOut, copy_in, copy_in_raw, copy_out_raw};
pub use listener::{Listener, Notification, notify};

mod arguments;
mod connection;
mod copy;
mod cursor;
mod listener;
mod opener;
mod row;
mod scan;
mod slot;
mod state;
mod statements;
mod url;
mod wire;

/// A PostgreSQL server, or several that stand in for each other.
#[derive(Debug)]
pub struct PostgresDriver {
    opener: Arc<Opener>,
    /// As the first server that answered says it.
    dialect: OnceLock<Postgres>,
}

impl PostgresDriver {
    /// A driver for the database of a URL. Nothing is opened before the first connection is asked for.
    ///
    /// # Errors
    /// [`Error::Url`](orm_core::Error::Url) where the URL is not one of PostgreSQL's, or has an option that it does not
    /// know; [`Error::Unsupported`](orm_core::Error::Unsupported) for an isolation that it does not have.
    pub fn new(url: &str, options: DriverOptions) -> Result<PostgresDriver> {
        let opener = Arc::new(Opener::new(url, options)?);
        Ok(PostgresDriver { opener, dialect: OnceLock::new() })
    }

    async fn open(&self) -> Result<Box<dyn DriverConnection>> {
        let opened = self.opener.open().await?;
        self.dialect.get_or_init(|| Postgres::new(opened.major_version));
        Ok(Box::new(PostgresConnection::new(opened.connection, self.opener.clone())))
    }
}

impl Driver for PostgresDriver {
    fn dialect(&self) -> &dyn Dialect {
        static BEFORE: OnceLock<Postgres> = OnceLock::new();
        self.dialect.get().unwrap_or_else(|| BEFORE.get_or_init(Postgres::default))
    }

    fn connect(&self) -> BoxFuture<'_, Result<Box<dyn DriverConnection>>> {
        Box::pin(self.open())
    }

    fn reflect(&self) -> &'static dyn Reflect {
        &PostgresReflect
    }
}
