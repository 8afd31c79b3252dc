use std::fmt;
use std::marker::PhantomData;

use super::expression::Predicate;
use super::load::{LoadOption, LoadPath};
use super::order::OrderList;
use super::projection::Projection;
use super::relationship::Relationship;
use super::scope::{InFrom, InScope, Inner, MakeNullable, Nil, Nullable, Outer, StartScope};
use super::source::Source;
use super::table::Table;
use crate::Mapped;
use crate::mapping::JoinOn;
use crate::tree::{self, JoinKind};

/// A query: `P` is its select list, `F` what stands in FROM.
///
/// `filter`, `order_by` and their like keep the type, so a query can be built step by step:
/// `if let Some(name) = name { query = query.filter(User::name.eq(name)); }`.
#[must_use = "a query does nothing until a session or a connection runs it"]
pub struct Select<P, F> {
    tree: tree::Select,
    load: Vec<LoadPath>,
    populate_existing: bool,
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
    list.items(&mut columns);
    let tree = tree::Select { columns, from: P::Head::start(), ..tree::Select::default() };
    Select { tree, load: Vec::new(), populate_existing: false, types: PhantomData }
}

impl<P, F> Select<P, F> {
    fn retype<G>(self) -> Select<P, G> {
        let Select { tree, load, populate_existing, .. } = self;
        Select { tree, load, populate_existing, types: PhantomData }
    }

    /// The query as data.
    pub fn into_tree(self) -> tree::Select {
        self.tree
    }

    /// The query as data.
    pub fn tree(&self) -> &tree::Select {
        &self.tree
    }

    pub(crate) fn into_parts(self) -> (tree::Select, Vec<LoadPath>) {
        (self.tree, self.load)
    }

    pub(crate) fn populates_existing(&self) -> bool {
        self.populate_existing
    }

    /// Starts FROM another table than the first one that the select list names. Call it before any join.
    pub fn select_from<S: Source>(mut self, _: Table<S>) -> Select<P, (Inner<S>, Nil)> {
        self.tree.from = vec![S::from()];
        self.tree.joins.clear();
        self.retype()
    }

    /// `WHERE`; several are joined by AND.
    pub fn filter<C: Predicate, I>(mut self, condition: C) -> Self
    where
        C::Sources: InScope<F, I>,
    {
        self.tree.and_filter(condition.into_tree());
        self
    }

    /// `JOIN` along a relationship.
    pub fn join<A, B, M, I>(self, relationship: Relationship<A, B, M>) -> Select<P, (Inner<B>, F)>
    where
        A: InFrom<F, I>,
        B: Source,
    {
        self.along(relationship, JoinKind::Inner).retype()
    }

    /// `LEFT OUTER JOIN` along a relationship: the joined columns become nullable.
    pub fn outer_join<A, B, M, I>(self, relationship: Relationship<A, B, M>) -> Select<P, (Nullable<B>, F)>
    where
        A: InFrom<F, I>,
        B: Source,
    {
        self.along(relationship, JoinKind::Left).retype()
    }

    /// `FULL OUTER JOIN` along a relationship: all columns become nullable.
    pub fn full_join<A, B, M, I>(
        self,
        relationship: Relationship<A, B, M>,
    ) -> Select<P, (Nullable<B>, F::Out)>
    where
        F: MakeNullable,
        A: InFrom<F, I>,
        B: Source,
    {
        self.along(relationship, JoinKind::Full).retype()
    }

    /// `JOIN table ON condition`
    pub fn join_on<S: Source, C: Predicate, I>(self, _: Table<S>, condition: C) -> Select<P, (Inner<S>, F)>
    where
        C::Sources: InScope<(Inner<S>, F), I>,
    {
        self.joined(JoinKind::Inner, S::from(), Some(condition.into_tree())).retype()
    }

    /// `LEFT OUTER JOIN table ON condition`: the joined columns become nullable.
    pub fn outer_join_on<S: Source, C: Predicate, I>(
        self,
        _: Table<S>,
        condition: C,
    ) -> Select<P, (Nullable<S>, F)>
    where
        C::Sources: InScope<(Inner<S>, F), I>,
    {
        self.joined(JoinKind::Left, S::from(), Some(condition.into_tree())).retype()
    }

