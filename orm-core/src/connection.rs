use std::fmt;
use std::sync::Arc;

use orm_query::ExecutionOptions;
use orm_query::typed::{Executable, Owned, Query};

use crate::driver::{GeneratedKeys, TransactionOptions};
use crate::engine::EngineInner;
use crate::pool::Pooled;
use crate::reflect::Reflect;
use crate::session::scratch;
use crate::{Error, Result};

mod executor;
mod page;
mod rows;
mod running;
mod savepoint;
mod stream;
mod two_phase;

pub use executor::{Executor, Lease};
pub use rows::Rows;
pub(crate) use running::Flow;
pub use savepoint::Nested;
pub use stream::{RowPartitions, RowStream};

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
    pooled: Pooled,
    engine: Arc<EngineInner>,
    autocommit: bool,
    /// How the next transaction begins, if nothing else is said.
    transaction: TransactionOptions,
    /// How the next statement is run.
    next: ExecutionOptions,
    /// Something was sent on it since it was taken out.
    is_used: bool,
    /// The savepoints that are set.
    savepoints: u32,
    /// The outermost savepoint that was dropped and is not rolled back to yet.
    abandoned: Option<u32>,
}

impl Connection {
    pub(crate) async fn open(engine: Arc<EngineInner>) -> Result<Self> {
        let pooled = engine.pool.acquire().await?;
        Ok(Connection {
            pooled,
            engine,
            autocommit: false,
            transaction: TransactionOptions::new(),
            next: ExecutionOptions::new(),
            is_used: false,
            savepoints: 0,
            abandoned: None,
        })
    }

    pub(crate) fn set_autocommit(&mut self) {
        self.autocommit = true;
    }

    pub(crate) fn engine(&self) -> &Arc<EngineInner> {
        &self.engine
    }

    /// How this database says a statement.
    pub fn dialect(&self) -> &dyn orm_query::Dialect {
        self.engine.driver.dialect()
    }

    /// The options of each transaction that begins by itself from now on.
    pub fn set_transaction_options(&mut self, options: TransactionOptions) {
        self.transaction = options;
    }

