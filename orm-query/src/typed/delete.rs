use std::fmt;
use std::marker::PhantomData;

use super::cte::Cte;
use super::expression::Predicate;
use super::join::InnerJoined;
use super::joinable::Joinable;
use super::mark::RowWise;
use super::order::OrderList;
use super::projection::Projection;
use super::query::{Executable, Returning};
use super::scope::{InScope, Inner, Nil, Onto};
use super::synchronize::Synchronize;
use super::table::Table;
use super::update::{AllRows, Bounded, Filtered, Unfiltered};
use crate::Mapped;
use crate::schema::Name;
use crate::tree::{self, Phrase, TableRef};

/// `DELETE FROM E`; what a session holds of it follows as [`Synchronize`] says.
///
/// `F` is what it may read: its own table, and what [`using`](Delete::using) brings in.
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Delete<E, W, F = (Inner<E>, Nil)> {
    tree: tree::Delete,
    synchronize: Synchronize,
    types: PhantomData<fn() -> (E, W, F)>,
}

/// A DELETE from the table of `E`. It does not run without a `filter` until `all_rows` says that all rows are meant.
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
/// engine.execute(insert(User).values([User::new("a"), User::new("b")])).await?;
/// assert_eq!(engine.execute(delete(User).filter(User::name.eq("a"))).await?, 1);
/// assert_eq!(engine.execute(delete(User).all_rows()).await?, 1);
/// # Ok(())
/// # }
/// ```
pub fn delete<E: Mapped>(_: Table<E>) -> Delete<E, Unfiltered> {
    let tree = tree::Delete::new(TableRef::new(E::TABLE));
    Delete { tree, synchronize: Synchronize::Auto, types: PhantomData }
}

impl<E, W, F> Delete<E, W, F> {
    fn retype<V, G>(self) -> Delete<E, V, G> {
        Delete { tree: self.tree, synchronize: self.synchronize, types: PhantomData }
    }

    /// Another table that WHERE and RETURNING read, where the database has that: `DELETE … USING`. The condition ties
    /// its rows to those of the table that is deleted from.
    ///
    /// SQLite has none: there `.filter(column.in_(select(…)))` and `.filter(exists(select(…)))` do the same.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct Address {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     user_id: i64,
    /// # }
    /// let of_bob = delete(Address).using(User).filter(Address::user_id.eq(User::id).and(User::name.eq("bob")));
    /// ```
    pub fn using<J: Joinable, N>(mut self, source: J) -> Delete<E, W, InnerJoined<J, F>>
    where
        J::Needs: InScope<F, N>,
        J::Scope: Onto<F>,
    {
        self.tree.using.push(source.into_from());
        self.retype()
    }

    /// `WITH`: a common table expression that this statement reads, by `.using(…)` or in subqueries.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct Bill {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     user_id: i64,
    /// # }
    /// #[derive(Record)]
    /// struct Indebted {
    ///     user_id: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Bill].create_all(&engine).await?;
    /// # engine.execute(insert(User).values([User { id: 1, name: "ann".into() }, User { id: 2, name: "bob".into() }])).await?;
    /// # engine.execute(insert(Bill).values(Bill { id: 1, user_id: 2 })).await?;
    /// let indebted = select(Bill::user_id).cte(Indebted);
    /// let free = delete(User).with(indebted).filter(User::id.not_in(select(Indebted::user_id)));
    /// assert_eq!(engine.execute(free).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<S>(mut self, cte: Cte<S>) -> Self {
        super::cte::add(&mut self.tree.with, cte);
        self
    }

    /// SQL behind the word DELETE, for the dialect of that name alone: `.prefix_for("mysql", "QUICK")`.
    pub fn prefix_for(mut self, dialect: impl Into<Name>, sql: impl Into<Name>) -> Self {
        self.tree.prefixes.push(Phrase { dialect: Some(dialect.into()), sql: sql.into() });
        self
    }

    /// `LIMIT`: at most so many rows, where the database has that (MySQL and MariaDB).
    pub fn limit(mut self, rows: u64) -> Self {
        self.tree.limit = Some(rows);
        self
    }

    /// `ORDER BY`: in which order rows are deleted, where the database has that (MySQL and MariaDB).
    pub fn order_by<L, I>(mut self, list: L) -> Self
    where
        L: OrderList<F, I>,
    {
        list.orders(&mut self.tree.order_by);
        self
    }

    /// `WHERE`; several are joined by AND.
    pub fn filter<C: Predicate, I>(mut self, condition: C) -> Delete<E, Filtered, F>
    where
        C::Sources: RowWise + InScope<F, I>,
    {
        self.tree.filter = Some(match self.tree.filter.take() {
            Some(filter) => filter.and(condition.into_tree()),
            None => condition.into_tree(),
        });
        self.retype()
    }

    /// Says that every row is meant.
    pub fn all_rows(self) -> Delete<E, AllRows, F> {
        self.retype()
    }

    /// How the objects of a session follow.
    pub fn synchronize(mut self, synchronize: Synchronize) -> Self {
        self.synchronize = synchronize;
        self
    }

    /// `RETURNING`: columns, expressions or whole entities of the deleted rows; of other tables too, where the database
    /// can.
    pub fn returning<P: Projection>(self, list: P) -> Returning<P, F>
    where
        W: Bounded,
    {
        Returning::new(tree::Statement::Delete(self.tree), list).synchronized(self.synchronize)
    }
}

impl<E, W, F> super::param::Bindings for Delete<E, W, F> {
    fn give(mut self, name: crate::schema::Name, given: &tree::Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

impl<E, W, F> Clone for Delete<E, W, F> {
    fn clone(&self) -> Self {
        Delete { tree: self.tree.clone(), synchronize: self.synchronize, types: PhantomData }
    }
}

/// As people read it; each database is sent its own SQL.
impl<E, W, F> fmt::Display for Delete<E, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl<E, W, F> fmt::Debug for Delete<E, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

impl<E, W: Bounded, F> Executable for Delete<E, W, F> {
    fn into_statement(self) -> tree::Statement {
        tree::Statement::Delete(self.tree)
    }

    fn synchronize(&self) -> Synchronize {
        self.synchronize
    }
}
