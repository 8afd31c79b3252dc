//! Which columns of an entity a query reads.

use std::fmt;
use std::marker::PhantomData;

use super::alias::AliasOf;
use super::column::Column;
use super::expression::Expression;
use super::load::{ColumnChoice, ColumnOption, LoadOptions};
use super::load_option::LoadOption;
use super::mark::RowWise;
use super::presence::{CanBeDeferred, Presence};
use super::query_option::QueryOption;
use super::scope::{InFrom, InScope, Inner, Nil};
use super::source::Source;
use super::table::Table;
use crate::schema::Name;
use crate::{Mapped, SqlType, tree};

/// Columns of one source: a column, or a tuple of up to 16 of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name columns",
    label = "expected a column of a mapped struct, or a tuple of columns of one struct"
)]
pub trait NamedColumns {
    /// Whose columns they are.
    type Source: Source;
    /// Adds their names.
    fn add_names(&self, list: &mut Vec<&'static str>);
}

impl<S: Source, T: SqlType, D: Presence> NamedColumns for Column<S, T, D> {
    type Source = S;

    fn add_names(&self, list: &mut Vec<&'static str>) {
        list.push(self.name());
    }
}

macro_rules! tuples {
    ($(($first:ident $first_place:ident $first_value:ident $(, $name:ident $place:ident $value:ident)*))*) => { $(
        impl<$first: NamedColumns, $($name: NamedColumns<Source = $first::Source>),*> NamedColumns
            for ($first, $($name,)*)
        {
            type Source = $first::Source;

            fn add_names(&self, list: &mut Vec<&'static str>) {
                let ($first_value, $($value,)*) = self;
                $first_value.add_names(list);
                $($value.add_names(list);)*
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(tuples);

/// Which columns of `S` a query reads; made by [`load_only`], [`defer`], [`undefer`] and [`undefer_group`].
pub struct ColumnsOption<S> {
    choice: ColumnChoice,
    source: PhantomData<fn() -> S>,
}

impl<S> ColumnsOption<S> {
    fn new(choice: ColumnChoice) -> Self {
        ColumnsOption { choice, source: PhantomData }
    }

    /// Has `session.load_columns` refuse to read what is left out.
    #[must_use]
    pub fn raise(mut self) -> Self {
        if let ColumnChoice::Defer { raise, .. } | ColumnChoice::LoadOnly { raise, .. } = &mut self.choice {
            *raise = true;
        }
        self
    }
}

impl<S: Source<Record: Mapped>> ColumnsOption<S> {
    fn into_option(self) -> ColumnOption {
        column_option::<S>(self.choice)
    }
}

fn column_option<S: Source<Record: Mapped>>(choice: ColumnChoice) -> ColumnOption {
    ColumnOption { entity: <S::Record as Mapped>::ENTITY, source: S::source_ref(), choice }
}

/// Of the columns that can be left out, those with a [`Deferred`](crate::Deferred) field, and of the properties, reads
/// these alone.
///
/// A column with a plain field is always read, whether it is named or not, because the struct has no way to be without it. For
/// a part of such a struct select the columns, `select((User::id, User::name))`, or a `Record` of them.
///
/// ```
/// # use orm::prelude::*;
/// # use orm::load_only;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Book {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     title: String,
/// #     summary: Deferred<Option<String>>,
/// #     text: Deferred<Option<String>>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![Book].create_all(&engine).await?;
/// # let book = Book { summary: Some("short".to_owned()).into(), ..Book::new("Emma") };
/// # engine.execute(insert(Book).values(book)).await?;
/// let book = engine.one(select(Book).options(load_only(Book::summary))).await?;
/// assert_eq!((book.summary.is_loaded(), book.text.is_loaded()), (true, false));
/// # Ok(())
/// # }
/// ```
pub fn load_only<C: NamedColumns>(columns: C) -> ColumnsOption<C::Source> {
    let mut names = Vec::new();
    columns.add_names(&mut names);
    ColumnsOption::new(ColumnChoice::LoadOnly { columns: names, raise: false })
}

/// Leaves a column out that the mapping reads by default. `session.load_columns` reads it later; after
/// [`raise`](ColumnsOption::raise) it refuses to.
pub fn defer<S: Source, T, D: CanBeDeferred>(column: Column<S, T, D>) -> ColumnsOption<S> {
    ColumnsOption::new(ColumnChoice::Defer { column: column.name(), raise: false })
}

/// Reads a column that the mapping leaves out by default.
pub fn undefer<S: Source, T, D: CanBeDeferred>(column: Column<S, T, D>) -> ColumnsOption<S> {
    ColumnsOption::new(ColumnChoice::Undefer(column.name()))
}

/// Reads all columns with this `deferred_group`.
pub fn undefer_group<S: Source>(_: Table<S>, group: impl Into<Name>) -> ColumnsOption<S> {
    ColumnsOption::new(ColumnChoice::UndeferGroup(group.into()))
}

impl<S, F, I> QueryOption<F, I> for ColumnsOption<S>
where
    S: Source<Record: Mapped> + InFrom<F, I>,
{
    fn add_to(self, options: &mut LoadOptions) {
        options.columns.push(self.into_option());
    }
}

/// A `#[query_expression]` of the type `T` of the source `S`: what [`with_expression`] says for one query.
pub struct AskedFor<S, T> {
    name: &'static str,
    types: PhantomData<fn() -> (S, T)>,
}

impl<S, T> AskedFor<S, T> {
    /// The query expression of that field.
    pub const fn new(name: &'static str) -> Self {
        AskedFor { name, types: PhantomData }
    }

    /// The same of an alias.
    pub fn of<A: AliasOf<S>>(self, _: Table<A>) -> AskedFor<A, T> {
        AskedFor::new(self.name)
    }
}

/// What a query expression is in one query; made by [`with_expression`]. `N` is what the expression reads.
pub struct WithExpression<S, N> {
    name: &'static str,
    expr: tree::Expr,
    types: PhantomData<fn() -> (S, N)>,
}

/// Says what a `#[query_expression]` is in this query; without it the field is absent.
///
/// ```
/// # use orm::prelude::*;
/// # use orm::with_expression;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Book {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     pages: i64,
/// #     #[query_expression]
/// #     sheets: Deferred<i64>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![Book].create_all(&engine).await?;
/// # engine.execute(insert(Book).values(Book::new(200))).await?;
/// let book = engine.one(select(Book).options(with_expression(Book::sheets, Book::pages * 2))).await?;
/// assert_eq!(book.sheets.get(), Some(&400));
/// # Ok(())
/// # }
/// ```
pub fn with_expression<S: Source, T: SqlType, X: Expression<Sql = T>>(
    property: AskedFor<S, T>,
    expression: X,
) -> WithExpression<S, X::Sources> {
    WithExpression { name: property.name, expr: expression.into_tree(), types: PhantomData }
}

impl<S, N, F, I, J> QueryOption<F, (I, J)> for WithExpression<S, N>
where
    S: Source<Record: Mapped> + InFrom<F, I>,
    N: InScope<F, J>,
{
    fn add_to(self, options: &mut LoadOptions) {
        let choice = ColumnChoice::Expression(self.name, Box::new(self.expr));
        options.columns.push(column_option::<S>(choice));
    }
}

impl<A, B: Source<Record: Mapped>, L> LoadOption<A, B, L> {
    /// Which columns of the loaded objects to read: `selectin(User::posts).columns(defer(Post::text).raise())`.
    #[must_use]
    pub fn columns(self, option: ColumnsOption<B>) -> Self {
        self.columns_option(option.into_option())
    }

    /// Of the columns of the loaded objects that can be left out, reads these alone; see [`load_only`].
    #[must_use]
    pub fn load_only<C: NamedColumns<Source = B>>(self, columns: C) -> Self {
        self.columns(load_only(columns))
    }

    /// Leaves out a column of the loaded objects; see [`defer`].
    #[must_use]
    pub fn defer<T, D: CanBeDeferred>(self, column: Column<B, T, D>) -> Self {
        self.columns(defer(column))
    }

    /// Reads a column of the loaded objects that the mapping leaves out; see [`undefer`].
    #[must_use]
    pub fn undefer<T, D: CanBeDeferred>(self, column: Column<B, T, D>) -> Self {
        self.columns(undefer(column))
    }

    /// Reads all columns of the loaded objects with this `deferred_group`.
    #[must_use]
    pub fn undefer_group(self, group: impl Into<Name>) -> Self {
        self.columns(ColumnsOption::new(ColumnChoice::UndeferGroup(group.into())))
    }

    /// What a `#[query_expression]` of the loaded objects is; see [`with_expression`].
    #[must_use]
    pub fn with_expression<T: SqlType, X, I>(self, property: AskedFor<B, T>, expression: X) -> Self
    where
        X: Expression<Sql = T, Sources: RowWise + InScope<(Inner<B>, Nil), I>>,
    {
        let choice = ColumnChoice::Expression(property.name, Box::new(expression.into_tree()));
        self.columns_option(column_option::<B>(choice))
    }
}

impl<S> Clone for ColumnsOption<S> {
    fn clone(&self) -> Self {
        ColumnsOption::new(self.choice.clone())
    }
}

impl<S> fmt::Debug for ColumnsOption<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.choice.fmt(f)
    }
}

impl<S, T> Clone for AskedFor<S, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, T> Copy for AskedFor<S, T> {}

impl<S, T> fmt::Debug for AskedFor<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", std::any::type_name::<S>(), self.name)
    }
}

impl<S, N> Clone for WithExpression<S, N> {
    fn clone(&self) -> Self {
        WithExpression { name: self.name, expr: self.expr.clone(), types: PhantomData }
    }
}

impl<S, N> fmt::Debug for WithExpression<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {:?}", self.name, self.expr)
    }
}
