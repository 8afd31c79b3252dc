use std::fmt;

use orm_query::typed::Query;

use super::graph::Id;
use super::scratch::Copies;
use super::walk::Walk;
use super::{Session, Tracked};
use crate::{Result, SessionError};

/// The rows of a query on their way through a session, a list of them at a time; made by
/// [`Session::partitions`].
pub struct Partitions<Q: Query<I>, I> {
    walk: Walk<Q::Read<Tracked>>,
    session: u32,
    /// The objects that came with the partitions and are in the session still.
    brought: Vec<Id>,
}

impl Session {
    /// The rows of a query in lists of at most `size` (0 counts as 1), with what `.options(…)` loads for each list: one
    /// SELECT for a relationship of a partition.
    ///
    /// It does not borrow the session, in which anything may be done between two partitions, a commit too. The rows are
    /// read in windows of 1,000 at least, by SELECTs that each go on behind the last row of the one before, so that a
    /// query of no more rows is one SELECT; what is read later may be newer. For that, the rows are in the order of the
    /// query and then of their primary keys, as those of [`paginate`](crate::paginate), and what cannot be paged by key
    /// cannot be read so either.
    ///
    /// All objects stay in the session, unless [`release`](Partitions::release) lets those of the partition go:
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
    /// let mut session = Session::new(&engine);
    /// let mut parts = session.partitions(select(User).options(selectin(User::posts)), 2)?;
    /// while let Some(users) = parts.next(&mut session).await? {
    ///     for user in users {
    ///         if session.view(user).get(User::posts)?.is_empty() {
    ///             session[user].name += " (silent)";
    ///         }
    ///     }
    ///     session.flush().await?;
    ///     parts.release(&mut session);
    /// }
    /// session.commit().await?;
    /// assert_eq!(session.count(select(User).filter(User::name.ends_with("(silent)"))).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`PagingError::NoKeyset`](crate::PagingError::NoKeyset) says why a query cannot be read so.
    pub fn partitions<Q: Query<I>, I>(&self, query: Q, size: usize) -> Result<Partitions<Q, I>> {
        let run = query.run_options();
        let (statement, load) = query.into_statement();
        let features = self.engine.driver.dialect().features();
        let walk = Walk::new(Q::entities(), Q::decode::<Tracked>, statement, load, run, features, size)?;
        Ok(Partitions { walk, session: self.graph.tag, brought: Vec::new() })
    }

    /// Gives each partition of a query to `work`, flushes what that changes, and lets the partition's objects go: however
    /// many rows there are, few of them are in the session at a time. See [`partitions`](Session::partitions).
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
    /// let mut session = Session::new(&engine);
    /// session
    ///     .for_each_partition(select(User), 100, async |session, users| {
    ///         users.into_iter().for_each(|user| session[user].name += "!");
    ///         Ok(())
    ///     })
    ///     .await?;
    /// session.commit().await?;
    /// assert_eq!(engine.all(select(User::name)).await?, ["a!", "b!", "c!"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`partitions`](Session::partitions) and of `work`; what the database says.
    pub async fn for_each_partition<Q: Query<I>, I>(
        &mut self,
        query: Q,
        size: usize,
        mut work: impl AsyncFnMut(&mut Session, Vec<Q::Row<Tracked>>) -> Result<()>,
    ) -> Result<()> {
        let mut parts = self.partitions(query, size)?;
        while let Some(rows) = parts.next(self).await? {
            work(self, rows).await?;
            self.flush().await?;
            parts.release(self);
        }
        Ok(())
    }
}

impl<Q: Query<I>, I> Partitions<Q, I> {
    /// The next rows, with their relationships loaded; `None` behind the last ones. Flushes first where it reads rows of the query.
    ///
    /// Rows whose objects have left the session since they were read, or were deleted, are read again.
    ///
    /// # Errors
    /// What the database says; [`Error::Decode`](crate::Error::Decode) where a value does not fit. It may be called once
    /// more then, and goes on behind the last partition that it gave.
    ///
    /// [`SessionError::Misuse`] in another session.
    pub async fn next(&mut self, session: &mut Session) -> Result<Option<Vec<Q::Row<Tracked>>>> {
        if session.graph.tag != self.session {
            return Err(SessionError::Misuse("these partitions are of another session".into()).into());
        }
        if self.walk.is_ahead(&session.graph) {
            session.connection().await?;
        } else {
            session.before_query().await?;
        }
        let (graph, connection) = session.parts()?;
        let Some(part) = self.walk.next(graph, connection).await? else { return Ok(None) };
        self.brought.extend(part.brought);
        let mut copies = Copies { graph };
        Ok(Some(part.rows.into_iter().map(|row| Q::finish::<Tracked>(row, &mut copies)).collect()))
    }

    /// Lets the objects go that the partitions brought into the session, those of their relationships too; how many that
    /// were. Their handles are of no use afterwards.
    ///
    /// What was in the session before stays, and so does what has a change that is not flushed, or is led to by one that
    /// has: it may go at the next call. In another session nothing happens.
    pub fn release(&mut self, session: &mut Session) -> usize {
        if session.graph.tag != self.session {
            return 0;
        }
        session.graph.release_unchanged(&mut self.brought, &self.walk.waiting())
    }
}

impl<Q: Query<I>, I> fmt::Debug for Partitions<Q, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partitions").field("held", &self.brought.len()).finish_non_exhaustive()
    }
}
