use std::fmt::Write;
use std::time::Instant;

use orm_query::tree::Statement;
use orm_query::{Compiled, ExecutionOptions, Row, with_row};
use tracing::Level;
use tracing::field::Empty;

use super::Connection;
use crate::engine::EngineInner;
use crate::events::Execution;
use crate::{Error, Result, StatementInfo};

/// Whether a reader of rows wants more of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    More,
    Enough,
}

impl Connection {
    /// What every statement needs first: savepoints that were dropped undone, a transaction, the text.
    pub(super) async fn prepare(&mut self, statement: &Statement) -> Result<(Compiled, ExecutionOptions)> {
        let options = std::mem::take(&mut self.next);
        self.pooled.ensure().await?;
        self.settle().await?;
        self.begin_as(&options).await?;
        // Behind the first answer of the server, which may have told its version.
        let mut compiled = self.engine.driver.dialect().compile(statement)?;
        self.engine.events.before_execute(&mut compiled)?;
        self.is_used = true;
        Ok((compiled, options))
    }

    /// Begins the transaction that a statement needs.
    async fn begin_as(&mut self, options: &ExecutionOptions) -> Result<()> {
        if let Some(isolation) = options.isolation {
            self.begin_with(self.transaction.isolation(isolation)).await
        } else if self.autocommit {
            Ok(())
        } else {
            self.begin().await
        }
    }

    /// Runs a statement for its effect, in several where it has more rows than the database takes at once; the number of
    /// rows that it matched.
    pub(crate) async fn run(&mut self, statement: &Statement) -> Result<u64> {
        let Some(parts) = statement.in_parts(self.dialect().rows_per_statement(statement)) else {
            return self.run_one(statement).await;
        };
        let mut options = std::mem::take(&mut self.next);
        self.begin_as(&options).await?;
        options.isolation = None;
        let mut matched = 0;
        for part in parts {
            self.next = options;
            matched += self.run_one(&part).await?;
        }
        Ok(matched)
    }

    async fn run_one(&mut self, statement: &Statement) -> Result<u64> {
        let (compiled, options) = self.prepare(statement).await?;
        let log = Log::start(&self.engine, &compiled);
        let result = self.pooled.raw()?.execute(&compiled, &options).await;
        log.end(&self.engine, &compiled, *result.as_ref().unwrap_or(&0), result.is_ok());
        if statement.is_ddl() && result.is_ok() {
            self.pooled.raw()?.clear_statement_cache().await?;
        }
        result.map_err(|error| self.blame(error, &compiled))
    }

