use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use orm_core::driver::BoxFuture;
use orm_core::{Error, Result};
use sqlx::mysql::{MySqlArguments, MySqlQueryResult};
use sqlx::{AssertSqlSafe, Either, Executor};

use super::row::{Columns, MySqlRow};
use super::state::{Exchange, State};

/// A statement on its way, and the rows that come back.
pub(super) enum Rows<'c> {
    /// Something else must be said to the server first.
    Starting(BoxFuture<'c, Result<Running<'c>>>),
    Running(Running<'c>),
    /// What the first poll tells.
    Failed(Error),
    /// All was read, and so many rows were changed.
    Done(u64),
}

/// A statement that is running, or will when it is polled.
pub(super) struct Running<'c> {
    stream: Pin<Box<dyn Stream<Item = Step> + Send + 'c>>,
    state: &'c mut State,
    /// Of the result that is being read; one text may have several.
    columns: Option<Arc<Columns>>,
    is_text: bool,
    counts_rows: bool,
    changes: u64,
}

type Step = Result<Either<MySqlQueryResult, sqlx::mysql::MySqlRow>, sqlx::Error>;

impl<'c> Running<'c> {
    /// `arguments` of `None` is a text that cannot be prepared, or is not worth it.
    pub(super) fn new(
        raw: &'c mut sqlx::MySqlConnection,
        state: &'c mut State,
        sql: Arc<str>,
        arguments: Option<MySqlArguments>,
        counts_rows: bool,
    ) -> Self {
        let is_text = arguments.is_none();
        let sql = AssertSqlSafe(sql);
        let stream = match arguments {
            Some(arguments) => raw.fetch_many(sqlx::query_with(sql, arguments)),
            None => raw.fetch_many(sqlx::raw_sql(sql)),
        };
        Running { stream, state, columns: None, is_text, counts_rows, changes: 0 }
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<MySqlRow>>> {
        loop {
            self.state.exchange = Exchange::Running;
            match ready!(self.stream.as_mut().poll_next(cx)) {
                Some(Ok(Either::Right(row))) => {
                    self.state.exchange = Exchange::Unread;
                    self.changes += u64::from(self.counts_rows);
                    let columns = match &self.columns {
                        Some(columns) => columns,
                        None => self.columns.insert(Arc::new(Columns::new(&row, self.is_text))),
                    };
                    return Poll::Ready(Ok(Some(MySqlRow::new(row, columns.clone()))));
                }
                Some(Ok(Either::Left(done))) => {
                    self.columns = None;
                    self.changes += done.rows_affected();
                    if done.last_insert_id() != 0 {
                        self.state.first_key = Some(done.last_insert_id());
                    }
                }
                Some(Err(error)) => return Poll::Ready(self.state.settle(Err(error))),
                None => return Poll::Ready(self.state.settle(Ok(None))),
            }
        }
    }
}

impl Rows<'_> {
    pub(super) fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<MySqlRow>>> {
        loop {
            match self {
                Rows::Starting(start) => match ready!(start.as_mut().poll(cx)) {
                    Ok(running) => *self = Rows::Running(running),
                    Err(error) => *self = Rows::Failed(error),
                },
                Rows::Running(running) => match ready!(running.poll_row(cx)) {
                    Ok(Some(row)) => return Poll::Ready(Ok(Some(row))),
                    Ok(None) => *self = Rows::Done(running.changes),
                    Err(error) => *self = Rows::Failed(error),
                },
                Rows::Failed(_) => match std::mem::replace(self, Rows::Done(0)) {
                    Rows::Failed(error) => return Poll::Ready(Err(error)),
                    other => *self = other,
                },
                Rows::Done(_) => return Poll::Ready(Ok(None)),
            }
        }
    }

    /// Runs it to its end; the number of rows it has changed.
    pub(super) async fn run(mut self) -> Result<u64> {
        while std::future::poll_fn(|cx| self.poll_row(cx)).await?.is_some() {}
        Ok(match self {
            Rows::Done(changes) => changes,
            _ => 0,
        })
    }
}
