use orm_query::typed::{Owned, Query};

use super::Connection;
use crate::paging::{Page, Pages, Paging, count};
use crate::session::scratch;
use crate::{Engine, Result};

impl Connection {
    /// One page of a query's rows. Entities are owned values with what `.options(…)` loads. See
    /// [`paginate`](crate::paginate).
    ///
    /// # Errors
    /// [`PagingError`](crate::PagingError) for a query that has no pages, and for a cursor of another order; those of
    /// [`all`](Connection::all).
    pub async fn page<Q: Query<I>, I, S: Paging>(
        &mut self,
        query: Q,
        pages: Pages<S>,
    ) -> Result<Page<Q::Row<Owned>, S::At>> {
        self.next = query.run_options();
        let (statement, load) = query.into_statement();
        scratch::page::<Q, I, S>(self, statement, load, &pages).await
    }

    /// How many rows a query has: as many as [`all`](Connection::all) gives, without them.
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
    /// # engine.execute(insert(User).values(["sandy", "sandy", "gary"].map(User::new))).await?;
    /// let mut connection = engine.connect().await?;
    /// assert_eq!(connection.count(select(User)).await?, 3);
    /// assert_eq!(connection.count(select(User::name).distinct()).await?, 2);
    /// assert!(!connection.exists(select(User).filter(User::name.eq("patrick"))).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database says; [`PagingError::NoQuery`](crate::PagingError::NoQuery) for a statement that changes rows.
    pub async fn count<Q: Query<I>, I>(&mut self, query: Q) -> Result<u64> {
        self.next = query.run_options();
        let (statement, load) = query.into_statement();
        let mut statement = count::count(statement)?;
        statement.add_criteria(&load.criteria);
        count::ask(self, &statement).await
    }

    /// Whether a query has a row.
    ///
    /// # Errors
    /// Those of [`count`](Connection::count).
    pub async fn exists<Q: Query<I>, I>(&mut self, query: Q) -> Result<bool> {
        self.next = query.run_options();
        let (statement, load) = query.into_statement();
        let mut statement = count::exists(statement)?;
        statement.add_criteria(&load.criteria);
        count::any(self, &statement).await
    }
}

impl<D> Engine<D> {
    /// One page of a query's rows, on a connection of the pool: see [`paginate`](crate::paginate). Entities are owned
    /// values with what `.options(…)` loads.
    ///
    /// # Errors
    /// Those of [`Connection::page`].
    pub async fn page<Q: Query<I>, I, S: Paging>(
        &self,
        query: Q,
        pages: Pages<S>,
    ) -> Result<Page<Q::Row<Owned>, S::At>> {
        self.autocommit().await?.page(query, pages).await
    }

    /// How many rows a query has: as many as [`all`](Engine::all) gives, without them.
    ///
    /// # Errors
    /// Those of [`Connection::count`].
    pub async fn count<Q: Query<I>, I>(&self, query: Q) -> Result<u64> {
        self.autocommit().await?.count(query).await
    }

    /// Whether a query has a row.
    ///
    /// # Errors
    /// Those of [`Connection::count`].
    pub async fn exists<Q: Query<I>, I>(&self, query: Q) -> Result<bool> {
        self.autocommit().await?.exists(query).await
    }
}
