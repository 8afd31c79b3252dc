//! Statements by sqlx's own means: each is sent to the connection's thread, which sends rows back.

use std::borrow::Cow;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use orm_core::driver::{BoxFuture, Cursor};
use orm_core::{Error, Result};
use orm_query::{Compiled, ExecutionOptions, Row};
use sqlx::sqlite::{SqliteArguments, SqliteRow as Values};
use sqlx::{Arguments as _, Connection as _};

use self::rows::Rows;
use super::arguments;
use super::row::SqliteRow;
use super::state::{Kind, State};
use crate::sqlite::errors;
use crate::sqlite::scan::Scan;
use crate::sqlite::types::{Stored, encode};

mod rows;

/// A running statement, and the row that it stands on.
pub(super) struct PlainCursor<'c> {
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

impl<'c> PlainCursor<'c> {
    pub(super) fn new(
        raw: &'c mut sqlx::SqliteConnection,
        state: &'c mut State,
        statement: &Compiled,
        options: &ExecutionOptions,
        kind: Kind,
    ) -> Self {
        let stage = match bound(statement) {
            Err(error) => Stage::Failed(error),
            Ok((found, arguments)) => {
                state.saw(kind, found);
                let statement = Compiled { sql: Arc::clone(&statement.sql), binds: Vec::new() };
                let prepared = Box::new(Prepared { statement, found, arguments });
                let asks = state.is_doubtful && kind.needs_transaction();
                Stage::Settling(Box::pin(settle(raw, state.unfinished, asks)), prepared)
            }
        };
        let only_reads = kind == Kind::User && arguments::is_select(&statement.sql);
        PlainCursor { stage, state, options: *options, row: None, changes: 0, only_reads }
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
                    self.state.is_doubtful = false;
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
    asks_for_transaction: bool,
) -> Result<&mut sqlx::SqliteConnection> {
    if is_unfinished {
        raw.ping().await.map_err(errors::classify)?;
    }
    // An error may have ended the transaction, and only BEGIN tells.
    if asks_for_transaction && sqlx::query("BEGIN").execute(&mut *raw).await.is_ok() {
        sqlx::query("ROLLBACK").execute(&mut *raw).await.map_err(errors::classify)?;
        return Err(errors::failed_transaction());
    }
    Ok(raw)
}

/// What was found in the statement, and its binds as sqlx takes them.
fn bound(statement: &Compiled) -> Result<(Scan, SqliteArguments)> {
    let found = arguments::check(statement)?;
    let is_one = !statement.sql.trim_end_matches(|c: char| c == ';' || c.is_whitespace()).contains(';');
    if !is_one && statement.sql.as_bytes().windows(2).any(|pair| pair[0] == b'?' && pair[1].is_ascii_digit())
    {
        // It makes NULL of some of them.
        return Err(arguments::invalid("sqlx numbers the values of one statement only".into()));
    }
    let mut arguments = SqliteArguments::default();
    arguments.reserve(statement.binds.len(), 0);
    for bind in &statement.binds {
        let added = match encode(bind)? {
            Stored::Null => arguments.add(None::<i64>),
            Stored::Integer(v) => arguments.add(v),
            Stored::Real(v) => arguments.add(v),
            Stored::Text(Cow::Borrowed(v)) => arguments.add(v),
            Stored::Text(Cow::Owned(v)) => arguments.add(v),
            Stored::Blob(v) => arguments.add(v),
        };
        let refused = |error: sqlx::error::BoxDynError| arguments::invalid(error.to_string());
        added.map_err(refused)?;
    }
    Ok((found, arguments))
}

impl Drop for PlainCursor<'_> {
    fn drop(&mut self) {
        // Anything else runs to its end: stopped, it would take its whole transaction with it.
        if self.only_reads && matches!(self.stage, Stage::Running(_)) {
            self.state.control.cancel();
        }
    }
}

impl Cursor for PlainCursor<'_> {
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        self.row = None;
        self.row = ready!(self.poll_row(cx))?.map(SqliteRow);
        Poll::Ready(Ok(self.row.is_some()))
    }

    fn row(&self) -> &dyn Row {
        self.row.as_ref().expect("`row` was called before `poll_advance` gave `true`")
    }
}
