use std::any::Any;
use std::sync::Arc;

use orm_core::driver::{BoxFuture, Cursor, DriverConnection, TransactionOptions};
use orm_core::{Error, Result, TimeoutKind};
use orm_query::{Compiled, ExecutionOptions};
use sqlx::Connection as _;

use super::control::Control;
use super::cursor::SqliteCursor;
use crate::sqlite::{NAME, errors};

/// A connection, which has a thread of its own.
///
/// sqlx's own `Transaction` is not used: it borrows, and its savepoints are nested borrows. A future that is dropped
/// leaves its statement to the connection's thread, which runs what it is sent in order; so a ROLLBACK that comes
/// later finds whatever the dropped future began.
pub(super) struct SqliteConnection {
    raw: Box<sqlx::SqliteConnection>,
    state: State,
    begin: &'static str,
    /// What `PRAGMA query_only` is outside of transactions.
    read_only: bool,
}

/// What is known of the connection without asking it.
pub(super) struct State {
    pub(super) control: Arc<Control>,
    in_transaction: bool,
    /// The user's own SQL has begun something.
    pub(super) begun_by_text: bool,
    /// The user has changed the connection itself, which is nobody else's then.
    pub(super) changed: bool,
    /// A future was dropped half-way, if none is running.
    pub(super) unfinished: bool,
    query_only: bool,
    lost: bool,
}

impl State {
    /// The error of a statement, as it is told.
    pub(super) fn failed(&mut self, error: Error, options: &ExecutionOptions) -> Error {
        self.lost |= error.is_disconnect();
        match (error, options.timeout) {
            (Error::Timeout { what: TimeoutKind::Statement, statement, .. }, Some(limit)) => {
                let message = format!("it ran for more than {limit:?}");
                Error::Timeout { what: TimeoutKind::Statement, message, statement }
            }
            (error, _) => error,
        }
    }
}

impl SqliteConnection {
    pub(super) fn new(
        raw: sqlx::SqliteConnection,
        control: Arc<Control>,
        begin: &'static str,
        read_only: bool,
    ) -> Self {
        let state = State {
            control,
            in_transaction: false,
            begun_by_text: false,
            changed: false,
            unfinished: false,
            query_only: false,
            lost: false,
        };
        SqliteConnection { raw: Box::new(raw), state, begin, read_only }
    }

    /// Runs what a new connection is to run.
    pub(super) async fn set_up(&mut self, setup: &[String]) -> Result<()> {
        for sql in setup {
            self.send(sql).await?;
        }
        self.set_query_only(self.read_only).await
    }

    async fn send(&mut self, sql: &str) -> Result<()> {
        let statement = Compiled { sql: sql.into(), binds: Vec::new() };
        let options = ExecutionOptions::new();
        SqliteCursor::own(&mut self.raw, &mut self.state, &statement, &options).run().await.map(drop)
    }

    async fn set_query_only(&mut self, query_only: bool) -> Result<()> {
        if self.state.query_only == query_only {
            return Ok(());
        }
        // Before it is sent: what was dropped half-way may be done.
        self.state.query_only = !self.read_only;
        self.send(if query_only { "PRAGMA query_only = ON" } else { "PRAGMA query_only = OFF" }).await?;
        self.state.query_only = query_only;
        Ok(())
    }

    /// Rolls back, if there is something to roll back: some errors make SQLite do it by itself.
    async fn roll_back(&mut self) -> Result<()> {
        match self.send("ROLLBACK").await {
            Err(error) if !errors::is_no_transaction(&error) => return Err(error),
            _ => {}
        }
        self.state.in_transaction = false;
        self.state.begun_by_text = false;
        self.set_query_only(self.read_only).await
    }

    fn refuse_two_phase<'c, T: Send + 'c>(&self) -> BoxFuture<'c, Result<T>> {
        Box::pin(std::future::ready(Err(Error::Unsupported {
            dialect: NAME,
            feature: "two-phase transactions",
            hint: Some("commit without preparing"),
        })))
    }
}

