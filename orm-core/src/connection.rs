use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use futures_core::Stream;
use orm_query::tree::Statement;
use orm_query::typed::{Executable, Owned, Query};
use orm_query::{Compiled, Row};

use crate::driver::{BoxFuture, Cursor, DriverConnection};
use crate::engine::EngineInner;
use crate::session::scratch;
use crate::{Error, Result, StatementInfo};

/// A connection taken out of the pool: the Core half, without tracked objects.
///
/// *Commit as you go*: a transaction begins with the first statement and ends with [`commit`](Connection::commit) or
/// [`rollback`](Connection::rollback). Dropped, it rolls back and goes back to the pool.
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
/// let mut connection = engine.connect().await?;
/// connection.execute(insert(User).values(User::new("sandy"))).await?;
/// connection.commit().await?;
/// connection.execute(delete(User).all_rows()).await?;
/// connection.rollback().await?;
/// assert_eq!(connection.one(select(count(User))).await?, 1);
///
/// let mut rows = connection.stream(select(User)).await?;
/// while let Some(user) = rows.next().await {
///     assert_eq!(user?.name, "sandy");
/// }
/// # Ok(())
/// # }
/// ```
pub struct Connection {
    raw: Box<dyn DriverConnection>,
    engine: Arc<EngineInner>,
    autocommit: bool,
}

/// Whether a reader of rows wants more of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    More,
    Enough,
}

impl Connection {
    pub(crate) async fn open(engine: Arc<EngineInner>) -> Result<Self> {
        let raw = engine.driver.acquire().await?;
        Ok(Connection { raw, engine, autocommit: false })
    }

    pub(crate) fn set_autocommit(&mut self) {
        self.autocommit = true;
    }

    pub(crate) fn engine(&self) -> &Arc<EngineInner> {
        &self.engine
    }

