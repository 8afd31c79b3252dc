use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use orm_core::driver::{BoxFuture, Cursor, DriverConnection, GeneratedKeys, TransactionOptions};
use orm_core::{Error, Result};
use orm_query::{CompileError, Compiled, ExecutionOptions};
use sqlx::mysql::MySqlArguments;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr, Statement};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::arguments::arguments;
use super::cursor::MySqlCursor;
use super::limit::Limit;
use super::rows::{Rows, Running};
use super::scan::{Kind, Scan, scan};
use super::session::Session;
use super::state::{Exchange, State, Status, Transaction, closed, cut_off, failed_transaction};
use super::transaction;
use crate::mysql::errors;

/// How long rows that nobody wants are read, before the connection is given up for a new one.
const DRAIN_LIMIT: Duration = Duration::from_millis(50);

/// A savepoint that is there as long as the transaction is.
const PROBE: &str = "orm_alive";

/// A connection to a server.
///
/// sqlx's own `Transaction` is not used: it borrows, and its savepoints are nested borrows.
pub(super) struct MySqlConnection {
    /// `None` after it was given up.
    pub(super) raw: Option<sqlx::MySqlConnection>,
    pub(super) state: State,
    pub(super) session: Arc<Session>,
}

impl MySqlConnection {
    pub(super) fn new(raw: sqlx::MySqlConnection, session: Session) -> Self {
        let state = State::new(session.dialect.flavor());
        MySqlConnection { raw: Some(raw), state, session: Arc::new(session) }
    }

    /// The connection and what is known of it, where something can be sent.
    fn parts(&mut self) -> Result<(&mut sqlx::MySqlConnection, &mut State)> {
        if self.state.exchange == Exchange::Running {
            return Err(cut_off());
        }
        Ok((self.raw.as_mut().ok_or_else(closed)?, &mut self.state))
    }

    /// Runs SQL of the driver's own.
    pub(super) async fn send(&mut self, sql: impl SqlSafeStr) -> Result<()> {
        let (raw, state) = self.parts()?;
        state.exchange = Exchange::Running;
        let sent = sqlx::raw_sql(sql).execute(raw).await;
        state.settle(sent).map(drop)
    }