impl DriverConnection for SqliteConnection {
    fn execute<'c>(
        &'c mut self,
        statement: &'c Compiled,
        options: &'c ExecutionOptions,
    ) -> BoxFuture<'c, Result<u64>> {
        Box::pin(SqliteCursor::new(&mut self.raw, &mut self.state, statement, options).run())
    }

    fn fetch<'c>(&'c mut self, statement: &Compiled, options: &ExecutionOptions) -> Box<dyn Cursor + 'c> {
        Box::new(SqliteCursor::new(&mut self.raw, &mut self.state, statement, options))
    }

    fn begin<'c>(&'c mut self, options: &'c TransactionOptions) -> BoxFuture<'c, Result<()>> {
        Box::pin(async {
            if std::mem::replace(&mut self.state.in_transaction, true) {
                // A `begin` or `commit` was dropped half-way, or the caller has lost count.
                self.roll_back().await?;
                self.state.in_transaction = true;
            }
            // Every transaction is serializable, which is all that any level asks for.
            let read_only = options.read_only.unwrap_or(self.read_only);
            self.set_query_only(read_only).await?;
            // A lock to write with would be refused.
            let begun = self.send(if read_only { "BEGIN" } else { self.begin }).await;
            if begun.is_err() {
                self.state.in_transaction = false;
                self.set_query_only(self.read_only).await?;
            }
            begun
        })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            // When it fails, the transaction is still open: the caller rolls back, or tries again.
            self.send("COMMIT").await?;
            self.state.in_transaction = false;
            self.set_query_only(self.read_only).await
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.roll_back())
    }

    fn savepoint(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { self.send(&format!("SAVEPOINT sp_{number}")).await })
    }

    fn release(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { self.send(&format!("RELEASE sp_{number}")).await })
    }

    fn rollback_to(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.send(&format!("ROLLBACK TO sp_{number}")).await?;
            // ROLLBACK TO alone keeps the savepoint.
            self.send(&format!("RELEASE sp_{number}")).await
        })
    }

    fn in_transaction(&self) -> bool {
        self.state.in_transaction
    }

    fn begin_two_phase<'c>(&'c mut self, _: &'c str) -> BoxFuture<'c, Result<()>> {
        self.refuse_two_phase()
    }

    fn prepare_two_phase<'c>(&'c mut self, _: &'c str) -> BoxFuture<'c, Result<()>> {
        self.refuse_two_phase()
    }

    fn commit_prepared<'c>(&'c mut self, _: &'c str) -> BoxFuture<'c, Result<()>> {
        self.refuse_two_phase()
    }

    fn rollback_prepared<'c>(&'c mut self, _: &'c str) -> BoxFuture<'c, Result<()>> {
        self.refuse_two_phase()
    }

    fn prepared_transactions(&mut self) -> BoxFuture<'_, Result<Vec<String>>> {
        self.refuse_two_phase()
    }

    fn is_clean(&self) -> bool {
        let state = &self.state;
        let open = state.in_transaction || state.begun_by_text || state.unfinished;
        !(open || state.changed || state.lost || state.query_only != self.read_only)
    }

    fn is_broken(&self) -> bool {
        self.state.lost
    }

    fn reset(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            if self.state.changed {
                let message = "the connection itself was changed by SQL text, or by `raw`";
                return Err(Error::Connection { message: message.into() });
            }
            self.state.control.cancel();
            self.roll_back().await
        })
    }

    fn ping(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            let answer = self.raw.ping().await.map_err(errors::classify);
            self.state.lost |= answer.is_err();
            answer
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            self.state.control.cancel();
            if let Err(error) = self.raw.close().await {
                tracing::debug!(%error, "a connection was not closed in order");
            }
        })
    }

    fn clear_statement_cache(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.raw.clear_cached_statements().await.map_err(errors::classify) })
    }

    fn raw(&mut self) -> BoxFuture<'_, Result<&mut (dyn Any + Send)>> {
        Box::pin(async {
            self.ping().await?;
            self.state.changed = true;
            Ok(&mut *self.raw as &mut (dyn Any + Send))
        })
    }
}
