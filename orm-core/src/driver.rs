//! The seam to a database: what a driver must do. Names no database.
//!
//! A driver opens connections; the pool is the engine's own. Everything here is object-safe, so that engines,
//! connections and sessions have no type parameter for the database.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll};

use orm_query::{Compiled, Dialect, ExecutionOptions, IsolationLevel, Row};

use crate::Result;
use crate::reflect::Reflect;

/// A future that borrows its connection.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A database, and its dialect.
pub trait Driver: Send + Sync + std::fmt::Debug + 'static {
    /// How this database says a statement: after the first connection as its server's version says it.
    fn dialect(&self) -> &dyn Dialect;
    /// Opens a connection, set up as the options say.
    ///
    /// Dropped half-way, it leaves nothing behind.
    fn connect(&self) -> BoxFuture<'_, Result<Box<dyn DriverConnection>>>;
    /// How the schema is read back.
    fn reflect(&self) -> &'static dyn Reflect;
    /// Frees what the driver itself holds, once all connections are closed.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// How a driver's connections are set up, apart from its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DriverOptions {
    /// How many prepared statements each connection keeps.
    pub statement_cache_capacity: usize,
    /// SQL that each new connection runs, one statement each.
    pub setup: Vec<String>,
    /// The isolation of every transaction that does not say otherwise; the server's default where `None`.
    pub isolation: Option<IsolationLevel>,
    /// Whether every transaction may only read, if it does not say otherwise.
    pub read_only: bool,
}

impl Default for DriverOptions {
    fn default() -> Self {
        DriverOptions { statement_cache_capacity: 100, setup: Vec::new(), isolation: None, read_only: false }
    }
}

/// How a transaction begins; what is `None` is as the engine's builder, or else the server, has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TransactionOptions {
    /// What it may see of others.
    pub isolation: Option<IsolationLevel>,
    /// Whether it may only read.
    pub read_only: Option<bool>,
    /// Whether it waits at its begin until it can run without any serialization failure, where the database can.
    pub deferrable: bool,
    /// How often [`Engine::transaction_with`](crate::Engine::transaction_with) runs it again; no driver looks at it.
    pub retries: u32,
}

impl TransactionOptions {
    /// The defaults.
    pub const fn new() -> Self {
        TransactionOptions { isolation: None, read_only: None, deferrable: false, retries: 0 }
    }

    /// What it may see of others.
    #[must_use]
    pub const fn isolation(mut self, level: IsolationLevel) -> Self {
        self.isolation = Some(level);
        self
    }

    /// Whether it may only read.
    #[must_use]
    pub const fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = Some(read_only);
        self
    }

    /// Runs it again so many times when the database gave it up.
    #[must_use]
    pub const fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Waits at its begin until it can run without any serialization failure.
    #[must_use]
    pub const fn deferrable(mut self) -> Self {
        self.deferrable = true;
        self
    }
}

/// Keys that a database has counted up for several rows at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneratedKeys {
    /// That of the first row.
    pub first: u64,
    /// How much greater the next row's is.
    pub step: u64,
}

/// A connection to a database.
///
/// Any of its futures may be dropped half-way. A driver MUST then say `is_clean() == false`, and `reset` MUST bring the
/// connection back to where nothing of the dropped work is left, or fail. So it marks itself before it sends the
/// first byte and takes the mark back when the answer is complete. It is in a transaction from before BEGIN is sent.
pub trait DriverConnection: Send + Sync {
    /// Runs a statement that gives no rows, or whose rows do not matter; the number of rows it changed.
    fn execute<'c>(
        &'c mut self,
        statement: &'c Compiled,
        options: &'c ExecutionOptions,
    ) -> BoxFuture<'c, Result<u64>>;
    /// Runs a statement and gives its rows, one after the other. The cursor keeps what it needs of the statement.
    ///
    /// With `options.batch` the rows come from a cursor on the server, so many at a time, where the database has
    /// one and the connection is in a transaction.
    fn fetch<'c>(&'c mut self, statement: &Compiled, options: &ExecutionOptions) -> Box<dyn Cursor + 'c>;
    /// Starts a transaction.
    fn begin<'c>(&'c mut self, options: &'c TransactionOptions) -> BoxFuture<'c, Result<()>>;
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

    /// Starts a transaction that can be prepared under `id`.
    fn begin_two_phase<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>>;
    /// Ends the transaction's work and keeps it, prepared, until it is committed or rolled back by its id.
    fn prepare_two_phase<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>>;
    /// Commits a prepared transaction, of this connection or of one that is gone.
    fn commit_prepared<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>>;
    /// Rolls a prepared transaction back.
    fn rollback_prepared<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>>;
    /// The ids of the prepared transactions that wait on the server.
    fn prepared_transactions(&mut self) -> BoxFuture<'_, Result<Vec<String>>>;

    /// The keys that the database has counted up for the rows of the last INSERT, where it has no `RETURNING` to tell
    /// them by: those of one plain `VALUES`, in its order.
    fn generated_keys(&self) -> Option<GeneratedKeys> {
        None
    }

    /// What was changed on the connection until now is how it is to be: a program has set it up.
    fn keep_changes(&mut self) {}
    /// Whether nothing is open, unfinished or changed that the next user of the connection would meet.
    fn is_clean(&self) -> bool;
    /// Whether the connection is lost and can only be dropped.
    fn is_broken(&self) -> bool;
    /// Rolls back and clears whatever was left; an error where the connection is of no more use.
    fn reset(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Asks the server for an answer.
    fn ping(&mut self) -> BoxFuture<'_, Result<()>>;
    /// Says goodbye to the server.
    fn close(self: Box<Self>) -> BoxFuture<'static, ()>;
    /// Forgets prepared statements, whose plans DDL may have made stale.
    fn clear_statement_cache(&mut self) -> BoxFuture<'_, Result<()>>;
    /// The connection underneath, for what orm has no words for. What is done with it is the caller's own; the
    /// connection is reset before anyone else gets it.
    fn raw(&mut self) -> BoxFuture<'_, Result<&mut (dyn Any + Send)>>;
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
