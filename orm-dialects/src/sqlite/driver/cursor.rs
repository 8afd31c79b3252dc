use std::task::{Context, Poll, ready};

use orm_core::driver::Cursor;
use orm_core::{Error, Result};
use orm_query::Row;

use super::row::SqliteRow;
use super::rows::Rows;

/// The rows of a running statement, one at a time.
pub(super) struct SqliteCursor<'c> {
    state: State<'c>,
    row: Option<SqliteRow>,
}

enum State<'c> {
    Running(Rows<'c>),
    /// What the first poll tells.
    Failed(Error),
    Done,
}

impl<'c> SqliteCursor<'c> {
    pub(super) fn new(rows: Result<Rows<'c>>) -> Self {
        let state = rows.map_or_else(State::Failed, State::Running);
        SqliteCursor { state, row: None }
    }
}

impl Cursor for SqliteCursor<'_> {
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        self.row = None;
        let next = match &mut self.state {
            State::Running(rows) => ready!(rows.poll_row(cx)),
            State::Failed(_) | State::Done => match std::mem::replace(&mut self.state, State::Done) {
                State::Failed(error) => Err(error),
                State::Running(_) | State::Done => Ok(None),
            },
        };
        match next {
            Ok(Some(row)) => {
                self.row = Some(SqliteRow(row));
                Poll::Ready(Ok(true))
            }
            Ok(None) => {
                self.state = State::Done;
                Poll::Ready(Ok(false))
            }
            Err(error) => {
                self.state = State::Done;
                Poll::Ready(Err(error))
            }
        }
    }

    fn row(&self) -> &dyn Row {
        self.row.as_ref().expect("`row` was called before `poll_advance` gave `true`")
    }
}
