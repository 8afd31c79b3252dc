use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use orm_core::driver::{BoxFuture, Cursor, DriverConnection, TransactionOptions};
use orm_core::{Error, Result, StatementKind};
use orm_query::{Bind, CompileError, Compiled, DataType, ExecutionOptions, Value};
use sqlx::postgres::{PgArguments, PgConnection, PgQueryResult, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection, Executor, Postgres, Row, ValueRef};

use super::arguments::arguments;
use super::cursor::PostgresCursor;
use super::opener::{Opener, isolation};
use super::slot::Slot;
use super::state::{Limit, State};
use super::statements::Prepared;
use crate::postgres::{NAME, errors};

/// How long the rest of an abandoned result is waited for, before another connection is opened instead, which takes a few
/// milliseconds.
const DRAIN_LIMIT: Duration = Duration::from_millis(50);

/// A connection of its own.
///
/// sqlx's own `Transaction` is not used: it borrows, and a dropped `begin` of it leaves the transaction open. A future that
/// is dropped leaves an answer on the wire, which sqlx reads away before the next statement; so what matters is to know
/// that there is one, and what it may have done.
pub(super) struct PostgresConnection {
    pub(super) connection: PgConnection,
    pub(super) state: State,
    pub(super) slot: Arc<Slot>,
    opener: Arc<Opener>,
}

impl PostgresConnection {
    pub(super) fn new(connection: PgConnection, opener: Arc<Opener>) -> Self {
        let state = State::new(opener.options.statement_cache_capacity);
        PostgresConnection { connection, state, slot: Arc::default(), opener }
    }

    /// Brings the connection to where a statement can be sent.
    pub(super) async fn ready(&mut self) -> Result<()> {
        if self.state.is_ready() {
            return Ok(());
        }
        if self.state.broken {
            return Err(lost());
        }
        if self.state.handed_out {
            self.recognize().await?;
        }
        if self.state.unfinished {
            let limit = self.state.is_replaceable().then_some(DRAIN_LIMIT);
            if (self.slot.is_flooded() && limit.is_some()) || !self.drain(limit).await? {
                self.replace().await?;
            }
        }
        if self.state.stale || self.state.statements.is_full() {
            self.forget_statements().await?;
        }
        if let Some(name) = self.state.abandoned_cursor.take()
            && !self.state.failed
        {
            self.send(&format!("CLOSE {name}")).await?;
        }
        Ok(())
    }

    /// Reads what is left of abandoned answers. `false` where that takes longer than the limit.
    async fn drain(&mut self, limit: Option<Duration>) -> Result<bool> {
        let work = async {
            // Each abandoned statement may end in an error, which is nobody's any more.
            while let Err(error) = self.connection.ping().await {
                let lost = errors::loses_connection(&error);
                self.state.failed |= self.state.in_transaction;
                if lost {
                    self.state.broken = true;
                    return Err(errors::classify(error));
                }
            }
            Ok(())
        };
        match limit {
            None => work.await?,
            Some(limit) => match tokio::time::timeout(limit, work).await {
                Ok(done) => done?,
                Err(_) => return Ok(false),
            },
        }
        self.state.unfinished = false;
        self.slot.clear();
        Ok(true)
    }

    /// Puts a new connection in the place of this one, whose server is then told by the closed socket.
    async fn replace(&mut self) -> Result<()> {
        // Until it is there, this one is of no use.
        self.state.broken = true;
        let opened = self.opener.open().await?;
        self.connection = opened.connection;
        self.state = State::new(self.opener.options.statement_cache_capacity);
        Ok(())
    }

