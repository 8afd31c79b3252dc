use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use orm_query::Compiled;
use orm_query::typed::{Owned, Query};

use super::Connection;
use super::running::{Log, blame};
use crate::driver::Cursor;
use crate::engine::EngineInner;
use crate::{Error, Result, SessionError};

/// How many rows a stream fetches at a time, where the database has cursors.
const BATCH: usize = 1_000;

impl Connection {
    /// The rows one by one, as the database sends them, with bounded memory: through a cursor on the server where the
    /// database has one. Relationships stay unloaded. Dropping the stream abandons the rest.
    ///
    /// # Errors
    /// When the statement cannot be compiled, or loads relationships, which needs all rows; what the database says
    /// comes out of the stream.
    pub async fn stream<Q: Query<I>, I>(&mut self, query: Q) -> Result<RowStream<'_, Q, I>> {
        self.next = query.run_options();
        let (statement, load) = query.into_statement();
        if !load.is_empty() {
            return Err(SessionError::Misuse(
                "`stream` gives rows one by one and cannot load relationships; use `all`".into(),
            )
            .into());
        }
        let (compiled, mut options) = self.prepare(&statement).await?;
        options.batch.get_or_insert(BATCH);
        let log = Log::start(&self.engine, &compiled);
        let cursor = self.pooled.raw()?.fetch(&compiled, &options);
        let engine = self.engine.clone();
        Ok(RowStream { cursor, compiled, engine, log: Some(log), rows: 0, query: PhantomData })
    }
}

/// The rows of a running query, decoded one by one; a [`Stream`].
pub struct RowStream<'c, Q, I> {
    cursor: Box<dyn Cursor + 'c>,
    compiled: Compiled,
    engine: Arc<EngineInner>,
    /// Gone when the stream has ended.
    log: Option<Log>,
    rows: u64,
    query: PhantomData<fn() -> (Q, I)>,
}

impl<Q: Query<I>, I> RowStream<'_, Q, I> {
    /// The next row.
    ///
    /// # Errors
    /// What the database says; [`Error::Decode`] where a value does not fit. Nothing comes after an error.
    pub async fn next(&mut self) -> Option<Result<Q::Row<Owned>>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Q::Row<Owned>>>> {
        if self.log.is_none() {
            return Poll::Ready(None);
        }
        let item = match std::task::ready!(self.cursor.poll_advance(cx)) {
            Ok(true) => Some(Q::decode_owned(self.cursor.row()).map_err(Error::from)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        };
        Poll::Ready(match item {
            Some(Ok(row)) => {
                self.rows += 1;
                Some(Ok(row))
            }
            Some(Err(error)) => Some(Err(self.fail(error))),
            None => {
                self.end(true);
                None
            }
        })
    }
}

impl<Q, I> RowStream<'_, Q, I> {
    fn fail(&mut self, error: Error) -> Error {
        self.end(false);
        blame(&self.engine, error, &self.compiled)
    }

    fn end(&mut self, succeeded: bool) {
        if let Some(log) = self.log.take() {
            log.end(&self.engine, &self.compiled, self.rows, succeeded);
        }
    }
}

impl<Q, I> Drop for RowStream<'_, Q, I> {
    fn drop(&mut self) {
        self.end(true);
    }
}

impl<Q: Query<I>, I> Stream for RowStream<'_, Q, I> {
    type Item = Result<Q::Row<Owned>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<Q, I> fmt::Debug for RowStream<'_, Q, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream").field("sql", &self.compiled.sql).finish_non_exhaustive()
    }
}
