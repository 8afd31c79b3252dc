use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use orm_core::driver::{BoxFuture, Cursor, DriverConnection, TransactionOptions};
use orm_core::{Error, Result};
use orm_query::{Compiled, ExecutionOptions};
use sqlx::Connection as _;

use super::control::{Control, STEPS_BETWEEN};
use super::direct::{DirectCursor, Link};
use super::plain::PlainCursor;
use super::state::{Kind, State};
use super::url::Reader;
use crate::sqlite::{NAME, errors};

/// A connection.
///
/// sqlx's own `Transaction` is not used: it borrows, and its savepoints are nested borrows. A statement whose future is
/// dropped comes to its end before the next one begins; so a ROLLBACK that comes later finds whatever it began.
pub(super) struct SqliteConnection {
    /// Only ever taken by `get_mut`: the mutex is what makes a connection `Sync`.
    link: Mutex<Link>,
    state: State,
    reader: Reader,
    begin: &'static str,
    /// What `PRAGMA query_only` is, and what it is outside of transactions.
    query_only: bool,
    read_only: bool,
}

impl SqliteConnection {
    pub(super) fn new(
        raw: sqlx::SqliteConnection,
        reader: Reader,
        cache_capacity: usize,
        begin: &'static str,
        read_only: bool,
    ) -> Self {
        SqliteConnection {
            link: Mutex::new(Link::Plain(Box::new(raw))),
            state: State::new(Arc::new(Control::new()), cache_capacity),
            reader,
            begin,
            query_only: false,
            read_only,
        }
    }

    /// Runs what a new connection is to run.
    pub(super) async fn set_up(&mut self, setup: &[String]) -> Result<()> {
        if self.reader == Reader::Sqlx {
            let Link::Plain(raw) = own(&mut self.link) else {
                return Ok(());
            };
            let asked = Arc::clone(&self.state.control);
            let mut handle = raw.lock_handle().await.map_err(errors::classify)?;
            handle.set_progress_handler(STEPS_BETWEEN, move || asked.goes_on());
        }
        for sql in setup {
            self.send(sql, Kind::Setup).await?;
        }
        self.accept();
        self.set_query_only(self.read_only).await
    }

    /// What was changed so far is as it shall be.
    fn accept(&mut self) {
        self.state.changed = false;
        if let Link::Here(direct) = own(&mut self.link) {
            direct.look_at_busy_timeout();
        }
    }

