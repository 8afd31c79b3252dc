use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use orm_core::driver::Cursor;
use orm_core::{Error, Result};
use orm_query::Row;
use sqlx::sqlite::SqliteRow as Values;

use super::row::SqliteRow;
use crate::sqlite::errors;

/// The rows of a running statement, as sqlx streams them.
pub(super) struct SqliteCursor<'c> {
    state: State<'c>,
    row: Option<SqliteRow>,
}

type Rows<'c> = Pin<Box<dyn Stream<Item = Result<Values, sqlx::Error>> + Send + 'c>>;

enum State<'c> {
    Running(Rows<'c>),
    /// What the first poll tells.
    Failed(Option<Error>),
    Done,
}

impl<'c> SqliteCursor<'c> {
    pub(super) fn new(rows: Rows<'c>) -> Self {
        SqliteCursor { state: State::Running(rows), row: None }
    }

    pub(super) fn failed(error: Error) -> Self {
        SqliteCursor { state: State::Failed(Some(error)), row: None }
    }
}

impl Cursor for SqliteCursor<'_> {
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        let next = match &mut self.state {
            State::Running(rows) => {
                ready!(rows.as_mut().poll_next(cx)).map(|row| row.map_err(errors::classify))
            }
            State::Failed(error) => error.take().map(Err),
            State::Done => None,
        };
        self.row = match next {
            Some(Ok(row)) => Some(SqliteRow(row)),
            Some(Err(error)) => {
                self.row = None;
                self.state = State::Done;
                return Poll::Ready(Err(error));
            }
            None => {
                self.state = State::Done;
                None
            }
        };
        Poll::Ready(Ok(self.row.is_some()))
    }

    fn row(&self) -> &dyn Row {
        self.row.as_ref().expect("`row` was called before `poll_advance` gave `true`")
    }
}
