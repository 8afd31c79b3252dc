use std::task::{Context, Poll, ready};

use orm_core::Result;
use orm_core::driver::Cursor;
use orm_query::Row;

use super::row::MySqlRow;
use super::rows::Rows;

/// The rows of a running statement, one at a time.
pub(super) struct MySqlCursor<'c> {
    rows: Rows<'c>,
    row: Option<MySqlRow>,
}

impl<'c> MySqlCursor<'c> {
    pub(super) fn new(rows: Rows<'c>) -> Self {
        MySqlCursor { rows, row: None }
    }
}

impl Cursor for MySqlCursor<'_> {
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        // While a row is held, sqlx must allocate the next result's columns anew.
        self.row = None;
        self.row = ready!(self.rows.poll_row(cx))?;
        Poll::Ready(Ok(self.row.is_some()))
    }

    fn row(&self) -> &dyn Row {
        self.row.as_ref().expect("`row` was called before `poll_advance` gave `true`")
    }
}
