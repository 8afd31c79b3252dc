//! The seam to a database: what a driver must do. Names no database.
//!
//! A driver owns its pool. Everything here is object-safe, so that engines, connections and sessions have no type
//! parameter for the database.

use std::pin::Pin;
use std::task::{Context, Poll};

use orm_query::{Compiled, Dialect, Row};

use crate::Result;

/// A future that borrows its connection.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A database, its dialect and its pool of connections.
pub trait Driver: Send + Sync + std::fmt::Debug + 'static {
    /// How this database says a statement.
    fn dialect(&self) -> &dyn Dialect;
    /// Takes a connection out of the pool, opening one where needed. The first call is the first I/O.
    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn DriverConnection>>>;
    /// How the pool is used now.
    fn pool_status(&self) -> PoolStatus;
    /// Waits until every connection has come back, and closes them.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// The state of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PoolStatus {
    /// The connections that are open.
    pub open: usize,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// The most that may be open.
    pub max: usize,
}

/// How a connection was opened or how the driver is set up, apart from its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverOptions {
    /// The most connections of the pool.
    pub max_connections: u32,
    /// How long to wait for a connection of the pool.
    pub acquire_timeout: std::time::Duration,
    /// How many prepared statements each connection keeps.
    pub statement_cache_capacity: usize,
}

impl Default for DriverOptions {
    fn default() -> Self {
        DriverOptions {
            max_connections: 10,
            acquire_timeout: std::time::Duration::from_secs(30),
            statement_cache_capacity: 100,
        }
    }
}

/// A connection that was taken out of the pool; it goes back when it is dropped.
///
/// A driver MUST, when a connection is dropped inside a transaction, or while one of its futures is unfinished, roll
/// back before anyone else gets the connection, or close it. It MUST set its own mark of an open transaction before
/// it sends BEGIN, so that a future dropped in the middle of BEGIN is rolled back too.
pub trait DriverConnection: Send + Sync {
    /// Runs a statement that gives no rows, or whose rows do not matter; the number of rows it changed.
    fn execute<'c>(&'c mut self, statement: &'c Compiled) -> BoxFuture<'c, Result<u64>>;
    /// Runs a statement and gives its rows, one after the other. The cursor keeps what it needs of the statement.
    fn fetch<'c>(&'c mut self, statement: &Compiled) -> Box<dyn Cursor + 'c>;
    /// Starts a transaction.
    fn begin(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Commits it. A failed COMMIT leaves the transaction open where the database does.
    fn commit(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Rolls it back.
    fn rollback(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Sets the savepoint `sp_{number}`.
    fn savepoint(&mut self, number: u32) -> BoxFuture<'_, Result<()>>;
    /// Forgets the savepoint and keeps what was done since.
    fn release(&mut self, number: u32) -> BoxFuture<'_, Result<()>>;
    /// Undoes what was done since the savepoint, and forgets it.
    fn rollback_to(&mut self, number: u32) -> BoxFuture<'_, Result<()>>;
    /// Whether a transaction is open.
    fn in_transaction(&self) -> bool;
    /// Forgets prepared statements, whose plans DDL may have made stale.
    fn clear_statement_cache(&mut self) -> BoxFuture<'_, Result<()>>;
}

/// The rows of a running statement. Dropping it abandons the rest.
pub trait Cursor: Send {
    /// Moves to the next row; `false` after the last one. The first call runs the statement.
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>>;
    /// The row that the cursor stands on.
    ///
    /// # Panics
    /// Before the first `poll_advance` that gave `true`, and after one that did not.
    fn row(&self) -> &dyn Row;
}

impl dyn Cursor + '_ {
    /// Moves to the next row and gives it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self) -> Result<Option<&(dyn Row + '_)>> {
        if std::future::poll_fn(|cx| self.poll_advance(cx)).await? { Ok(Some(self.row())) } else { Ok(None) }
    }
}