    /// Runs a statement and shows each row to `read`; in several as [`run`](Self::run) does.
    pub(crate) async fn for_each(
        &mut self,
        statement: &Statement,
        read: &mut (dyn for<'r> FnMut(&'r dyn Row) -> Result<Flow> + Send),
    ) -> Result<()> {
        let Some(parts) = statement.in_parts(self.dialect().rows_per_statement(statement)) else {
            return self.each_of_one(statement, read).await;
        };
        let mut options = std::mem::take(&mut self.next);
        self.begin_as(&options).await?;
        options.isolation = None;
        let mut flow = Flow::More;
        for part in parts {
            self.next = options;
            // Who has read enough still wants all rows written.
            let mut read = |row: &dyn Row| {
                if flow == Flow::More {
                    flow = read(row)?;
                }
                Ok(flow)
            };
            self.each_of_one(&part, &mut read).await?;
        }
        Ok(())
    }

    async fn each_of_one(
        &mut self,
        statement: &Statement,
        read: &mut (dyn for<'r> FnMut(&'r dyn Row) -> Result<Flow> + Send),
    ) -> Result<()> {
        let (compiled, options) = self.prepare(statement).await?;
        let positions = statement.sent_positions();
        let log = Log::start(&self.engine, &compiled);
        let mut count = 0;
        // What writes is read to its end: some databases have done it all only then.
        let is_write =
            matches!(statement, Statement::Insert(_) | Statement::Update(_) | Statement::Delete(_));
        let mut is_enough = false;
        let mut cursor = self.pooled.raw()?.fetch(&compiled, &options);
        let result = loop {
            match cursor.next().await {
                Ok(Some(_)) if is_enough => count += 1,
                Ok(Some(row)) => {
                    count += 1;
                    match with_row(row, positions.as_deref(), &mut *read) {
                        Ok(Flow::More) => {}
                        Ok(Flow::Enough) if is_write => is_enough = true,
                        Ok(Flow::Enough) => break Ok(()),
                        Err(error) => break Err(error),
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        drop(cursor);
        log.end(&self.engine, &compiled, count, result.is_ok());
        result.map_err(|error| self.blame(error, &compiled))
    }

    /// The error of a statement, which it names.
    pub(super) fn blame(&self, error: Error, compiled: &Compiled) -> Error {
        blame(&self.engine, error, compiled)
    }

    /// The outcome of something that is no statement.
    pub(super) fn checked<T>(&self, result: Result<T>) -> Result<T> {
        result.inspect_err(|error| note(&self.engine, error))
    }

    /// Tells what is sent that is no statement with values.
    pub(super) fn log(&self, sql: &str) {
        if self.engine.echo {
            tracing::info!(target: "orm::sql", statement = sql, parameters = "");
        } else {
            tracing::debug!(target: "orm::sql", statement = sql, parameters = "");
        }
    }
}

/// The error of a statement, which it names; who listens hears of it.
pub(super) fn blame(engine: &EngineInner, error: Error, compiled: &Compiled) -> Error {
    let error = error.with_statement(|| info(engine, compiled));
    note(engine, &error);
    error
}

fn note(engine: &EngineInner, error: &Error) {
    if error.is_disconnect() {
        // Where one connection was cut, the others may be, too.
        engine.pool.invalidate();
    }
    engine.events.each(|events| events.on_error(error));
}

fn info(engine: &EngineInner, compiled: &Compiled) -> StatementInfo {
    let parameters = if engine.hide_parameters { String::new() } else { parameters(compiled) };
    StatementInfo { sql: compiled.sql.clone(), parameters }
}

/// A statement that runs: the span of its time, and the event at its end.
pub(super) struct Log {
    start: Instant,
    span: tracing::Span,
}

impl Log {
    pub(super) fn start(engine: &EngineInner, compiled: &Compiled) -> Log {
        let sql = &*compiled.sql;
        let span = if engine.echo {
            tracing::info_span!(target: "orm::sql", "statement", statement = sql, rows = Empty, elapsed = Empty)
        } else {
            tracing::debug_span!(target: "orm::sql", "statement", statement = sql, rows = Empty, elapsed = Empty)
        };
        Log { start: Instant::now(), span }
    }

    pub(super) fn end(self, engine: &EngineInner, compiled: &Compiled, rows: u64, succeeded: bool) {
        let elapsed = self.start.elapsed();
        if !self.span.is_disabled() {
            self.span.record("rows", rows).record("elapsed", tracing::field::debug(elapsed));
        }
        let statement = &*compiled.sql;
        if engine.echo {
            if tracing::enabled!(target: "orm::sql", Level::INFO) {
                let parameters = &*info(engine, compiled).parameters;
                tracing::info!(target: "orm::sql", parent: &self.span, statement, parameters, rows, ?elapsed);
            }
        } else if tracing::enabled!(target: "orm::sql", Level::DEBUG) {
            let parameters = &*info(engine, compiled).parameters;
            tracing::debug!(target: "orm::sql", parent: &self.span, statement, parameters, rows, ?elapsed);
        }
        if succeeded && !engine.events.is_empty() {
            let execution = Execution { statement: compiled, rows, elapsed };
            engine.events.each(|events| events.after_execute(&execution));
        }
    }
}

/// At most this much of the values of a statement is shown.
const SHOWN: usize = 1_000;

fn parameters(compiled: &Compiled) -> String {
    let mut out = String::new();
    for bind in &compiled.binds {
        if out.len() > SHOWN {
            out.push_str(", …");
            break;
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        // Writing to a String cannot fail.
        _ = write!(out, "{:?}", bind.value);
    }
    out
}
