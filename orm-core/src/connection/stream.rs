use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;
use orm_query::tree::Statement;
use orm_query::typed::{Owned, Query};
use orm_query::{Compiled, with_row};

use super::Connection;
use super::running::{Log, blame};
use crate::driver::{BoxFuture, Cursor};
use crate::engine::EngineInner;
use crate::session::Tracked;
use crate::session::scratch::{self, OwnedWalk};
use crate::{Error, Result};

/// How many rows a stream fetches at a time, where the database has cursors, or reads with their relationships.
const BATCH: usize = 1_000;

impl Connection {
    /// The rows one by one, with bounded memory: as the database sends them, through a cursor on the server where the
    /// database has one. Dropping the stream abandons the rest.
    ///
    /// A query that loads relationships, by `.options(…)` or by its mapping, is read in parts of 1,000 rows, or as many as
    /// [`ExecutionOptions::batch`](orm_query::ExecutionOptions::batch) says, each with its relationships; see
    /// [`partitions`](Connection::partitions).
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     #[relationship(back_populates = user)]
    /// #     posts: Many<Post>,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Post {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     title: String,
    /// #     #[column(foreign_key = User::id)]
    /// #     user_id: Option<i64>,
    /// #     #[relationship(back_populates = posts)]
    /// #     user: One<Option<User>>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Post].create_all(&engine).await?;
    /// # engine.execute(insert(User).values(["a", "b", "c"].map(User::new))).await?;
    /// let mut connection = engine.connect().await?;
    /// let mut users = connection.stream(select(User).options(selectin(User::posts))).await?;
    /// while let Some(user) = users.next().await {
    ///     assert!(user?.posts.loaded().is_some());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the statement cannot be compiled; [`PagingError::NoKeyset`](crate::PagingError::NoKeyset) for one that loads
    /// relationships and cannot be read in parts; what the database says comes out of the stream.
    pub async fn stream<Q: Query<I>, I>(&mut self, query: Q) -> Result<RowStream<'_, Q, I>> {
        let batch = query.run_options().batch.unwrap_or(BATCH);
        self.stream_in(query, batch).await
    }

    /// The rows in lists of at most `size` (0 counts as 1), with bounded memory. Entities are owned values with what
    /// `.options(…)` loads: one SELECT for a relationship of a list.
    ///
    /// A query that loads relationships is read in windows of 1,000 rows at least, by SELECTs that each go on behind the
    /// last row of the one before; for that, its rows are in the order of the query and then of their primary keys, as
    /// those of [`paginate`](crate::paginate), and it must be one that can be paged by key. Any other is one SELECT.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// # engine.execute(insert(User).values(["a", "b", "c"].map(User::new))).await?;
    /// let mut connection = engine.connect().await?;
    /// let mut parts = connection.partitions(select(User::name).order_by(User::id), 2).await?;
    /// assert_eq!(parts.next().await?, Some(vec!["a".to_owned(), "b".to_owned()]));
    /// assert_eq!(parts.next().await?, Some(vec!["c".to_owned()]));
    /// assert_eq!(parts.next().await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`stream`](Connection::stream).
    pub async fn partitions<Q: Query<I>, I>(
        &mut self,
        query: Q,
        size: usize,
    ) -> Result<RowPartitions<'_, Q, I>> {
        let size = size.max(1);
        Ok(RowPartitions { stream: self.stream_in(query, size).await?, size })
    }

    /// Gives each list of at most `size` rows to `work`, with bounded memory; see
    /// [`partitions`](Connection::partitions).
    ///
    /// # Errors
    /// Those of [`stream`](Connection::stream), and of `work`.
    pub async fn for_each_partition<Q: Query<I>, I>(
        &mut self,
        query: Q,
        size: usize,
        mut work: impl AsyncFnMut(Vec<Q::Row<Owned>>) -> Result<()>,
    ) -> Result<()> {
        let mut parts = self.partitions(query, size).await?;
        while let Some(rows) = parts.next().await? {
            work(rows).await?;
        }
        Ok(())
    }

    async fn stream_in<Q: Query<I>, I>(&mut self, query: Q, batch: usize) -> Result<RowStream<'_, Q, I>> {
        let options = query.run_options();
        let (mut statement, load) = query.into_statement();
        if scratch::loads_along::<Q, I>(&load) {
            let walk = scratch::walk::<Q, I>(self, statement, load, options, batch)?;
            let reading = Reading { rows: Vec::new().into_iter(), state: Walking::Waiting(Box::new(walk)) };
            return Ok(RowStream { inner: Inner::Loaded(reading) });
        }
        statement.add_criteria(&load.criteria);
        self.next = options;
        self.stream_rows(statement, batch).await
    }

    async fn stream_rows<Q: Query<I>, I>(
        &mut self,
        statement: Statement,
        batch: usize,
    ) -> Result<RowStream<'_, Q, I>> {
        let positions = statement.sent_positions();
        let (compiled, mut options) = self.prepare(&statement).await?;
        options.batch.get_or_insert(batch);
        let log = Log::start(&self.engine, &compiled);
        let cursor = self.pooled.raw()?.fetch(&compiled, &options);
        let engine = self.engine.clone();
        let rows =
            Running { cursor, compiled, positions, engine, log: Some(log), rows: 0, query: PhantomData };
        Ok(RowStream { inner: Inner::Rows(rows) })
    }
}

