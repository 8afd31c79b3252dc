use rust_decimal::Decimal;

use super::column::Column;
use super::expression::{Call, Callable, Expr, Expression, Predicate};
use super::scope::{Nil, Plus, SourceSet, Total, Union};
use super::source::Source;
use super::table::Table;
use crate::tree::{self, Function};
use crate::{DataType, SqlType};

/// What `count` counts: the rows of a table, or the values of an expression that are not NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be counted by SQL",
    label = "not a table, a column or an expression",
    note = "`count(User)` counts rows, `count(User::fullname)` those with a value"
)]
pub trait Countable {
    /// The sources that it reads.
    type Sources: SourceSet;
    /// The argument.
    fn argument(self) -> tree::Expr;
}

impl<S: Source> Countable for Table<S> {
    type Sources = S;

    fn argument(self) -> tree::Expr {
        tree::Expr::Star
    }
}

impl Countable for () {
    type Sources = Nil;

    fn argument(self) -> tree::Expr {
        tree::Expr::Star
    }
}

impl<S: Source, T: SqlType> Countable for Column<S, T> {
    type Sources = S;

    fn argument(self) -> tree::Expr {
        self.into_tree()
    }
}

impl<T: SqlType, S: SourceSet, K: 'static> Countable for Expr<T, S, K> {
    type Sources = S;

    fn argument(self) -> tree::Expr {
        self.into_tree()
    }
}

/// `count(expression)`, or `count(*)` for a table: `count(User)`, and for `count(())`, which names none.
pub fn count<C: Countable<Sources = S>, S>(what: C) -> Expr<i64, Total<S>, Call> {
    Expr::call(Function::new("count", vec![what.argument()], DataType::BigInt))
}

/// A type that can be summed.
#[diagnostic::on_unimplemented(message = "values of type `{Self}` cannot be summed", label = "not a number")]
pub trait Summed: SqlType {
    /// The type of the sum.
    type Sum: SqlType<Base = Self::Sum>;
}

/// A type that has an average.
#[diagnostic::on_unimplemented(message = "values of type `{Self}` have no average", label = "not a number")]
pub trait Averaged: SqlType {
    /// The type of the average.
    type Average: SqlType<Base = Self::Average>;
}

macro_rules! numbers {
    ($($number:ty => $sum:ty, $average:ty;)*) => { $(
        impl Summed for $number {
            type Sum = $sum;
        }
        impl Averaged for $number {
            type Average = $average;
        }
    )* };
}

numbers! {
    i16 => i64, f64;
    i32 => i64, f64;
    i64 => i64, f64;
    f32 => f64, f64;
    f64 => f64, f64;
    Decimal => Decimal, Decimal;
}

/// `sum(expression)`: NULL over no rows.
pub fn sum<E, N>(expression: E) -> Expr<Option<N::Sum>, Total<E::Sources>, Call>
where
    E: Expression<Sql: SqlType<Base = N>>,
    N: Summed,
{
    Expr::call(Function::new("sum", vec![expression.into_tree()], N::Sum::DATA_TYPE))
}

/// `avg(expression)`: NULL over no rows.
pub fn avg<E, N>(expression: E) -> Expr<Option<N::Average>, Total<E::Sources>, Call>
where
    E: Expression<Sql: SqlType<Base = N>>,
    N: Averaged,
{
    Expr::call(Function::new("avg", vec![expression.into_tree()], N::Average::DATA_TYPE))
}

/// `min(expression)`: NULL over no rows.
pub fn min<E: Expression>(expression: E) -> Expr<Option<<E::Sql as SqlType>::Base>, Total<E::Sources>, Call> {
    Expr::call(Function::new("min", vec![expression.into_tree()], <E::Sql as SqlType>::DATA_TYPE))
}

/// `max(expression)`: NULL over no rows.
pub fn max<E: Expression>(expression: E) -> Expr<Option<<E::Sql as SqlType>::Base>, Total<E::Sources>, Call> {
    Expr::call(Function::new("max", vec![expression.into_tree()], <E::Sql as SqlType>::DATA_TYPE))
}

impl<T: SqlType, S: SourceSet, K> Expr<T, S, K> {
    /// `count(DISTINCT …)` and its like.
    #[must_use]
    pub fn distinct(self) -> Self
    where
        K: Callable,
    {
        self.with(|function| function.distinct = true)
    }

    /// `aggregate FILTER (WHERE condition)`
    pub fn filter<C: Predicate>(self, condition: C) -> Expr<T, Total<Union<S, C::Sources>>, Call>
    where
        K: Callable,
        C::Sources: Plus<S>,
    {
        self.with(|function| {
            function.filter = Some(match function.filter.take() {
                Some(filter) => filter.and(condition.into_tree()),
                None => condition.into_tree(),
            });
        })
    }
}