    /// Finds out whether the next answer is the one to the next question, after a user had the connection in hand: an
    /// abandoned COPY leaves one answer more than sqlx counts, and all that follow would be off by one.
    async fn recognize(&mut self) -> Result<()> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        self.state.unfinished = true;
        let number = format!("orm {}", NUMBER.fetch_add(1, Ordering::Relaxed));
        // An error that was left over comes first.
        while let Err(error) = self.connection.ping().await {
            if errors::loses_connection(&error) {
                self.state.broken = true;
                return Err(errors::classify(error));
            }
        }
        let sql = format!("SELECT '{number}'");
        let answer = self.connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        let is_known = match answer {
            Ok(row) => text_at(&row, 0).is_some_and(|text| text == number),
            // A failed transaction answers nothing, but a syntax error still shows the question.
            Err(error) if errors::is_failed_transaction(&error) => {
                self.state.failed = true;
                let sql = format!("\"{number}\"");
                let answer = self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
                answer.is_err_and(|error| error.to_string().contains(&number))
            }
            Err(_) => false,
        };
        if !is_known {
            self.state.broken = true;
            return Err(lost());
        }
        self.state.unfinished = false;
        self.state.handed_out = false;
        self.state.stale = true;
        Ok(())
    }

    async fn forget_statements(&mut self) -> Result<()> {
        self.state.unfinished = true;
        let failed = self.state.failed;
        let cleared = self.connection.clear_cached_statements().await;
        self.done(cleared)?;
        // A failed transaction lets statements be closed.
        self.state.failed = failed;
        self.state.statements.clear();
        self.state.stale = false;
        Ok(())
    }

    /// Sends one or more statements without binds, in one round trip.
    pub(super) async fn send(&mut self, sql: &str) -> Result<()> {
        self.state.unfinished = true;
        let sent = self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        self.done(sent).map(drop)
    }

    /// Takes note of an answer that is complete.
    pub(super) fn done<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T> {
        answered(&mut self.state, answer)
    }

    /// Looks a statement over before it is sent.
    pub(super) fn prepare(&mut self, statement: &Compiled) -> Result<Prepared> {
        let prepared = self.state.statements.prepare(statement)?;
        let unsupported = |feature, hint| Error::Unsupported { dialect: NAME, feature, hint: Some(hint) };
        if prepared.scan.listens {
            let hint = "use `postgres::Listener`, which has a connection for it";
            return Err(unsupported("LISTEN on a connection for statements", hint));
        }
        if prepared.scan.copies {
            let hint = "use `postgres::copy_in_raw` and `postgres::copy_out_raw`";
            return Err(unsupported("COPY with the client as a statement", hint));
        }
        Ok(prepared)
    }

    /// The statement as sqlx takes it.
    pub(super) fn query(
        &mut self,
        prepared: &Prepared,
        arguments: PgArguments,
    ) -> Query<'static, Postgres, PgArguments> {
        self.state.statements.sent(prepared);
        // Without a cache sqlx would never close what it prepares.
        let persistent = self.opener.options.statement_cache_capacity > 0;
        sqlx::query_with(AssertSqlSafe(prepared.text.clone()), arguments).persistent(persistent)
    }

    /// Whether a statement that was refused as stale may be sent once more.
    pub(super) async fn may_retry(&mut self, error: &sqlx::Error) -> Result<bool> {
        if !errors::is_stale(error) {
            return Ok(false);
        }
        self.state.stale = true;
        if self.state.in_transaction || self.state.transacted_by_text {
            return Ok(false);
        }
        self.state.unfinished = true;
        self.ready().await?;
        Ok(true)
    }

    async fn run(&mut self, statement: &Compiled, options: &ExecutionOptions) -> Result<u64> {
        let prepared = self.prepare(statement)?;
        let binds = arguments(&statement.binds)?;
        self.ready().await?;
        self.limit(options.timeout).await?;
        self.state.expect(prepared.scan);
        self.state.unfinished = true;
        if prepared.scan.several && statement.binds.is_empty() {
            let query = sqlx::raw_sql(AssertSqlSafe(prepared.text.clone()));
            let sent = self.connection.execute(query).await;
            return self.done(sent).map(|result| changed(&prepared, &result));
        }
        let query = self.query(&prepared, binds);
        let mut sent = self.connection.execute(query).await;
        if let Err(error) = &sent
            && self.may_retry(error).await?
        {
            let query = self.query(&prepared, arguments(&statement.binds)?);
            self.state.unfinished = true;
            sent = self.connection.execute(query).await;
        }
        self.done(sent).map(|result| changed(&prepared, &result))
    }

    /// Makes a time limit hold for the next statement, or the session's own hold again. Statements with one limit in a
    /// row need it set once; whatever else follows sets it back first.
    pub(super) async fn limit(&mut self, limit: Option<Duration>) -> Result<()> {
        let milliseconds = limit.map(|limit| {
            // 0 would be no limit, and the server counts in 32 bits.
            let milliseconds = limit.as_nanos().div_ceil(1_000_000).clamp(1, i32::MAX as u128);
            milliseconds.to_string()
        });
        let holds = self.state.limit.as_ref().map(|limit| &limit.milliseconds);
        if holds == milliseconds.as_ref() {
            return Ok(());
        }
        let value = match (&milliseconds, &self.state.limit) {
            (Some(milliseconds), _) => milliseconds.clone(),
            (None, Some(limit)) => limit.before.clone(),
            (None, None) => return Ok(()),
        };
        let statement = Compiled {
            sql: "SELECT current_setting('statement_timeout'), set_config('statement_timeout', $1, $2)"
                .into(),
            binds: vec![
                Bind::new(Value::Text(value), DataType::Text),
                Bind::new(Value::Bool(self.state.in_transaction), DataType::Boolean),
            ],
        };
        let prepared = self.state.statements.prepare(&statement)?;
        let query = self.query(&prepared, arguments(&statement.binds)?);
        self.state.unfinished = true;
        let row = self.connection.fetch_one(query).await;
        let row = self.done(row)?;
        self.state.limit = match (milliseconds, self.state.limit.take()) {
            (Some(milliseconds), Some(limit)) => Some(Limit { milliseconds, ..limit }),
            (Some(milliseconds), None) => {
                let before = text_at(&row, 0).unwrap_or("0").to_owned();
                Some(Limit { milliseconds, before })
            }
            (None, _) => None,
        };
        Ok(())
    }

    async fn start(&mut self, sql: &str) -> Result<()> {
        self.ready().await?;
        self.limit(None).await?;
        if self.state.in_transaction {
            // The caller has lost count.
            self.send("ROLLBACK").await?;
            self.state.ended();
        }
        self.state.in_transaction = true;
        let begun = self.send(sql).await;
        self.state.in_transaction = begun.is_ok() || self.state.unfinished;
        begun
    }

    /// Ends the transaction by COMMIT or PREPARE TRANSACTION, to which a failed one answers with a rollback and without an
    /// error.
    async fn end(&mut self, sql: &str) -> Result<()> {
        self.ready().await?;
        if self.state.failed {
            self.roll_back().await?;
            return Err(failed_before());
        }
        let ended = if self.state.transacted_by_text || self.state.changed {
            // Nobody knows whether it has failed; then this asks, in the same round trip.
            self.send(&format!("SELECT; {sql}")).await
        } else {
            self.send(sql).await
        };
        if let Err(Error::Statement { kind: StatementKind::FailedTransaction, .. }) = &ended {
            self.roll_back().await?;
            return Err(failed_before());
        }
        if !self.state.broken {
            // Also after an error, such as a deferred constraint's: there is nothing left to roll back.
            self.state.ended();
        }
        ended
    }

    async fn roll_back(&mut self) -> Result<()> {
        self.send("ROLLBACK").await?;
        self.state.ended();
        self.state.transacted_by_text = false;
        Ok(())
    }

    async fn clear(&mut self) -> Result<()> {
        if self.state.broken {
            return Err(lost());
        }
        if self.state.handed_out {
            self.recognize().await?;
        }
        if self.state.unfinished && (self.slot.is_flooded() || !self.drain(Some(DRAIN_LIMIT)).await?) {
            self.state.broken = true;
            return Err(Error::Connection { message: "the rest of an abandoned result is too long".into() });
        }
        if self.state.in_transaction || self.state.transacted_by_text {
            self.roll_back().await?;
        }
        self.state.abandoned_cursor = None;
        self.limit(None).await?;
        if self.state.changed && self.state.kept {
            self.state.broken = true;
            let message = "the session was changed, and what its listeners had set up cannot be brought back";
            return Err(Error::Connection { message: message.into() });
        }
        if self.state.changed {
            // It takes the prepared statements away as well.
            self.forget_statements().await?;
            self.send("DISCARD ALL").await?;
            self.opener.set_up(&mut self.connection).await?;
            self.state.changed = false;
        }
        Ok(())
    }
}