/// The rows of a running query, one by one; a [`Stream`].
pub struct RowStream<'c, Q: Query<I>, I> {
    inner: Inner<'c, Q, I>,
}

enum Inner<'c, Q: Query<I>, I> {
    /// As the database sends them.
    Rows(Running<'c, Q, I>),
    /// In parts, with their relationships.
    Loaded(Reading<'c, Q::Read<Tracked>, Q::Row<Owned>>),
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
        match &mut self.inner {
            Inner::Rows(rows) => rows.poll(cx),
            Inner::Loaded(reading) => reading.poll(cx),
        }
    }
}

/// The rows under a cursor, decoded one by one.
struct Running<'c, Q, I> {
    cursor: Box<dyn Cursor + 'c>,
    compiled: Compiled,
    /// Where the planned items stand in the rows, where some are left out.
    positions: Option<Vec<Option<usize>>>,
    engine: Arc<EngineInner>,
    /// Gone when the stream has ended.
    log: Option<Log>,
    rows: u64,
    query: PhantomData<fn() -> (Q, I)>,
}

impl<Q: Query<I>, I> Running<'_, Q, I> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Q::Row<Owned>>>> {
        if self.log.is_none() {
            return Poll::Ready(None);
        }
        let item = match ready!(self.cursor.poll_advance(cx)) {
            Ok(true) => Some(
                with_row(self.cursor.row(), self.positions.as_deref(), Q::decode_owned).map_err(Error::from),
            ),
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

impl<Q, I> Running<'_, Q, I> {
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

impl<Q, I> Drop for Running<'_, Q, I> {
    fn drop(&mut self) {
        self.end(true);
    }
}

/// The rows of the part that was read last, and what reads the next one.
struct Reading<'c, R, O> {
    rows: IntoIter<O>,
    state: Walking<'c, R, O>,
}

type Part<'c, R, O> = (Box<OwnedWalk<'c, R, O>>, Result<Option<Vec<O>>>);

enum Walking<'c, R, O> {
    Waiting(Box<OwnedWalk<'c, R, O>>),
    Going(BoxFuture<'c, Part<'c, R, O>>),
    Ended,
}

impl<R: Send + 'static, O: Send + 'static> Reading<'_, R, O> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<O>>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match std::mem::replace(&mut self.state, Walking::Ended) {
                Walking::Ended => return Poll::Ready(None),
                Walking::Waiting(mut walk) => {
                    self.state = Walking::Going(Box::pin(async move {
                        let part = walk.next().await;
                        (walk, part)
                    }));
                }
                Walking::Going(mut going) => {
                    let Poll::Ready((walk, part)) = going.as_mut().poll(cx) else {
                        self.state = Walking::Going(going);
                        return Poll::Pending;
                    };
                    match part {
                        Ok(Some(rows)) => {
                            self.rows = rows.into_iter();
                            self.state = Walking::Waiting(walk);
                        }
                        Ok(None) => {}
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }
}

// Nothing of it is pinned in place.
impl<Q: Query<I>, I> Unpin for RowStream<'_, Q, I> {}

impl<Q: Query<I>, I> Stream for RowStream<'_, Q, I> {
    type Item = Result<Q::Row<Owned>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<Q: Query<I>, I> fmt::Debug for RowStream<'_, Q, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("RowStream");
        if let Inner::Rows(rows) = &self.inner {
            shown.field("sql", &rows.compiled.sql);
        }
        shown.finish_non_exhaustive()
    }
}

/// The rows of a running query, a list of them at a time; made by [`Connection::partitions`].
pub struct RowPartitions<'c, Q: Query<I>, I> {
    stream: RowStream<'c, Q, I>,
    size: usize,
}

impl<Q: Query<I>, I> RowPartitions<'_, Q, I> {
    /// The next rows; `None` behind the last ones.
    ///
    /// # Errors
    /// What the database says; [`Error::Decode`] where a value does not fit. Nothing comes after an error.
    pub async fn next(&mut self) -> Result<Option<Vec<Q::Row<Owned>>>> {
        let mut rows = Vec::new();
        while rows.len() < self.size
            && let Some(row) = self.stream.next().await
        {
            rows.push(row?);
        }
        Ok((!rows.is_empty()).then_some(rows))
    }
}

impl<Q: Query<I>, I> fmt::Debug for RowPartitions<'_, Q, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowPartitions").field("stream", &self.stream).field("size", &self.size).finish()
    }
}
