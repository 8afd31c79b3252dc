use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use orm_core::{Error, Result};
use orm_query::Compiled;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteQueryResult, SqliteRow, SqliteValueRef};
use sqlx::{AssertSqlSafe, Column, Decode, Either, Executor, Row, TypeInfo, ValueRef};

use crate::sqlite::driver::row::{Value, Values};
use crate::sqlite::errors;
use crate::sqlite::scan::Scan;

/// A running statement: sqlx's stream of rows, and of what each statement of the text has changed.
pub(super) struct Rows<'c> {
    stream: Pin<Box<dyn Stream<Item = Step> + Send + 'c>>,
    found: Scan,
    refreshes: bool,
    changes: u64,
    complete: bool,
}

type Step = Result<Either<SqliteQueryResult, SqliteRow>, sqlx::Error>;

/// Reading anything makes a connection look whether the schema is still what it knows.
const REFRESH: &str = "SELECT 1 FROM sqlite_schema LIMIT 0";

impl<'c> Rows<'c> {
    pub(super) fn new(
        connection: &'c mut sqlx::SqliteConnection,
        statement: &Compiled,
        found: Scan,
        arguments: SqliteArguments,
    ) -> Self {
        // With `*` a statement gets more columns when the table does: also between its preparation, against a schema
        // that this connection has not looked at since, and its first row. sqlx panics then.
        let query = if found.star {
            let sql = format!("{REFRESH}; {}", statement.sql);
            sqlx::query_with(AssertSqlSafe(sql), arguments).persistent(false)
        } else {
            sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments)
        };
        Rows {
            stream: connection.fetch_many(query),
            found,
            refreshes: found.star,
            changes: 0,
            complete: found.empty,
        }
    }

    pub(super) fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<SqliteRow>>> {
        loop {
            match ready!(self.stream.as_mut().poll_next(cx)) {
                Some(Ok(Either::Right(row))) => {
                    self.complete = false;
                    return Poll::Ready(Ok(Some(row)));
                }
                Some(Ok(Either::Left(done))) => {
                    if std::mem::take(&mut self.refreshes) {
                        continue;
                    }
                    self.complete = true;
                    self.changes += done.rows_affected();
                }
                Some(Err(error)) => return Poll::Ready(Err(errors::classify(error))),
                None if self.complete => return Poll::Ready(Ok(None)),
                // To sqlx this is an end as any other, and what is missing would be no rows.
                None => {
                    let message =
                        "the thread of the connection has ended; was a table of the statement changed?";
                    return Poll::Ready(Err(Error::Connection { message: message.into() }));
                }
            }
        }
    }

    /// The number of rows that were changed.
    pub(super) fn changes(&self) -> u64 {
        // Otherwise SQLite gives the number of the statement before.
        if self.found.changes { self.changes } else { 0 }
    }
}

impl Values for SqliteRow {
    fn len(&self) -> usize {
        Row::len(self)
    }

    fn name(&self, position: usize) -> Option<&str> {
        self.columns().get(position).map(Column::name)
    }

    fn declared(&self, position: usize) -> Option<&str> {
        // What sqlx makes of it.
        self.columns().get(position).map(|column| column.type_info().name())
    }

    fn value(&self, position: usize) -> Result<Option<Value<'_>>, String> {
        fn get<'r, T: Decode<'r, Sqlite>>(raw: SqliteValueRef<'r>) -> Result<T, String> {
            T::decode(raw).map_err(|error| error.to_string())
        }
        let raw = self.try_get_raw(position).map_err(|error| error.to_string())?;
        if raw.is_null() {
            return Ok(None);
        }
        // By the value's own type, which for a value that is not NULL is never the column's.
        let kind = raw.type_info().name().as_bytes().first().copied();
        let value = match kind {
            Some(b'I') => get(raw).map(Value::Integer),
            Some(b'R') => get(raw).map(Value::Real),
            Some(b'T') => get(raw).map(Value::Text),
            _ => get(raw).map(Value::Blob),
        };
        value.map(Some)
    }
}