    /// Begins a transaction; does nothing inside one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(&mut self) -> Result<()> {
        if self.raw.in_transaction() {
            return Ok(());
        }
        self.log("BEGIN", "", None);
        self.raw.begin().await
    }

    /// Commits the transaction; does nothing outside one.
    ///
    /// # Errors
    /// What the database says, such as a deferred constraint that is violated.
    pub async fn commit(&mut self) -> Result<()> {
        if !self.raw.in_transaction() {
            return Ok(());
        }
        self.log("COMMIT", "", None);
        self.raw.commit().await
    }

    /// Rolls the transaction back; does nothing outside one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rollback(&mut self) -> Result<()> {
        if !self.raw.in_transaction() {
            return Ok(());
        }
        self.log("ROLLBACK", "", None);
        self.raw.rollback().await
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.raw.in_transaction()
    }

    pub(crate) async fn savepoint(&mut self, number: u32) -> Result<()> {
        self.begin().await?;
        self.log("SAVEPOINT", "", None);
        self.raw.savepoint(number).await
    }

    pub(crate) async fn release(&mut self, number: u32) -> Result<()> {
        self.log("RELEASE SAVEPOINT", "", None);
        self.raw.release(number).await
    }

    pub(crate) async fn rollback_to(&mut self, number: u32) -> Result<()> {
        self.log("ROLLBACK TO SAVEPOINT", "", None);
        self.raw.rollback_to(number).await
    }

    /// All rows. Entities are owned values with what `.options(…)` loads.
    ///
    /// # Errors
    /// What the database says; [`Error::Decode`] where a value does not fit.
    pub async fn all<Q: Query<I>, I>(&mut self, query: Q) -> Result<Vec<Q::Row<Owned>>> {
        let (statement, load) = query.into_statement();
        if scratch::wants_loading::<Q, I>(&load) {
            return scratch::all::<Q, I>(self, statement, load).await;
        }
        let mut rows = Vec::new();
        self.for_each(&statement, &mut |row| {
            rows.push(Q::decode::<Owned>(&mut (), row)?);
            Ok(Flow::More)
        })
        .await?;
        Ok(rows)
    }

    /// The only row.
    ///
    /// # Errors
    /// [`Error::NoResultFound`] and [`Error::MultipleResultsFound`], and those of [`all`](Connection::all).
    pub async fn one<Q: Query<I>, I>(&mut self, query: Q) -> Result<Q::Row<Owned>> {
        self.one_or_none(query).await?.ok_or(Error::NoResultFound { statement: None })
    }

    /// The only row, if there is one.
    ///
    /// # Errors
    /// [`Error::MultipleResultsFound`], and those of [`all`](Connection::all).
    pub async fn one_or_none<Q: Query<I>, I>(&mut self, query: Q) -> Result<Option<Q::Row<Owned>>> {
        single(self.all(query).await?)
    }

    /// The first row, if there is one; the rest is dropped.
    ///
    /// # Errors
    /// Those of [`all`](Connection::all).
    pub async fn first<Q: Query<I>, I>(&mut self, query: Q) -> Result<Option<Q::Row<Owned>>> {
        let (statement, load) = query.into_statement();
        if scratch::wants_loading::<Q, I>(&load) {
            return Ok(scratch::all::<Q, I>(self, statement, load).await?.into_iter().next());
        }
        let mut first = None;
        self.for_each(&statement, &mut |row| {
            first = Some(Q::decode::<Owned>(&mut (), row)?);
            Ok(Flow::Enough)
        })
        .await?;
        Ok(first)
    }

    /// The first row of a query for one value: another word for [`first`](Connection::first).
    ///
    /// # Errors
    /// Those of [`all`](Connection::all).
    pub async fn scalar<Q: Query<I>, I>(&mut self, query: Q) -> Result<Option<Q::Row<Owned>>> {
        self.first(query).await
    }

    /// The rows one by one, as the database sends them. Relationships stay unloaded.
    ///
    /// # Errors
    /// When the statement cannot be compiled, or loads relationships, which needs all rows; what the database says
    /// comes out of the stream.
    pub async fn stream<Q: Query<I>, I>(&mut self, query: Q) -> Result<RowStream<'_, Q, I>> {
        let (statement, load) = query.into_statement();
        if !load.is_empty() {
            return Err(crate::SessionError::Misuse(
                "`stream` gives rows one by one and cannot load relationships; use `all`".into(),
            )
            .into());
        }
        self.autobegin().await?;
        let compiled = self.compile(&statement)?;
        self.log(&compiled.sql, &self.parameters(&compiled), None);
        let hide = self.engine.hide_parameters;
        let cursor = self.raw.fetch(&compiled);
        Ok(RowStream { cursor, compiled, hide, done: false, query: std::marker::PhantomData })
    }

    /// Runs a statement for its effect; the number of rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute<S: Executable>(&mut self, statement: S) -> Result<u64> {
        self.run(&statement.into_statement()).await
    }

    async fn autobegin(&mut self) -> Result<()> {
        if self.autocommit { Ok(()) } else { self.begin().await }
    }

    pub(crate) fn compile(&self, statement: &Statement) -> Result<Compiled> {
        Ok(self.engine.driver.dialect().compile(statement)?)
    }

    pub(crate) async fn run(&mut self, statement: &Statement) -> Result<u64> {
        let compiled = self.compile(statement)?;
        self.autobegin().await?;
        let start = Instant::now();
        let result = self.raw.execute(&compiled).await;
        self.log(&compiled.sql, &self.parameters(&compiled), result.as_ref().ok().map(|r| (*r, start)));
        if statement.is_ddl() {
            self.raw.clear_statement_cache().await?;
        }
        result.map_err(|error| self.blame(error, &compiled))
    }

    /// Runs a statement and shows each row to `read`.
    pub(crate) async fn for_each(
        &mut self,
        statement: &Statement,
        read: &mut (dyn for<'r> FnMut(&'r dyn Row) -> Result<Flow> + Send),
    ) -> Result<()> {
        let compiled = self.compile(statement)?;
        self.autobegin().await?;
        let start = Instant::now();
        let mut count = 0;
        let mut cursor = self.raw.fetch(&compiled);
        let result = loop {
            match cursor.next().await {
                Ok(Some(row)) => {
                    count += 1;
                    match read(row) {
                        Ok(Flow::More) => {}
                        Ok(Flow::Enough) => break Ok(()),
                        Err(error) => break Err(error),
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        drop(cursor);
        self.log(&compiled.sql, &self.parameters(&compiled), Some((count, start)));
        result.map_err(|error| self.blame(error, &compiled))
    }

    fn blame(&self, error: Error, compiled: &Compiled) -> Error {
        error.with_statement(|| StatementInfo {
            sql: compiled.sql.clone(),
            parameters: self.parameters(compiled),
        })
    }

    fn parameters(&self, compiled: &Compiled) -> String {
        if self.engine.hide_parameters { String::new() } else { parameters(compiled) }
    }

    fn log(&self, sql: &str, parameters: &str, outcome: Option<(u64, Instant)>) {
        let (rows, elapsed) = outcome.map_or((0, None), |(rows, start)| (rows, Some(start.elapsed())));
        if self.engine.echo {
            tracing::info!(target: "orm::sql", statement = sql, parameters, rows, ?elapsed);
        } else {
            tracing::debug!(target: "orm::sql", statement = sql, parameters, rows, ?elapsed);
        }
    }
}

/// At most this much of the values of a statement is shown.
const SHOWN: usize = 1_000;

fn parameters(compiled: &Compiled) -> String {
    use fmt::Write;
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
        let _ = write!(out, "{:?}", bind.value);
    }
    out
}

pub(crate) fn single<T>(rows: Vec<T>) -> Result<Option<T>> {
    let mut rows = rows.into_iter();
    match (rows.next(), rows.next()) {
        (first, None) => Ok(first),
        (_, Some(_)) => Err(Error::MultipleResultsFound { statement: None }),
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("driver", &self.engine.driver)
            .field("in_transaction", &self.raw.in_transaction())
            .finish_non_exhaustive()
    }
}

/// The rows of a running query, decoded one by one; a [`Stream`].
pub struct RowStream<'c, Q, I> {
    cursor: Box<dyn Cursor + 'c>,
    compiled: Compiled,
    hide: bool,
    done: bool,
    query: std::marker::PhantomData<fn() -> (Q, I)>,
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
        if self.done {
            return Poll::Ready(None);
        }
        let item = match std::task::ready!(self.cursor.poll_advance(cx)) {
            Ok(true) => Some(Q::decode::<Owned>(&mut (), self.cursor.row()).map_err(Error::from)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        };
        self.done = !matches!(item, Some(Ok(_)));
        Poll::Ready(item.map(|item| {
            item.map_err(|error| {
                error.with_statement(|| StatementInfo {
                    sql: self.compiled.sql.clone(),
                    parameters: if self.hide { String::new() } else { parameters(&self.compiled) },
                })
            })
        }))
    }
}

impl<Q: Query<I>, I> Stream for RowStream<'_, Q, I> {
    type Item = Result<Q::Row<Owned>>;

    fn poll_next(self: std::pin::Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<Q, I> fmt::Debug for RowStream<'_, Q, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream").field("sql", &self.compiled.sql).finish_non_exhaustive()
    }
}

