use std::sync::Arc;

use orm_core::driver::{BoxFuture, Cursor, DriverConnection};
use orm_core::{Error, Result};
use orm_query::Compiled;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Connection};
use tokio::runtime::Handle;

use super::arguments::arguments;
use super::cursor::SqliteCursor;
use super::rows::Rows;
use crate::sqlite::errors;

/// A connection out of the pool.
///
/// sqlx's own `Transaction` is not used: it borrows, and its savepoints are nested borrows. A future that is dropped
/// leaves its statement to the connection's thread, which runs what it is sent in order; so a ROLLBACK that comes
/// later finds whatever the dropped future began.
pub(super) struct SqliteConnection {
    pooled: Pooled,
    begin: &'static str,
    in_transaction: bool,
    /// The user's own SQL has begun something.
    begun_by_text: bool,
    /// The user's own SQL has changed the connection itself, which is nobody else's then.
    changed_by_text: bool,
}

impl SqliteConnection {
    pub(super) fn new(connection: PoolConnection<sqlx::Sqlite>, begin: &'static str) -> Self {
        let pooled = Pooled(Some(connection));
        SqliteConnection {
            pooled,
            begin,
            in_transaction: false,
            begun_by_text: false,
            changed_by_text: false,
        }
    }

    fn connection(&mut self) -> Result<&mut sqlx::SqliteConnection> {
        self.pooled.connection()
    }

    async fn send(&mut self, sql: impl Into<Arc<str>>) -> Result<()> {
        self.pooled.send(sql.into()).await
    }

    fn rows(&mut self, statement: &Compiled) -> Result<Rows<'_>> {
        let (found, arguments) = arguments(statement)?;
        self.begun_by_text |= found.begins;
        self.changed_by_text |= found.lasts;
        Ok(Rows::new(self.connection()?, statement, found, arguments))
    }
}

impl DriverConnection for SqliteConnection {
    fn execute<'c>(&'c mut self, statement: &'c Compiled) -> BoxFuture<'c, Result<u64>> {
        Box::pin(async { self.rows(statement)?.run().await })
    }

    fn fetch<'c>(&'c mut self, statement: &Compiled) -> Box<dyn Cursor + 'c> {
        Box::new(SqliteCursor::new(self.rows(statement)))
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            if std::mem::replace(&mut self.in_transaction, true) {
                // A `begin` or `commit` was dropped half way, or the caller has lost count.
                self.pooled.roll_back().await?;
            }
            let begun = self.send(self.begin).await;
            self.in_transaction = begun.is_ok();
            begun
        })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            // When it fails, the transaction is still open: the caller rolls back, or tries again.
            self.send("COMMIT").await?;
            self.in_transaction = false;
            Ok(())
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            self.pooled.roll_back().await?;
            self.in_transaction = false;
            self.begun_by_text = false;
            Ok(())
        })
    }

    fn savepoint(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.send(format!("SAVEPOINT sp_{number}")))
    }

    fn release(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.send(format!("RELEASE sp_{number}")))
    }

    fn rollback_to(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.send(format!("ROLLBACK TO sp_{number}")).await?;
            // ROLLBACK TO alone keeps the savepoint.
            self.send(format!("RELEASE sp_{number}")).await
        })
    }

    fn in_transaction(&self) -> bool {
        self.in_transaction
    }

    fn clear_statement_cache(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { self.connection()?.clear_cached_statements().await.map_err(errors::classify) })
    }
}

impl Drop for SqliteConnection {
    fn drop(&mut self) {
        // The pool panics where there is no runtime; `Pooled` then closes the connection, which rolls it back.
        let Ok(runtime) = Handle::try_current() else { return };
        if self.changed_by_text {
            return;
        }
        let mut pooled = Pooled(self.pooled.0.take());
        if !(self.in_transaction || self.begun_by_text) {
            pooled.give_back();
            return;
        }
        runtime.spawn(async move {
            match pooled.roll_back().await {
                Ok(()) => pooled.give_back(),
                Err(error) => {
                    tracing::warn!(%error, "a connection is closed because it cannot be rolled back")
                }
            }
        });
    }
}

/// A connection that is closed when it is dropped, unless it was given back.
struct Pooled(Option<PoolConnection<sqlx::Sqlite>>);

impl Pooled {
    fn connection(&mut self) -> Result<&mut sqlx::SqliteConnection> {
        let pooled = self.0.as_deref_mut();
        pooled.ok_or_else(|| Error::Connection { message: "the connection was given back".into() })
    }

    async fn send(&mut self, sql: Arc<str>) -> Result<()> {
        let arguments = SqliteArguments::default();
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
        query.execute(self.connection()?).await.map(drop).map_err(errors::classify)
    }

    /// Rolls back, if there is something to roll back: some errors make SQLite do it by itself.
    async fn roll_back(&mut self) -> Result<()> {
        let query = sqlx::query("ROLLBACK").execute(self.connection()?).await;
        match query {
            Err(error) if !errors::is_no_transaction(&error) => Err(errors::classify(error)),
            _ => Ok(()),
        }
    }

    fn give_back(&mut self) {
        drop(self.0.take());
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}
