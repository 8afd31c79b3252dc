use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use orm_query::Dialect;
use orm_query::typed::{Executable, Owned, Query};

use crate::connection::Connection;
use crate::driver::{Driver, DriverOptions, TransactionOptions};
use crate::events::EventList;
use crate::pool::{Pool, PoolStatus};
use crate::session::{Scoped, SessionMaker};
use crate::{Error, Result};

mod builder;

pub use builder::EngineBuilder;

/// A database and its pool of connections: the one thing that a program makes at its start.
///
/// It is lazy (the first statement is the first I/O) and cheap to clone; all clones share the pool. `D` is the set of
/// drivers that [`Engine::new`] chooses from by the scheme of the URL; the facade `orm` names it.
///
/// The verbs [`all`](Engine::all), [`one`](Engine::one), [`execute`](Engine::execute), … run a single statement on a
/// connection of the pool and give owned values. For several statements in one transaction take
/// [`connect`](Engine::connect) or [`begin`](Engine::begin), for tracked objects a [`Session`](crate::Session).
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
/// engine.execute(insert(User).values([User::new("sandy"), User::new("gary")])).await?;
/// let names = engine.all(select(User::name).order_by(User::name)).await?;
/// assert_eq!(names, ["gary", "sandy"]);
/// # Ok(())
/// # }
/// ```
pub struct Engine<D = ()> {
    inner: Arc<EngineInner>,
    drivers: PhantomData<fn() -> D>,
}

pub(crate) struct EngineInner {
    pub(crate) driver: Arc<dyn Driver>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) events: EventList,
    pub(crate) echo: bool,
    pub(crate) hide_parameters: bool,
}

/// Which drivers a program has: the scheme of a URL chooses one.
pub trait Drivers: 'static {
    /// A driver for the database at `url`, which is not connected to yet.
    ///
    /// # Errors
    /// When no driver knows the scheme, or the URL is malformed.
    fn open(url: &str, options: &DriverOptions) -> Result<Arc<dyn Driver>>;
}

impl<D: Drivers> Engine<D> {
    /// An engine for the database at `url`, with the default settings. Nothing is connected to yet.
    ///
    /// # Errors
    /// [`Error::Url`] when the URL is malformed or no driver knows its scheme.
    pub fn new(url: &str) -> Result<Self> {
        Self::builder(url).build()
    }

    /// An engine with settings of its own.
    pub fn builder(url: &str) -> EngineBuilder<D> {
        EngineBuilder::new(url)
    }
}

impl Engine {
    /// An engine over a driver of one's own.
    pub fn with_driver(driver: Arc<dyn Driver>) -> Self {
        EngineBuilder::new("").build_with(driver)
    }
}

impl<D> Engine<D> {
    pub(crate) fn inner(&self) -> &Arc<EngineInner> {
        &self.inner
    }

    /// How this database says a statement.
    pub fn dialect(&self) -> &dyn Dialect {
        self.inner.driver.dialect()
    }

    /// How the pool is used now.
    pub fn pool_status(&self) -> PoolStatus {
        self.inner.pool.status()
    }

    /// Takes a connection out of the pool: *commit as you go*. A transaction begins with the first statement and
    /// ends with [`Connection::commit`]; dropping the connection rolls back.
    ///
    /// # Errors
    /// When the database cannot be reached, or the pool is exhausted.
    pub async fn connect(&self) -> Result<Connection> {
        Connection::open(self.inner.clone()).await
    }

    /// Takes a connection out of the pool and begins a transaction with options.
    ///
    /// # Errors
    /// As [`begin`](Engine::begin); [`Error::Unsupported`] where the database has no such transaction.
    pub async fn begin_with(&self, options: TransactionOptions) -> Result<Connection> {
        let mut connection = self.connect().await?;
        connection.begin_with(options).await?;
        Ok(connection)
    }

    /// Takes a connection out of the pool and begins a transaction.
    ///
    /// # Errors
    /// When the database cannot be reached, or the pool is exhausted.
    pub async fn begin(&self) -> Result<Connection> {
        let mut connection = self.connect().await?;
        connection.begin().await?;
        Ok(connection)
    }

    /// Runs `work` in a session of its own and commits; rolls back where it fails.
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
    /// let id = engine
    ///     .transaction(async |mut session| {
    ///         let patrick = session.add(User::new("patrick"));
    ///         session.flush().await?;
    ///         Ok(session[patrick].id)
    ///     })
    ///     .await?;
    /// assert_eq!(id, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What `work` or the commit says.
    pub async fn transaction<R, F, Fut>(&self, work: F) -> Result<R>
    where
        F: FnMut(Scoped) -> Fut,
        Fut: Future<Output = Result<R>>,
    {
        self.transaction_with(TransactionOptions::new(), work).await
    }

