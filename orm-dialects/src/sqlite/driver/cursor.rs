use std::sync::Arc;
use std::task::{Context, Poll, ready};

use orm_core::driver::{BoxFuture, Cursor};
use orm_core::{Error, Result};
use orm_query::{Compiled, ExecutionOptions, Row};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteArguments, SqliteRow as Values};

use super::arguments::arguments;
use super::connection::State;
use super::row::SqliteRow;
use super::rows::Rows;
use crate::sqlite::errors;
use crate::sqlite::scan::Scan;

/// A running statement, and the row that it stands on.
pub(super) struct SqliteCursor<'c> {
    stage: Stage<'c>,
    state: &'c mut State,
    options: ExecutionOptions,
    row: Option<SqliteRow<Values>>,
    changes: u64,
    /// Nothing is lost when it is stopped half-way.
    only_reads: bool,
}

enum Stage<'c> {
    /// What was dropped half-way comes to its end first.
    Settling(BoxFuture<'c, Result<&'c mut sqlx::SqliteConnection>>, Box<Prepared>),
    Running(Rows<'c>),
    /// What the next poll tells.
    Failed(Error),
    Done,
}

struct Prepared {
    statement: Compiled,
    found: Scan,
    arguments: SqliteArguments,
}

impl<'c> SqliteCursor<'c> {
    pub(super) fn new(
        raw: &'c mut sqlx::SqliteConnection,
        state: &'c mut State,
        statement: &Compiled,
        options: &ExecutionOptions,
    ) -> Self {
        let cursor = SqliteCursor::own(raw, state, statement, options);
        if let Stage::Settling(_, prepared) = &cursor.stage {
            cursor.state.begun_by_text |= prepared.found.begins;
            cursor.state.changed |= prepared.found.lasts;
        }
        cursor
    }

    /// The same for a statement that is not the user's.
    pub(super) fn own(
        raw: &'c mut sqlx::SqliteConnection,
        state: &'c mut State,
        statement: &Compiled,
        options: &ExecutionOptions,
    ) -> Self {
        let mut only_reads = false;
        let stage = match arguments(statement) {
            Err(error) => Stage::Failed(error),
            Ok((found, arguments)) => {
                only_reads = is_select(&statement.sql);
                let statement = Compiled { sql: Arc::clone(&statement.sql), binds: Vec::new() };
                let prepared = Box::new(Prepared { statement, found, arguments });
                Stage::Settling(Box::pin(settle(raw, state.unfinished)), prepared)
            }
        };
        SqliteCursor { stage, state, options: *options, row: None, changes: 0, only_reads }
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Values>>> {
        loop {
            match &mut self.stage {
                Stage::Settling(settling, _) => {
                    let settled = ready!(settling.as_mut().poll(cx));
                    let Stage::Settling(_, prepared) = std::mem::replace(&mut self.stage, Stage::Done) else {
                        return Poll::Ready(Ok(None));
                    };
                    let Prepared { statement, found, arguments } = *prepared;
                    let raw = settled?;
                    self.state.unfinished = true;
                    self.state.control.start(self.options.timeout);
                    self.stage = Stage::Running(Rows::new(raw, &statement, found, arguments));
                }
                Stage::Running(rows) => {
                    let next = ready!(rows.poll_row(cx));
                    if let Ok(Some(_)) = next {
                        return Poll::Ready(next);
                    }
                    self.changes = rows.changes();
                    self.stage = Stage::Done;
                    self.state.unfinished = false;
                    return Poll::Ready(next.map_err(|error| self.state.failed(error, &self.options)));
                }
                Stage::Failed(_) | Stage::Done => {
                    return Poll::Ready(match std::mem::replace(&mut self.stage, Stage::Done) {
                        Stage::Failed(error) => Err(error),
                        _ => Ok(None),
                    });
                }
            }
        }
    }

    /// Runs it to its end; the number of rows that it has changed.
    pub(super) async fn run(mut self) -> Result<u64> {
        while std::future::poll_fn(|cx| self.poll_row(cx)).await?.is_some() {}
        Ok(self.changes)
    }
}

/// What was sent before is answered first, whoever still waits for it.
async fn settle(
    raw: &mut sqlx::SqliteConnection,
    is_unfinished: bool,
) -> Result<&mut sqlx::SqliteConnection> {
    if is_unfinished {
        raw.ping().await.map_err(errors::classify)?;
    }
    Ok(raw)
}

/// Whether a statement surely does nothing but read.
fn is_select(sql: &str) -> bool {
    let sql = sql.trim_start().as_bytes();
    ["select", "values"]
        .iter()
        .any(|word| sql.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes())))
}

impl Drop for SqliteCursor<'_> {
    fn drop(&mut self) {
        // Anything else runs to its end: stopped, it would take its whole transaction with it.
        if self.only_reads && matches!(self.stage, Stage::Running(_)) {
            self.state.control.cancel();
        }
    }
}

impl Cursor for SqliteCursor<'_> {
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        self.row = None;
        self.row = ready!(self.poll_row(cx))?.map(SqliteRow);
        Poll::Ready(Ok(self.row.is_some()))
    }

    fn row(&self) -> &dyn Row {
        self.row.as_ref().expect("`row` was called before `poll_advance` gave `true`")
    }
}