    /// `FULL OUTER JOIN table ON condition`: all columns become nullable.
    pub fn full_join_on<S: Source, C: Predicate, I>(
        self,
        _: Table<S>,
        condition: C,
    ) -> Select<P, (Nullable<S>, F::Out)>
    where
        F: MakeNullable,
        C::Sources: InScope<(Inner<S>, F), I>,
    {
        self.joined(JoinKind::Full, S::from(), Some(condition.into_tree())).retype()
    }

    /// `CROSS JOIN table`: every row with every row.
    pub fn cross_join<S: Source>(self, _: Table<S>) -> Select<P, (Inner<S>, F)> {
        self.joined(JoinKind::Cross, S::from(), None).retype()
    }

    /// Lets this subquery read a source of the query around it, which must have it in FROM.
    pub fn correlate<S: Source>(self, _: Table<S>) -> Select<P, (Outer<S>, F)> {
        self.retype()
    }

    /// `GROUP BY`; a tuple groups by several.
    pub fn group_by<L, I>(mut self, list: L) -> Self
    where
        L: OrderList<F, I>,
    {
        let mut items = Vec::new();
        list.orders(&mut items);
        self.tree.group_by.extend(items.into_iter().map(|item| item.expr));
        self
    }

    /// `HAVING`; several are joined by AND.
    pub fn having<C: Predicate, I>(mut self, condition: C) -> Self
    where
        C::Sources: InScope<F, I>,
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
        self.tree.distinct = true;
        self
    }

    /// The most rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.tree.limit = Some(rows);
        self
    }

    /// The rows to skip.
    pub fn offset(mut self, rows: u64) -> Self {
        self.tree.offset = Some(rows);
        self
    }

    /// `FOR UPDATE`: locks the rows, and overwrites objects that the session has already.
    pub fn for_update(mut self) -> Self {
        self.tree.lock = Some(tree::Lock {
            strength: tree::LockStrength::Update,
            of: Vec::new(),
            wait: tree::LockWait::Wait,
        });
        self
    }

    /// Overwrites objects that the session has already with their rows, changes that were not flushed included (a
    /// session flushes before a query unless told otherwise). Relationships that the query loads are loaded anew, and
    /// the objects that they lead to are overwritten too; other relationships are unloaded.
    ///
    /// Where there is no session nothing is there to be overwritten: each row is a new value in any case.
    pub fn populate_existing(mut self) -> Self {
        self.populate_existing = true;
        self
    }

    /// How to load a relationship of an entity of the select list: `.options(selectin(User::addresses))`.
    pub fn options<A, B, I>(mut self, option: LoadOption<A, B>) -> Self
    where
        A: Source<Record: Mapped> + InFrom<F, I>,
    {
        self.load.push(option.into_path());
        self
    }

    fn joined(mut self, kind: JoinKind, to: tree::From, on: Option<tree::Expr>) -> Self {
        self.tree.joins.push(tree::Join { kind, to, on });
        self
    }

    fn along<A: Source, B: Source, M>(self, relationship: Relationship<A, B, M>, kind: JoinKind) -> Self {
        let definition = relationship.definition();
        let (from, to) = (A::source_ref(), B::source_ref());
        if let JoinOn::Secondary { link, source_key, target_key } = definition.join {
            let link = link();
            let alias = format!("{}_{}", link.table.name, self.tree.joins.len() + 1);
            let link_ref = tree::SourceRef::named(alias.clone());
            let (source, target) = ((definition.source)(), (definition.target)());
            let keys = &link.table.foreign_keys;
            let near = crate::mapping::equate(link, &link_ref, &keys[source_key], source, &from);
            let far = crate::mapping::equate(link, &link_ref, &keys[target_key], target, &to);
            let table = tree::From::Table(tree::TableRef::new(link.table).alias(alias));
            return self.joined(kind, table, Some(near)).joined(kind, B::from(), Some(far));
        }
        let on = definition.on(&from, &to);
        self.joined(kind, B::from(), on)
    }
}

impl<P, F> Clone for Select<P, F> {
    fn clone(&self) -> Self {
        let (tree, load) = (self.tree.clone(), self.load.clone());
        Select { tree, load, populate_existing: self.populate_existing, types: PhantomData }
    }
}

impl<P, F> fmt::Debug for Select<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