/// Takes note of an answer that is complete.
pub(super) fn answered<T>(state: &mut State, answer: Result<T, sqlx::Error>) -> Result<T> {
    state.unfinished = false;
    match answer {
        Ok(value) => {
            state.failed = false;
            Ok(value)
        }
        Err(error) => {
            state.broken |= errors::loses_connection(&error);
            // What the driver refuses by itself, the server has not seen.
            state.failed |= state.in_transaction && error.as_database_error().is_some();
            Err(errors::classify(error))
        }
    }
}

fn changed(prepared: &Prepared, result: &PgQueryResult) -> u64 {
    // Otherwise it is the number of rows read.
    if prepared.scan.changes { result.rows_affected() } else { 0 }
}

fn text_at(row: &PgRow, position: usize) -> Option<&str> {
    let value = row.try_get_raw(position).ok().filter(|value| !value.is_null())?;
    std::str::from_utf8(value.as_bytes().ok()?).ok()
}

fn lost() -> Error {
    Error::Connection { message: "the connection was lost".into() }
}

fn failed_before() -> Error {
    Error::Statement {
        kind: StatementKind::FailedTransaction,
        message: "it was rolled back instead of committed".into(),
        statement: None,
    }
}

/// `BEGIN` as the options say.
fn begin(options: &TransactionOptions) -> Result<String> {
    let mut sql = String::from("BEGIN");
    if let Some(level) = options.isolation {
        sql.push_str(" ISOLATION LEVEL ");
        sql.push_str(isolation(level)?);
    }
    match options.read_only {
        Some(true) => sql.push_str(" READ ONLY"),
        Some(false) => sql.push_str(" READ WRITE"),
        None => {}
    }
    if options.deferrable {
        sql.push_str(" DEFERRABLE");
    }
    Ok(sql)
}

