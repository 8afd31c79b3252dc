use std::fmt;
use std::marker::PhantomData;

use super::DynamicColumn;
use crate::tree::{self, From, Join, JoinKind, SelectItem, Statement};
use crate::typed::{
    Column, Convert, EntityAt, Expr, Expression, IntoOrder, LoadOptions, Mode, Owned, Predicate, Presence,
    Projection, Query, RowIn, RowMapping, Select, Source, SourceSet, Table, TextRow,
};
use crate::{Row, SqlType};

/// Rows by the names of their columns: [`RowMapping`]s.
#[derive(Debug)]
pub enum ByName {}

/// Rows by the position of their columns: `T`, a type or a tuple of them.
#[derive(Debug)]
pub struct ByPosition<T>(PhantomData<T>);

/// Rows as the typed query gave them that a dynamic one was made of.
#[derive(Debug)]
pub struct ByType<P, F>(PhantomData<(P, F)>);

/// A query whose sources are looked up when it is compiled, and not when the program is: each column that it names must be of
/// a table of its FROM, or of a query around it. `R` says as what its rows are read.
///
/// [`Select::dynamic`] makes one of a typed query, [`select`] one of columns that are known at run time only. A typed
/// column that an outer join may leave out is to be selected as a nullable one; nothing else is there to tell.
#[must_use = "a query does nothing until a session or a connection runs it"]
pub struct DynamicSelect<R> {
    tree: tree::Select,
    load: LoadOptions,
    rows: PhantomData<fn() -> R>,
}

/// What a [`DynamicSelect`] selects: a column or an expression, with its label.
#[derive(Debug, Clone)]
pub struct DynamicItem(SelectItem);

impl std::convert::From<DynamicColumn> for DynamicItem {
    fn from(column: DynamicColumn) -> Self {
        DynamicItem(column.into_tree().into())
    }
}

impl<S: Source, T: SqlType, D: Presence> std::convert::From<Column<S, T, D>> for DynamicItem {
    fn from(column: Column<S, T, D>) -> Self {
        DynamicItem(column.into_tree().into())
    }
}

impl<T: SqlType, S: SourceSet, K: 'static> std::convert::From<Expr<T, S, K>> for DynamicItem {
    fn from(expr: Expr<T, S, K>) -> Self {
        let mut items = Vec::with_capacity(1);
        expr.items(&mut items);
        // An expression is one item.
        DynamicItem(items.swap_remove(0))
    }
}

impl<S: Source> std::convert::From<Table<S>> for From {
    fn from(_: Table<S>) -> Self {
        S::from()
    }
}

/// `SELECT` of columns and expressions that are known at run time; `.from(…)` says of what.
pub fn select<T: Into<DynamicItem>>(items: impl IntoIterator<Item = T>) -> DynamicSelect<ByName> {
    let columns = items.into_iter().map(|item| item.into().0).collect();
    let tree = tree::Select { columns, ..tree::Select::default() };
    DynamicSelect { tree, load: LoadOptions::default(), rows: PhantomData }
}

impl<P, F> Select<P, F> {
    /// A query whose further sources, conditions and orderings are checked when it is compiled to SQL; its rows stay
    /// what they are.
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
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Post {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     #[column(foreign_key = User::id)]
    /// #     user_id: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Post].create_all(&engine).await?;
    /// # let only_authors = true;
    /// let mut query = select(User).dynamic();
    /// if only_authors {
    ///     query = query.join(Post, Post::user_id.eq(User::id));
    /// }
    /// let users: Vec<User> = engine.all(query).await?;
    /// assert!(users.is_empty());
    ///
    /// // What the types no longer tell, the statement does when it is compiled.
    /// let wrong = select(User).dynamic().filter(Post::id.gt(1));
    /// assert!(engine.all(wrong).await.unwrap_err().to_string().contains("`post` is not in the FROM clause"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn dynamic(self) -> DynamicSelect<ByType<P, F>> {
        let (tree, load) = self.into_parts();
        DynamicSelect { tree, load, rows: PhantomData }
    }
}

impl<R> DynamicSelect<R> {
    /// The query as data.
    pub fn into_tree(self) -> tree::Select {
        self.tree
    }

    /// The query as data.
    pub fn tree(&self) -> &tree::Select {
        &self.tree
    }

    fn retype<T>(self) -> DynamicSelect<T> {
        DynamicSelect { tree: self.tree, load: LoadOptions::default(), rows: PhantomData }
    }

    /// Reads its rows by position, as `T`: one type, or a tuple of them.
    pub fn rows<T: TextRow>(self) -> DynamicSelect<ByPosition<T>> {
        self.retype()
    }

    /// A further source in FROM. Joins belong to the last one.
    pub fn from(mut self, source: impl Into<From>) -> Self {
        self.tree.from.push(source.into());
        self
    }