    /// Begins a transaction; does nothing inside one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(&mut self) -> Result<()> {
        if self.in_transaction() {
            return Ok(());
        }
        self.begin_now(self.transaction).await
    }

    /// Begins a transaction with options.
    ///
    /// # Errors
    /// Inside a transaction; [`Error::Unsupported`] where the database has no such transaction; what the database says.
    pub async fn begin_with(&mut self, options: TransactionOptions) -> Result<()> {
        if self.in_transaction() {
            return Err(crate::SessionError::Misuse(
                "the options of a transaction are given when it begins, and one is open".into(),
            )
            .into());
        }
        self.begin_now(options).await
    }

    async fn begin_now(&mut self, options: TransactionOptions) -> Result<()> {
        self.pooled.ensure().await?;
        self.log("BEGIN");
        let begun = self.pooled.raw()?.begin(&options).await;
        let begun = match begun {
            // It was cut while nobody used it, and nothing is lost yet.
            Err(error) if error.is_disconnect() && self.pooled.is_reused() && !self.is_used => {
                tracing::debug!(%error, "a connection was cut while it was idle; another one takes its place");
                self.engine.pool.invalidate();
                self.pooled.reopen().await?;
                self.pooled.raw()?.begin(&options).await
            }
            begun => begun,
        };
        self.is_used = true;
        (self.savepoints, self.abandoned) = (0, None);
        self.checked(begun)?;
        self.engine.events.each(|events| events.on_begin());
        Ok(())
    }

    /// Commits the transaction; does nothing outside one.
    ///
    /// # Errors
    /// What the database says, such as a deferred constraint that is violated; [`Error::CommitUnknown`] where the
    /// connection is lost before it answers.
    pub async fn commit(&mut self) -> Result<()> {
        if !self.in_transaction() {
            return Ok(());
        }
        self.settle().await?;
        self.log("COMMIT");
        let raw = self.pooled.raw()?;
        let was_broken = raw.is_broken();
        let committed = raw.commit().await.map_err(|error| match error {
            // It was sent, and there was no answer.
            Error::Connection { message } if !was_broken => Error::CommitUnknown { message },
            error => error,
        });
        self.checked(committed)?;
        self.engine.events.each(|events| events.on_commit());
        Ok(())
    }

    /// Rolls the transaction back; does nothing outside one. A connection that was lost, or that a dropped future has left
    /// with half an answer, is closed, which rolls it back too; the next transaction begins on another one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rollback(&mut self) -> Result<()> {
        if self.pooled.get().is_some_and(|raw| raw.is_broken()) {
            self.pooled.give_up();
            return Ok(());
        }
        if !self.in_transaction() {
            return Ok(());
        }
        self.log("ROLLBACK");
        let rolled_back = self.pooled.raw()?.rollback().await;
        self.checked(rolled_back)?;
        self.engine.events.each(|events| events.on_rollback());
        Ok(())
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.pooled.get().is_some_and(|raw| raw.in_transaction())
    }

    /// The connection underneath, of the type that the driver has, for what orm has no words for. What is done with it is
    /// the caller's own; the connection is reset before anyone else gets it.
    ///
    /// # Errors
    /// When the driver's connection is of another type; when the connection is lost.
    pub async fn raw<T: std::any::Any>(&mut self) -> Result<&mut T> {
        self.is_used = true;
        self.pooled.raw()?.raw().await?.downcast_mut().ok_or_else(|| {
            let asked = std::any::type_name::<T>();
            crate::SessionError::Misuse(format!("this driver's connection is not a `{asked}`")).into()
        })
    }

    /// The keys of the rows that were just inserted, where the database does not return them.
    pub(crate) fn generated_keys(&self) -> Option<GeneratedKeys> {
        self.pooled.get()?.generated_keys()
    }

    /// How the schema is read back, and the connection to read it by.
    pub(crate) fn reflect(&mut self) -> (&'static dyn Reflect, &mut Connection) {
        (self.engine.driver.reflect(), self)
    }

    /// How the next statement is run.
    pub(crate) fn set_next(&mut self, options: ExecutionOptions) {
        self.next = options;
    }

    /// Closes the connection when it is dropped, instead of giving it back.
    pub fn detach(&mut self) {
        self.pooled.doom();
    }

    /// All rows. Entities are owned values with what `.options(…)` loads.
    ///
    /// # Errors
    /// What the database says; [`Error::Decode`] where a value does not fit.
    pub async fn all<Q: Query<I>, I>(&mut self, query: Q) -> Result<Vec<Q::Row<Owned>>> {
        self.next = query.run_options();
        let (statement, load) = query.into_statement();
        if scratch::wants_loading::<Q, I>(&load) {
            return Box::pin(scratch::all::<Q, I>(self, statement, load)).await;
        }
        let mut rows = Vec::new();
        self.for_each(&statement, &mut |row| {
            rows.push(Q::decode_owned(row)?);
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
        self.one_or_none(query).await?.ok_or(Error::NoResultFound { object: None, statement: None })
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
        self.next = query.run_options();
        let (statement, load) = query.into_statement();
        if scratch::wants_loading::<Q, I>(&load) {
            return Ok(Box::pin(scratch::all::<Q, I>(self, statement, load)).await?.into_iter().next());
        }
        let mut first = None;
        self.for_each(&statement, &mut |row| {
            first = Some(Q::decode_owned(row)?);
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

    /// All rows, with the names of their columns.
    ///
    /// # Errors
    /// Those of [`all`](Connection::all).
    pub async fn rows<Q: Query<I>, I>(&mut self, query: Q) -> Result<Rows<Q::Row<Owned>>> {
        self.next = query.run_options();
        let (statement, load) = query.into_statement();
        let mut columns = rows::column_names(&statement);
        if scratch::wants_loading::<Q, I>(&load) {
            let all = Box::pin(scratch::all::<Q, I>(self, statement, load)).await?;
            return Ok(Rows::new(columns.unwrap_or_default(), all));
        }
        let mut all = Vec::new();
        self.for_each(&statement, &mut |row| {
            columns.get_or_insert_with(|| {
                (0..row.len()).map(|at| row.column_name(at).unwrap_or("").to_owned()).collect()
            });
            all.push(Q::decode_owned(row)?);
            Ok(Flow::More)
        })
        .await?;
        Ok(Rows::new(columns.unwrap_or_default(), all))
    }

    /// Runs a statement for its effect; the number of rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute<S: Executable>(&mut self, statement: S) -> Result<u64> {
        self.next = statement.run_options();
        self.run(&statement.into_statement()).await
    }

    /// Runs several statements, one after the other, on a statement prepared once where they read alike; the number of
    /// rows that all together changed. For many new rows in one statement, give `insert` all of them.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # let mut connection = engine.connect().await?;
    /// # connection.execute(text("CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT)")).await?;
    /// # connection.execute(text("INSERT INTO city VALUES (1, 'a'), (2, 'b')")).await?;
    /// let names = [(1, "Oslo"), (2, "Bergen")];
    /// let rename = |(id, name): (i64, &str)| {
    ///     text("UPDATE city SET name = :name WHERE id = :id").bind("id", id).bind_str("name", name)
    /// };
    /// assert_eq!(connection.execute_many(names.map(rename)).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database says to the first statement that fails; those before it have run.
    pub async fn execute_many<S: Executable>(
        &mut self,
        statements: impl IntoIterator<Item = S, IntoIter: Send>,
    ) -> Result<u64> {
        let mut changed = 0;
        for statement in statements.into_iter() {
            changed += self.execute(statement).await?;
        }
        Ok(changed)
    }
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
            .field("in_transaction", &self.in_transaction())
            .finish_non_exhaustive()
    }
}
