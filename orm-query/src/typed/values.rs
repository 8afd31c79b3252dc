use std::fmt;
use std::marker::PhantomData;

use super::column::Column;
use super::expression::{Expr, Expression};
use super::operand::literal_operand;
use super::presence::Presence;
use super::projection::for_tuples;
use super::query_expression::QueryExpression;
use super::scope::{Nil, SourceSet};
use super::source::Source;
use crate::{SqlType, tree};

/// One value of a row of [`values`]: a Rust value, or an expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a value of `values(…)`",
    label = "not a value of a SQL type and not an expression",
    note = "a row of several values is a tuple of them"
)]
pub trait ValuesItem {
    /// Its type.
    type Sql: SqlType;
    /// The sources that it reads.
    type Sources: SourceSet;
    /// It as data.
    fn into_item(self) -> tree::Expr;
}

impl<T: SqlType> ValuesItem for T {
    type Sql = T;
    type Sources = Nil;

    fn into_item(self) -> tree::Expr {
        literal_operand(&self)
    }
}

impl ValuesItem for &str {
    type Sql = String;
    type Sources = Nil;

    fn into_item(self) -> tree::Expr {
        literal_operand(&self.to_owned())
    }
}

impl ValuesItem for Option<&str> {
    type Sql = Option<String>;
    type Sources = Nil;

    fn into_item(self) -> tree::Expr {
        literal_operand(&self.map(str::to_owned))
    }
}

impl<T: SqlType, S: SourceSet, K: 'static> ValuesItem for Expr<T, S, K> {
    type Sql = T;
    type Sources = S;

    fn into_item(self) -> tree::Expr {
        self.into_tree()
    }
}

impl<S: Source, T: SqlType, D: Presence> ValuesItem for Column<S, T, D> {
    type Sql = T;
    type Sources = S;

    fn into_item(self) -> tree::Expr {
        self.into_tree()
    }
}

/// A row of [`values`]: one value, or a tuple of up to 16.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a row of `values(…)`",
    label = "not a value of a SQL type, an expression, or a tuple of them"
)]
pub trait ValuesRow {
    /// The types of its columns, as a tuple.
    type Columns;
    /// The sources that it reads of an enclosing query.
    type Sources: SourceSet;
    /// Adds its values.
    fn items(self, list: &mut Vec<tree::Expr>);
}

impl<T: ValuesItem> ValuesRow for T {
    type Columns = (T::Sql,);
    type Sources = T::Sources;

    fn items(self, list: &mut Vec<tree::Expr>) {
        list.push(self.into_item());
    }
}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<$($name),*> ValuesRow for ($($name,)*)
        where
            $($name: ValuesItem<Sources = Nil>,)*
        {
            type Columns = ($($name::Sql,)*);
            type Sources = Nil;

            fn items(self, list: &mut Vec<tree::Expr>) {
                let ($($value,)*) = self;
                $(list.push($value.into_item());)*
            }
        }
    )* };
}

for_tuples!(tuples);

/// `VALUES (…), (…)`: rows of the types `C`, which read the sources `S` of an enclosing query.
#[must_use = "a query does nothing until it stands in a statement"]
pub struct Values<C, S> {
    tree: tree::Values,
    types: PhantomData<fn() -> (C, S)>,
}

/// `VALUES`: rows of Rust values or of expressions, as tuples, to be named by `.subquery(…)` or `.cte(…)`, or to stand
/// behind IN.
///
/// ```
/// # use orm::prelude::*;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// #[derive(Record, Debug, PartialEq)]
/// struct Digits {
///     value: i64,
///     name: String,
/// }
///
/// let digits = values([(1_i64, "one"), (2, "two")]).cte(Digits);
/// let query = select(Digits).with(digits).filter(Digits::name.eq("two"));
/// assert_eq!(engine.one(query).await?, Digits { value: 2, name: "two".into() });
/// # Ok(())
/// # }
/// ```
pub fn values<R: ValuesRow>(rows: impl IntoIterator<Item = R>) -> Values<R::Columns, R::Sources> {
    let row = |row: R| {
        let mut items = Vec::new();
        row.items(&mut items);
        items
    };
    Values { tree: tree::Values { rows: rows.into_iter().map(row).collect() }, types: PhantomData }
}

impl<C, S: SourceSet> QueryExpression<()> for Values<C, S> {
    type Columns = C;
    type Needs = S;

    fn into_query(self) -> tree::Query {
        self.tree.into()
    }
}

impl<C, S> Clone for Values<C, S> {
    fn clone(&self) -> Self {
        Values { tree: self.tree.clone(), types: PhantomData }
    }
}

impl<C, S> fmt::Debug for Values<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