    fn cursor(
        &mut self,
        statement: &Compiled,
        options: &ExecutionOptions,
        kind: Kind,
        keeps_rows: bool,
    ) -> AnyCursor<'_> {
        let link = own(&mut self.link);
        match (self.reader, link) {
            (Reader::Sqlx, Link::Plain(raw)) => {
                AnyCursor::Plain(PlainCursor::new(raw, &mut self.state, statement, options, kind))
            }
            (_, link) => AnyCursor::Direct(DirectCursor::new(
                link,
                &mut self.state,
                statement,
                options,
                kind,
                keeps_rows,
            )),
        }
    }

    async fn send(&mut self, sql: &str, kind: Kind) -> Result<()> {
        let statement = Compiled { sql: sql.into(), binds: Vec::new() };
        self.cursor(&statement, &ExecutionOptions::new(), kind, false).run().await.map(drop)
    }

    async fn set_query_only(&mut self, query_only: bool) -> Result<()> {
        if self.query_only == query_only {
            return Ok(());
        }
        // Before it is sent: what was dropped half-way may be done.
        self.query_only = !self.read_only;
        let sql = if query_only { "PRAGMA query_only = ON" } else { "PRAGMA query_only = OFF" };
        self.send(sql, Kind::Begin).await?;
        self.query_only = query_only;
        Ok(())
    }

    /// Rolls back, if there is something to roll back: some errors make SQLite do it by itself.
    async fn roll_back(&mut self) -> Result<()> {
        match self.send("ROLLBACK", Kind::End).await {
            Err(error) if !errors::is_no_transaction(&error) => return Err(error),
            _ => {}
        }
        self.state.in_transaction = false;
        self.state.is_doubtful = false;
        self.state.begun_by_text = false;
        self.set_query_only(self.read_only).await
    }

    /// The connection with sqlx, where nothing is under way.
    async fn plain(&mut self) -> Result<&mut sqlx::SqliteConnection> {
        let link = own(&mut self.link);
        if !matches!(link, Link::Plain(_)) {
            link.settle(&mut self.state).await?;
            link.unlock();
        }
        match link {
            Link::Plain(raw) => Ok(raw),
            _ => Err(Error::Connection { message: "the connection was lost".into() }),
        }
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
        Box::pin(self.cursor(statement, options, Kind::User, false).run())
    }

    fn fetch<'c>(&'c mut self, statement: &Compiled, options: &ExecutionOptions) -> Box<dyn Cursor + 'c> {
        self.cursor(statement, options, Kind::User, true).into_box()
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
            let begun = self.send(if read_only { "BEGIN" } else { self.begin }, Kind::Begin).await;
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
            self.send("COMMIT", Kind::Inside).await?;
            self.state.in_transaction = false;
            self.set_query_only(self.read_only).await
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.roll_back())
    }

    fn savepoint(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { self.send(&format!("SAVEPOINT sp_{number}"), Kind::Savepoint).await })
    }

    fn release(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { self.send(&format!("RELEASE sp_{number}"), Kind::Inside).await })
    }

    fn rollback_to(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.send(&format!("ROLLBACK TO sp_{number}"), Kind::Inside).await?;
            // ROLLBACK TO alone keeps the savepoint.
            self.send(&format!("RELEASE sp_{number}"), Kind::Inside).await
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
        !(open || state.changed || state.lost || self.query_only != self.read_only)
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
            let answer = match self.reader {
                Reader::Sqlx => self.plain().await?.ping().await.map_err(errors::classify),
                // There is no server; whatever was under way has come to its end.
                Reader::Direct => own(&mut self.link).settle(&mut self.state).await.map(drop),
            };
            self.state.lost |= answer.is_err();
            answer
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let mut connection = *self;
            connection.state.control.cancel();
            if let Err(error) = connection.plain().await.map(drop) {
                tracing::debug!(%error, "a connection was not closed in order");
            }
            if let Link::Plain(raw) = std::mem::replace(own(&mut connection.link), Link::Lost)
                && let Err(error) = raw.close().await
            {
                tracing::debug!(%error, "a connection was not closed in order");
            }
        })
    }

    fn clear_statement_cache(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            match own(&mut self.link) {
                Link::Plain(raw) => raw.clear_cached_statements().await.map_err(errors::classify),
                link => {
                    link.settle(&mut self.state).await?.clear_cache();
                    Ok(())
                }
            }
        })
    }

    fn keep_changes(&mut self) {
        self.accept();
    }

    fn raw(&mut self) -> BoxFuture<'_, Result<&mut (dyn Any + Send)>> {
        Box::pin(async {
            self.state.changed = true;
            let raw = self.plain().await?;
            // What was dropped half-way is answered first.
            raw.ping().await.map_err(errors::classify)?;
            Ok(raw as &mut (dyn Any + Send))
        })
    }
}

impl Drop for SqliteConnection {
    fn drop(&mut self) {
        // A thread that still has the connection gives it up.
        self.state.control.cancel();
    }
}

fn own(link: &mut Mutex<Link>) -> &mut Link {
    link.get_mut().unwrap_or_else(PoisonError::into_inner)
}

/// A statement by either way.
enum AnyCursor<'c> {
    Plain(PlainCursor<'c>),
    Direct(DirectCursor<'c>),
}

impl<'c> AnyCursor<'c> {
    async fn run(self) -> Result<u64> {
        match self {
            AnyCursor::Plain(cursor) => cursor.run().await,
            AnyCursor::Direct(cursor) => cursor.run().await,
        }
    }

    fn into_box(self) -> Box<dyn Cursor + 'c> {
        match self {
            AnyCursor::Plain(cursor) => Box::new(cursor),
            AnyCursor::Direct(cursor) => Box::new(cursor),
        }
    }
}