    fn rows(&mut self, statement: &Compiled, options: &ExecutionOptions) -> Rows<'_> {
        self.prepare(statement, options).unwrap_or_else(Rows::Failed)
    }

    fn prepare<'c>(&'c mut self, statement: &Compiled, options: &ExecutionOptions) -> Result<Rows<'c>> {
        if statement.sql.contains('\0') {
            return Err(invalid("the SQL text has a NUL character".into()));
        }
        let found = scan(&statement.sql);
        let limit = Limit::new(&self.session.dialect, options.timeout, found.kind)?;
        let arguments = match found.is_prepared || !statement.binds.is_empty() {
            true => Some(arguments(&self.session.dialect, &self.session.types, statement)?),
            false => None,
        };
        let sql = limit.apply(&statement.sql);
        let is_counted = found.question_marks == statement.binds.len();
        if is_counted && !self.has_preliminaries(&found, &limit) {
            return Ok(Rows::Running(self.run(sql, arguments, &found)?));
        }
        let binds = statement.binds.len();
        Ok(Rows::Starting(Box::pin(async move {
            self.preliminaries(&found, &limit).await?;
            if arguments.is_some() && !is_counted {
                self.count(&sql, binds).await?;
            }
            self.run(sql, arguments, &found)
        })))
    }

    fn run(&mut self, sql: Arc<str>, arguments: Option<MySqlArguments>, found: &Scan) -> Result<Running<'_>> {
        let (raw, state) = self.parts()?;
        state.is_changed |= found.lasts;
        state.first_key = None;
        Ok(Running::new(raw, state, sql, arguments, found.kind == Kind::Write))
    }

    /// sqlx waits for ever after it has found that the number of binds is another one.
    async fn count(&mut self, sql: &Arc<str>, binds: usize) -> Result<()> {
        let (raw, state) = self.parts()?;
        state.exchange = Exchange::Running;
        let prepared = raw.prepare(AssertSqlSafe(sql.clone()).into_sql_str()).await;
        let prepared = state.settle(prepared)?;
        match prepared.parameters() {
            Some(sqlx::Either::Right(placeholders)) if placeholders != binds => {
                Err(invalid(format!("`{sql}` has {placeholders} placeholder(s) and {binds} bind(s)")))
            }
            _ => Ok(()),
        }
    }

    fn has_preliminaries(&self, found: &Scan, limit: &Limit) -> bool {
        limit.select_limit(&self.state).is_some()
            || self.state.transaction.as_ref().is_some_and(|transaction| {
                let may_end = matches!(found.kind, Kind::Ends | Kind::Changes);
                transaction.status != Status::Open || (may_end && transaction.two_phase.is_none())
            })
    }

    async fn preliminaries(&mut self, found: &Scan, limit: &Limit) -> Result<()> {
        self.make_sure().await?;
        if let Some(milliseconds) = limit.select_limit(&self.state) {
            self.send(AssertSqlSafe(format!("SET SESSION max_execution_time = {milliseconds}"))).await?;
            self.state.select_limit = milliseconds;
        }
        let is_plain = self.state.transaction.as_ref().is_some_and(|open| open.two_phase.is_none());
        if is_plain && matches!(found.kind, Kind::Ends | Kind::Changes) {
            self.send(AssertSqlSafe(format!("SAVEPOINT {PROBE}"))).await?;
            self.state.set_status(Status::Probed);
        }
        Ok(())
    }

    /// Finds out whether the transaction is still there, where it may not be.
    ///
    /// DDL commits what was done before it, as in every MySQL; what comes after it is in a transaction again, begun anew
    /// as the first one was.
    pub(super) async fn make_sure(&mut self) -> Result<()> {
        match self.state.status() {
            None | Some(Status::Open) => return Ok(()),
            Some(Status::Failed) => return Err(failed_transaction()),
            Some(Status::Probed) => {
                if !self.release_probe().await? {
                    let begin = self.state.transaction.as_ref().map(|transaction| transaction.begin.clone());
                    self.send(AssertSqlSafe(begin.unwrap_or_default())).await?;
                }
            }
            Some(Status::Doubtful) => {
                if self.rolls_back_on_timeout().await? {
                    self.state.set_status(Status::Failed);
                    return Err(failed_transaction());
                }
            }
        }
        self.state.set_status(Status::Open);
        Ok(())
    }

    async fn release_probe(&mut self) -> Result<bool> {
        let (raw, state) = self.parts()?;
        state.exchange = Exchange::Running;
        let released = sqlx::raw_sql(AssertSqlSafe(format!("RELEASE SAVEPOINT {PROBE}"))).execute(raw).await;
        match released {
            Err(error) if errors::number(&error) == Some(errors::number::DOES_NOT_EXIST) => {
                state.exchange = Exchange::Idle;
                Ok(false)
            }
            other => state.settle(other).map(|_| true),
        }
    }

    async fn rolls_back_on_timeout(&mut self) -> Result<bool> {
        let (raw, state) = self.parts()?;
        state.exchange = Exchange::Running;
        let told = sqlx::query_scalar::<_, i64>("SELECT @@innodb_rollback_on_timeout").fetch_one(raw).await;
        state.settle(told).map(|told| told != 0)
    }

    /// Drops the connection, and has the server end what it is doing for it.
    pub(super) async fn give_up(&mut self) {
        let is_running = self.state.exchange == Exchange::Running;
        self.cut();
        if is_running {
            self.session.kill().await;
        }
    }

    fn cut(&mut self) -> bool {
        let was_open = self.raw.take().is_some();
        self.state.is_broken = true;
        self.state.exchange = Exchange::Idle;
        self.state.forget_transaction();
        was_open
    }

    /// Rolls back, and reads what is left of an answer, if it is not too much.
    async fn clear(&mut self) -> Result<()> {
        let sql = match self.state.transaction.as_ref().and_then(|open| open.two_phase.as_deref()) {
            Some(id) => transaction::rollback_two_phase(id),
            None => "ROLLBACK".to_owned(),
        };
        if self.state.exchange == Exchange::Unread {
            match timeout(DRAIN_LIMIT, self.send(AssertSqlSafe(sql))).await {
                Ok(sent) => sent?,
                Err(_) => {
                    self.give_up().await;
                    return Ok(());
                }
            }
        } else {
            self.send(AssertSqlSafe(sql)).await?;
        }
        self.state.forget_transaction();
        Ok(())
    }

    async fn roll_back(&mut self) -> Result<()> {
        if self.state.exchange == Exchange::Running {
            self.give_up().await;
        }
        if self.state.is_broken || self.raw.is_none() {
            // The server rolls back what a lost connection has not committed.
            self.cut();
            return Ok(());
        }
        match self.clear().await {
            Err(_) if self.state.is_broken => {
                self.cut();
                Ok(())
            }
            cleared => cleared,
        }
    }
}