    /// `JOIN source ON condition`
    pub fn join(self, source: impl Into<From>, on: impl Predicate) -> Self {
        self.joined(JoinKind::Inner, source.into(), Some(on.into_tree()))
    }

    /// `LEFT OUTER JOIN source ON condition`
    pub fn outer_join(self, source: impl Into<From>, on: impl Predicate) -> Self {
        self.joined(JoinKind::Left, source.into(), Some(on.into_tree()))
    }

    /// `FULL OUTER JOIN source ON condition`
    pub fn full_join(self, source: impl Into<From>, on: impl Predicate) -> Self {
        self.joined(JoinKind::Full, source.into(), Some(on.into_tree()))
    }

    /// `CROSS JOIN source`
    pub fn cross_join(self, source: impl Into<From>) -> Self {
        self.joined(JoinKind::Cross, source.into(), None)
    }

    fn joined(mut self, kind: JoinKind, to: From, on: Option<tree::Expr>) -> Self {
        self.tree.joins.push(Join { kind, to, on });
        self
    }

    /// `WHERE`; several are joined by AND.
    pub fn filter(mut self, condition: impl Predicate) -> Self {
        self.tree.and_filter(condition.into_tree());
        self
    }

    /// `GROUP BY`; several calls add up.
    pub fn group_by(mut self, key: impl Into<DynamicItem>) -> Self {
        self.tree.group_by.push(key.into().0.expr);
        self
    }

    /// `HAVING`; several are joined by AND.
    pub fn having(mut self, condition: impl Predicate) -> Self {
        self.tree.and_having(condition.into_tree());
        self
    }

    /// `ORDER BY`; several calls add up.
    pub fn order_by(mut self, order: impl IntoOrder) -> Self {
        self.tree.order_by.push(order.into_order());
        self
    }

    /// `DISTINCT`
    pub fn distinct(mut self) -> Self {
        self.tree.distinct = Some(tree::Distinct::Rows);
        self
    }

    /// The most rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.tree.set_limit(rows);
        self
    }

    /// The rows to skip.
    pub fn offset(mut self, rows: u64) -> Self {
        self.tree.set_offset(rows);
        self
    }
}

impl<R> Clone for DynamicSelect<R> {
    fn clone(&self) -> Self {
        DynamicSelect { tree: self.tree.clone(), load: self.load.clone(), rows: PhantomData }
    }
}

impl<R> fmt::Debug for DynamicSelect<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

impl Query<()> for DynamicSelect<ByName> {
    type Row<M: Mode> = RowMapping;
    type Read<M: Mode> = RowMapping;

    fn into_statement(self) -> (Statement, LoadOptions) {
        (Statement::Select(self.tree), LoadOptions::default())
    }

    fn entities() -> Vec<EntityAt> {
        Vec::new()
    }

    fn decode<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row) -> Result<RowMapping, M::Error> {
        Ok(<RowMapping as TextRow>::read(row)?)
    }

    fn convert<M: Mode, N: Mode>(row: RowMapping, _: &mut impl Convert<M, N>) -> RowMapping {
        row
    }

    fn finish<M: Mode>(row: RowMapping, _: &mut impl Convert<M, Owned>) -> RowMapping {
        row
    }
}

impl<T: TextRow> Query<()> for DynamicSelect<ByPosition<T>> {
    type Row<M: Mode> = T;
    type Read<M: Mode> = T;

    fn into_statement(self) -> (Statement, LoadOptions) {
        (Statement::Select(self.tree), LoadOptions::default())
    }

    fn entities() -> Vec<EntityAt> {
        Vec::new()
    }

    fn decode<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row) -> Result<T, M::Error> {
        Ok(T::read(row)?)
    }

    fn convert<M: Mode, N: Mode>(row: T, _: &mut impl Convert<M, N>) -> T {
        row
    }

    fn finish<M: Mode>(row: T, _: &mut impl Convert<M, Owned>) -> T {
        row
    }
}

impl<P, F, I> Query<I> for DynamicSelect<ByType<P, F>>
where
    P: RowIn<F, I>,
{
    type Row<M: Mode> = P::Row<M>;
    type Read<M: Mode> = P::Row<M>;

    fn into_statement(self) -> (Statement, LoadOptions) {
        (Statement::Select(self.tree), self.load)
    }

    fn entities() -> Vec<EntityAt> {
        let mut list = Vec::new();
        P::entities(&mut 0, &mut list);
        list
    }

    fn decode<M: Mode>(context: &mut M::Context<'_>, row: &dyn Row) -> Result<Self::Read<M>, M::Error> {
        P::decode::<M>(context, row, &mut 0)
    }

    fn convert<M: Mode, N: Mode>(row: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N> {
        P::convert::<M, N>(row, change)
    }

    fn finish<M: Mode>(row: Self::Read<M>, _: &mut impl Convert<M, Owned>) -> Self::Row<M> {
        row
    }
}