/// Where DDL and single statements can run: an engine, a connection or a session.
pub trait Executor: Send {
    /// A connection, for as long as the borrow lasts.
    fn with_connection<'e>(self) -> BoxFuture<'e, Result<Lease<'e>>>
    where
        Self: 'e;
}

/// A connection that is borrowed, or that was taken for one piece of work and commits it.
#[derive(Debug)]
pub enum Lease<'e> {
    /// Somebody else's, with its transaction.
    Borrowed(&'e mut Connection),
    /// One of its own.
    Own(Connection),
}

impl Lease<'_> {
    /// The connection.
    pub fn connection(&mut self) -> &mut Connection {
        match self {
            Lease::Borrowed(connection) => connection,
            Lease::Own(connection) => connection,
        }
    }

    /// Commits what was done, if the connection is its own.
    ///
    /// # Errors
    /// What the database says.
    pub async fn finish(self) -> Result<()> {
        match self {
            Lease::Borrowed(_) => Ok(()),
            Lease::Own(mut connection) => connection.commit().await,
        }
    }
}

impl<D> Executor for &crate::Engine<D> {
    fn with_connection<'e>(self) -> BoxFuture<'e, Result<Lease<'e>>>
    where
        Self: 'e,
    {
        let engine = self.inner().clone();
        Box::pin(async move { Ok(Lease::Own(Connection::open(engine).await?)) })
    }
}

impl Executor for &mut Connection {
    fn with_connection<'e>(self) -> BoxFuture<'e, Result<Lease<'e>>>
    where
        Self: 'e,
    {
        Box::pin(async move { Ok(Lease::Borrowed(self)) })
    }
}
