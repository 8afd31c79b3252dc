use std::fmt;
use std::marker::PhantomData;

use super::expression::Predicate;
use super::group::GroupList;
use super::load::LoadOptions;
use super::mark::{GroupWise, RowWise};
use super::order::OrderList;
use super::projection::Projection;
use super::query_option::QueryOption;
use super::scope::{InScope, StartScope};
use crate::tree;

mod limit;
mod lock;
mod phrase;

pub use limit::RowCount;

/// A query: `P` is its select list, `F` what stands in FROM.
///
/// `filter`, `order_by` and their like keep the type, so a query can be built step by step:
/// `if let Some(name) = name { query = query.filter(User::name.eq(name)); }`.
#[must_use = "a query does nothing until a session or a connection runs it"]
pub struct Select<P, F> {
    tree: tree::Select,
    load: LoadOptions,
    types: PhantomData<fn() -> (P, F)>,
}

/// A query for `list`, FROM the first table that it names.
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
///
/// let query = select((User::name, count(Post::id)))
///     .outer_join(User::posts)
///     .filter(User::name.starts_with("s"))
///     .group_by(User::id)
///     .order_by(User::name.desc())
///     .limit(10);
/// assert_eq!(engine.all(query).await?, [("sandy".to_owned(), 0)]);
/// # Ok(())
/// # }
/// ```
pub fn select<P, F>(list: P) -> Select<P, F>
where
    P: Projection<Head: StartScope<Scope = F>>,
{
    let mut columns = Vec::new();
    let mut load = LoadOptions::default();
    list.paths(&mut load.paths);
    list.items(&mut columns);
    let tree = tree::Select { columns, from: P::Head::start(), ..tree::Select::default() };
    Select { tree, load, types: PhantomData }
}

impl<P, F> Select<P, F> {
    pub(super) fn retype<G>(self) -> Select<P, G> {
        Select { tree: self.tree, load: self.load, types: PhantomData }
    }

    pub(super) fn reselect<Q>(self) -> Select<Q, F> {
        Select { tree: self.tree, load: self.load, types: PhantomData }
    }

    pub(super) fn load_mut(&mut self) -> &mut LoadOptions {
        &mut self.load
    }

    /// The query as data.
    pub fn into_tree(self) -> tree::Select {
        self.tree
    }

    /// The query as data.
    pub fn tree(&self) -> &tree::Select {
        &self.tree
    }

    pub(super) fn tree_mut(&mut self) -> &mut tree::Select {
        &mut self.tree
    }

    pub(crate) fn into_parts(self) -> (tree::Select, LoadOptions) {
        (self.tree, self.load)
    }

    /// `WHERE`; several are joined by AND.
    pub fn filter<C: Predicate, I>(mut self, condition: C) -> Self
    where
        C::Sources: RowWise + InScope<F, I>,
    {
        self.tree.and_filter(condition.into_tree());
        self
    }

    /// `GROUP BY`; a tuple groups by several, [`rollup`](super::rollup) and its like by several sets of columns.
    pub fn group_by<L, I>(mut self, list: L) -> Self
    where
        L: GroupList<F, I>,
    {
        list.groups(&mut self.tree.group_by);
        self
    }

    /// `HAVING`; several are joined by AND.
    pub fn having<C: Predicate, I>(mut self, condition: C) -> Self
    where
        C::Sources: GroupWise + InScope<F, I>,
    {
        self.tree.and_having(condition.into_tree());
        self
    }

    /// `ORDER BY`; a tuple orders by several, a second call adds to the first.
    pub fn order_by<L, I>(mut self, list: L) -> Self
    where
        L: OrderList<F, I>,
    {
        list.orders(&mut self.tree.order_by);
        self
    }

    /// `DISTINCT`
    pub fn distinct(mut self) -> Self {
        self.tree.distinct = Some(tree::Distinct::Rows);
        self
    }

    /// `DISTINCT ON (…)`: of the rows that are equal in these, only the first in the ordering, which must begin with them.
    pub fn distinct_on<L, I>(mut self, list: L) -> Self
    where
        L: GroupList<F, I>,
    {
        let mut items = Vec::new();
        list.groups(&mut items);
        self.tree.distinct = Some(tree::Distinct::On(items));
        self
    }

    /// Overwrites objects that the session has already with their rows, changes that were not flushed included (a
    /// session flushes before a query unless told otherwise). Relationships that the query loads are loaded anew, and
    /// the objects that they lead to are overwritten too; other relationships are unloaded.
    ///
    /// Where there is no session nothing is there to be overwritten: each row is a new value in any case.
    pub fn populate_existing(mut self) -> Self {
        self.load.populate_existing = true;
        self
    }

    /// What to load with the rows, and how: `.options(selectin(User::addresses))`. A tuple gives several options, a
    /// second call adds to the first.
    pub fn options<O, I>(mut self, options: O) -> Self
    where
        O: QueryOption<F, I>,
    {
        options.add_to(&mut self.load);
        self
    }
}

impl<P, F> super::param::Bindings for Select<P, F> {
    fn give(mut self, name: crate::schema::Name, given: &tree::Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

impl<P, F> Clone for Select<P, F> {
    fn clone(&self) -> Self {
        let (tree, load) = (self.tree.clone(), self.load.clone());
        Select { tree, load, types: PhantomData }
    }
}

/// As people read it; each database is sent its own SQL.
impl<P, F> fmt::Display for Select<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl<P, F> fmt::Debug for Select<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