    /// The same with options; with [`retries`](TransactionOptions::retries) the whole of `work` runs again, in a new
    /// session, when the database gave the transaction up (see [`Error::is_retryable`]), after a short pause that
    /// grows from time to time.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// use orm::{IsolationLevel, TransactionOptions};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// let options = TransactionOptions::new().isolation(IsolationLevel::Serializable).retries(5);
    /// let two = engine
    ///     .transaction_with(options, async |mut session| {
    ///         session.one(text("SELECT 1 + 1").columns::<i64>()).await
    ///     })
    ///     .await?;
    /// assert_eq!(two, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What `work` or the commit says, the last time.
    pub async fn transaction_with<R, F, Fut>(&self, options: TransactionOptions, mut work: F) -> Result<R>
    where
        F: FnMut(Scoped) -> Fut,
        Fut: Future<Output = Result<R>>,
    {
        SessionMaker::new(self).transaction_options(options).transaction(&mut work).await
    }

    /// Refuses everyone who asks for a connection from now on, waits until those that are out have come back, and
    /// closes all.
    pub async fn dispose(&self) {
        self.inner.pool.dispose().await;
    }

    pub(crate) async fn autocommit(&self) -> Result<Connection> {
        let mut connection = self.connect().await?;
        connection.set_autocommit();
        Ok(connection)
    }

    /// All rows, on a connection of the pool. Entities are owned values with what `.options(…)` loads.
    ///
    /// # Errors
    /// What the database says; [`Error::Decode`] where a value does not fit.
    pub async fn all<Q: Query<I>, I>(&self, query: Q) -> Result<Vec<Q::Row<Owned>>> {
        self.autocommit().await?.all(query).await
    }

    /// The only row.
    ///
    /// # Errors
    /// [`Error::NoResultFound`] and [`Error::MultipleResultsFound`], and those of [`all`](Engine::all).
    pub async fn one<Q: Query<I>, I>(&self, query: Q) -> Result<Q::Row<Owned>> {
        self.autocommit().await?.one(query).await
    }

    /// The only row, if there is one.
    ///
    /// # Errors
    /// [`Error::MultipleResultsFound`], and those of [`all`](Engine::all).
    pub async fn one_or_none<Q: Query<I>, I>(&self, query: Q) -> Result<Option<Q::Row<Owned>>> {
        self.autocommit().await?.one_or_none(query).await
    }

    /// The first row, if there is one; the rest is dropped.
    ///
    /// # Errors
    /// Those of [`all`](Engine::all).
    pub async fn first<Q: Query<I>, I>(&self, query: Q) -> Result<Option<Q::Row<Owned>>> {
        self.autocommit().await?.first(query).await
    }

    /// Gives each list of at most `size` rows to `work`, on a connection of the pool, with bounded memory; see
    /// [`Connection::partitions`].
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
    /// let mut names = Vec::new();
    /// engine
    ///     .for_each_partition(select(User).order_by(User::id), 2, async |users| {
    ///         names.push(users.iter().map(|user| user.name.as_str()).collect::<String>());
    ///         Ok(())
    ///     })
    ///     .await?;
    /// assert_eq!(names, ["ab", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`Connection::stream`], and of `work`.
    pub async fn for_each_partition<Q: Query<I>, I>(
        &self,
        query: Q,
        size: usize,
        work: impl AsyncFnMut(Vec<Q::Row<Owned>>) -> Result<()>,
    ) -> Result<()> {
        self.connect().await?.for_each_partition(query, size, work).await
    }

    /// Runs a statement for its effect and commits it; the number of rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute<S: Executable>(&self, statement: S) -> Result<u64> {
        self.autocommit().await?.execute(statement).await
    }
}

impl<D> Clone for Engine<D> {
    fn clone(&self) -> Self {
        Engine { inner: self.inner.clone(), drivers: PhantomData }
    }
}

impl<D> fmt::Debug for Engine<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Engine").field(&self.inner.driver).finish()
    }
}

impl Error {
    /// The error for a URL whose scheme no driver knows.
    pub fn unknown_scheme(url: &str, known: &[&str]) -> Self {
        let scheme = url.split(':').next().unwrap_or_default();
        Error::Url {
            url: scheme.to_owned() + ":…",
            reason: format!(
                "no driver knows the scheme `{scheme}`; this build has: {}. Others are features of the crate `orm`",
                known.join(", ")
            ),
        }
    }
}