/// The id of a prepared transaction as a literal.
fn quoted(id: &str) -> Result<String> {
    let invalid = |reason: &str| Err(Error::Compile(CompileError::Invalid(reason.into())));
    if id.is_empty() || id.len() >= 200 {
        return invalid("the id of a prepared transaction has 1 to 199 bytes");
    }
    if id.contains('\0') {
        return invalid("the id of a prepared transaction has no NUL character");
    }
    Ok(format!("E'{}'", id.replace('\\', "\\\\").replace('\'', "''")))
}

impl DriverConnection for PostgresConnection {
    fn execute<'c>(
        &'c mut self,
        statement: &'c Compiled,
        options: &'c ExecutionOptions,
    ) -> BoxFuture<'c, Result<u64>> {
        Box::pin(self.run(statement, options))
    }

    fn fetch<'c>(&'c mut self, statement: &Compiled, options: &ExecutionOptions) -> Box<dyn Cursor + 'c> {
        Box::new(PostgresCursor::new(self, statement, options))
    }

    fn begin<'c>(&'c mut self, options: &'c TransactionOptions) -> BoxFuture<'c, Result<()>> {
        Box::pin(async { self.start(&begin(options)?).await })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.end("COMMIT"))
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            // A cursor that was left open goes with the transaction.
            self.state.abandoned_cursor = None;
            let rolled_back = match self.ready().await {
                Ok(()) => self.roll_back().await,
                Err(error) => Err(error),
            };
            if self.state.broken {
                // The server rolls back what a lost connection has not committed.
                self.state.ended();
                return Ok(());
            }
            rolled_back
        })
    }

    fn savepoint(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.ready().await?;
            // Rolling back to it would bring the limit back.
            self.limit(None).await?;
            self.send(&format!("SAVEPOINT sp_{number}")).await
        })
    }

    fn release(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.ready().await?;
            self.send(&format!("RELEASE sp_{number}")).await
        })
    }

    fn rollback_to(&mut self, number: u32) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            // It was opened since, and goes with what is rolled back.
            self.state.abandoned_cursor = None;
            self.ready().await?;
            // ROLLBACK TO alone keeps the savepoint.
            self.send(&format!("ROLLBACK TO sp_{number}; RELEASE sp_{number}")).await?;
            self.state.limit = None;
            Ok(())
        })
    }

    fn in_transaction(&self) -> bool {
        self.state.in_transaction
    }

    fn begin_two_phase<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(async {
            quoted(id)?;
            self.start("BEGIN").await
        })
    }

    fn prepare_two_phase<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(async {
            let sql = format!("PREPARE TRANSACTION {}", quoted(id)?);
            self.end(&sql).await
        })
    }

    fn commit_prepared<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(async {
            let sql = format!("COMMIT PREPARED {}", quoted(id)?);
            self.ready().await?;
            self.send(&sql).await
        })
    }

    fn rollback_prepared<'c>(&'c mut self, id: &'c str) -> BoxFuture<'c, Result<()>> {
        Box::pin(async {
            let sql = format!("ROLLBACK PREPARED {}", quoted(id)?);
            self.ready().await?;
            self.send(&sql).await
        })
    }

    fn prepared_transactions(&mut self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(async {
            self.ready().await?;
            self.state.unfinished = true;
            let sql = "SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared, gid";
            let rows = self.connection.fetch_all(sqlx::raw_sql(sql)).await;
            let rows = self.done(rows)?;
            Ok(rows.iter().filter_map(|row| text_at(row, 0)).map(str::to_owned).collect())
        })
    }

    fn is_clean(&self) -> bool {
        self.state.is_clean()
    }

    fn is_broken(&self) -> bool {
        self.state.broken
    }

    fn reset(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.clear())
    }

    fn ping(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            self.ready().await?;
            self.state.unfinished = true;
            let failed = self.state.failed;
            let answer = self.connection.ping().await;
            let answer = self.done(answer);
            self.state.failed |= failed;
            answer
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async {
            // The server is told; whether it hears it, nobody waits for.
            _ = self.connection.close().await;
        })
    }

    fn clear_statement_cache(&mut self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            self.ready().await?;
            self.forget_statements().await
        })
    }

    fn keep_changes(&mut self) {
        self.state.kept |= std::mem::take(&mut self.state.changed);
    }

    fn raw(&mut self) -> BoxFuture<'_, Result<&mut (dyn Any + Send)>> {
        Box::pin(async {
            self.ready().await?;
            self.limit(None).await?;
            self.state.handed_out = true;
            self.state.changed = true;
            self.state.transacted_by_text = true;
            Ok(&mut self.connection as &mut (dyn Any + Send))
        })
    }
}