fn invalid(reason: String) -> Error {
    Error::Compile(CompileError::Invalid(reason))
}

impl DriverConnection for MySqlConnection {
    fn execute<'c>(
        &'c mut self,
        statement: &'c Compiled,
        options: &'c ExecutionOptions,
    ) -> BoxFuture<'c, Result<u64>> {
        Box::pin(async move { self.rows(statement, options).run().await })
    }

    fn fetch<'c>(&'c mut self, statement: &Compiled, options: &ExecutionOptions) -> Box<dyn Cursor + 'c> {
        Box::new(MySqlCursor::new(self.rows(statement, options)))
    }

    fn begin<'c>(&'c mut self, options: &'c TransactionOptions) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            let begin = transaction::begin(&self.session.dialect, options)?;
            if self.state.transaction.is_some() {
                // A `begin` or `commit` was dropped half way, or the caller has lost count.
                self.roll_back().await?;
            }
            self.start(begin, None).await
        })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            match self.state.status() {
                // Whatever a probed statement has done to the transaction, nothing came after it.
                None | Some(Status::Open | Status::Probed) => {}
                Some(Status::Doubtful | Status::Failed) => self.make_sure().await?,
            }
            let sql = match self.state.transaction.as_ref().and_then(|open| open.two_phase.as_deref()) {
                Some(id) => transaction::commit_one_phase(id),
                None => "COMMIT".to_owned(),
            };
            self.send(AssertSqlSafe(sql)).await?;
            self.state.forget_transaction();
            Ok(())
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.roll_back())
    }

    fn savepoint(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.make_sure().await?;
            self.send(AssertSqlSafe(format!("SAVEPOINT sp_{number}"))).await
        })
    }

    fn release(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.make_sure().await?;
            self.send(AssertSqlSafe(format!("RELEASE SAVEPOINT sp_{number}"))).await
        })
    }

    fn rollback_to(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            // ROLLBACK TO alone keeps the savepoint.
            let sql = format!("ROLLBACK TO SAVEPOINT sp_{number}; RELEASE SAVEPOINT sp_{number}");
            self.send(AssertSqlSafe(sql)).await?;
            // The savepoint was there, and so is its transaction.
            self.state.set_status(Status::Open);
            Ok(())
        })
    }

    fn in_transaction(&self) -> bool {
        self.state.transaction.is_some()
    }

    fn begin_two_phase<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            let begin = transaction::begin_two_phase(id)?;
            if self.state.transaction.is_some() {
                self.roll_back().await?;
            }
            self.start(begin, Some(id.to_owned())).await
        })
    }

    fn prepare_two_phase<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            self.make_sure().await?;
            self.send(AssertSqlSafe(transaction::prepare(id)?)).await?;
            self.state.forget_transaction();
            self.state.prepared = Some(id.to_owned());
            Ok(())
        })
    }

    fn commit_prepared<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(self.end_prepared("COMMIT", id))
    }

    fn rollback_prepared<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(self.end_prepared("ROLLBACK", id))
    }

    fn prepared_transactions(&mut self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(async {
            let (raw, state) = self.parts()?;
            state.exchange = Exchange::Running;
            let rows = raw.fetch_all(sqlx::raw_sql("XA RECOVER")).await;
            Ok(state.settle(rows)?.iter().filter_map(transaction::recovered).collect())
        })
    }

    fn generated_keys(&self) -> Option<GeneratedKeys> {
        Some(GeneratedKeys { first: self.state.first_key?, step: self.session.key_step })
    }

    fn is_clean(&self) -> bool {
        let state = &self.state;
        state.exchange == Exchange::Idle
            && state.transaction.is_none()
            && state.prepared.is_none()
            && !state.is_changed
            && state.select_limit == 0
            && !state.is_broken
    }

    fn is_broken(&self) -> bool {
        self.state.is_broken || self.raw.is_none()
    }

    fn reset(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            if self.state.exchange == Exchange::Running {
                self.give_up().await;
                return Err(cut_off());
            }
            if self.is_broken() {
                return Err(closed());
            }
            if self.state.is_changed || self.state.prepared.is_some() {
                let message =
                    "SQL of the user's own has changed the connection, or it has prepared a transaction";
                return Err(Error::Connection { message: message.into() });
            }
            if self.state.transaction.is_some() || self.state.exchange == Exchange::Unread {
                self.clear().await?;
                if self.is_broken() {
                    return Err(closed());
                }
            }
            if self.state.select_limit != 0 {
                self.send("SET SESSION max_execution_time = 0").await?;
                self.state.select_limit = 0;
            }
            Ok(())
        })
    }

    fn ping(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            let (raw, state) = self.parts()?;
            state.exchange = Exchange::Running;
            let answered = raw.ping().await;
            state.settle(answered)
        })
    }

    fn close(mut self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if self.state.exchange != Exchange::Idle {
                self.give_up().await;
            }
            if let Some(raw) = self.raw.take() {
                // It has nothing to lose, and no one to tell.
                _ = raw.close().await;
            }
        })
    }

    fn clear_statement_cache(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            let (raw, state) = self.parts()?;
            let unread = std::mem::replace(&mut state.exchange, Exchange::Running);
            let cleared = raw.clear_cached_statements().await;
            let cleared = state.settle(cleared);
            // It has no answer, so the rows that were unread still are.
            state.exchange = unread;
            cleared
        })
    }

    fn keep_changes(&mut self) {
        self.state.is_changed = false;
    }

    fn raw(&mut self) -> BoxFuture<'_, Result<&mut (dyn Any + Send)>> {
        Box::pin(async {
            let (raw, state) = self.parts()?;
            state.is_changed = true;
            let raw: &mut (dyn Any + Send) = raw;
            Ok(raw)
        })
    }
}

impl MySqlConnection {
    async fn start(&mut self, begin: String, two_phase: Option<String>) -> Result<()> {
        self.parts()?;
        let sql = AssertSqlSafe(begin.clone());
        self.state.transaction = Some(Transaction { begin, two_phase, status: Status::Open });
        let begun = self.send(sql).await;
        if begun.is_err() {
            self.state.forget_transaction();
        }
        begun
    }

    async fn end_prepared(&mut self, word: &'static str, id: &str) -> Result<()> {
        self.send(AssertSqlSafe(transaction::end_prepared(word, id)?)).await?;
        if self.state.prepared.as_deref() == Some(id) {
            self.state.prepared = None;
        }
        Ok(())
    }
}

impl Drop for MySqlConnection {
    fn drop(&mut self) {
        let is_running = self.state.exchange == Exchange::Running;
        if self.cut()
            && is_running
            && let Ok(runtime) = Handle::try_current()
        {
            let session = self.session.clone();
            runtime.spawn(async move { session.kill().await });
        }
    }
}
