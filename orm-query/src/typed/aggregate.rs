use std::marker::PhantomData;

use rust_decimal::Decimal;

use super::column::Column;
use super::expression::{BaseOf, Call, Callable, Expr, Expression, Predicate, Textual};
use super::mark::{AggregateOf, RowWise};
use super::operand::literal_operand;
use super::order::IntoOrder;
use super::presence::Presence;
use super::scope::{Nil, Plus, SourceSet, Total, Union};
use super::source::Source;
use super::table::Table;
use crate::tree::{self, Function};
use crate::{ArrayElement, Bind, DataType, SqlType, Value};

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

impl<S: Source, T: SqlType, D: Presence> Countable for Column<S, T, D> {
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
pub fn count<C: Countable<Sources = S>, S>(what: C) -> Expr<i64, AggregateOf<S>, Call> {
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
pub fn sum<E, N>(expression: E) -> Expr<Option<N::Sum>, AggregateOf<E::Sources>, Call>
where
    E: Expression<Sql: SqlType<Base = N>>,
    N: Summed,
{
    Expr::call(Function::new("sum", vec![expression.into_tree()], N::Sum::DATA_TYPE))
}

/// `avg(expression)`: NULL over no rows.
pub fn avg<E, N>(expression: E) -> Expr<Option<N::Average>, AggregateOf<E::Sources>, Call>
where
    E: Expression<Sql: SqlType<Base = N>>,
    N: Averaged,
{
    Expr::call(Function::new("avg", vec![expression.into_tree()], N::Average::DATA_TYPE))
}

/// `min(expression)`: NULL over no rows.
pub fn min<E: Expression>(
    expression: E,
) -> Expr<Option<<E::Sql as SqlType>::Base>, AggregateOf<E::Sources>, Call> {
    Expr::call(Function::new("min", vec![expression.into_tree()], <E::Sql as SqlType>::DATA_TYPE))
}

/// `max(expression)`: NULL over no rows.
pub fn max<E: Expression>(
    expression: E,
) -> Expr<Option<<E::Sql as SqlType>::Base>, AggregateOf<E::Sources>, Call> {
    Expr::call(Function::new("max", vec![expression.into_tree()], <E::Sql as SqlType>::DATA_TYPE))
}

/// The call of an aggregate with one argument.
type Aggregate<E, T> = Expr<T, AggregateOf<<E as Expression>::Sources>, Call>;

macro_rules! spreads {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        pub fn $name<E>(expression: E) -> Aggregate<E, Option<f64>>
        where
            E: Expression<Sql: SqlType<Base: Averaged>>,
        {
            Expr::call(Function::new(stringify!($name), vec![expression.into_tree()], DataType::Double))
        }
    )* };
}

spreads! {
    /// `stddev_samp(expression)`: NULL over less than two rows. SQLite has none.
    stddev_samp;
    /// `stddev_pop(expression)`: NULL over no rows. SQLite has none.
    stddev_pop;
    /// `var_samp(expression)`: NULL over less than two rows. SQLite has none.
    var_samp;
    /// `var_pop(expression)`: NULL over no rows. SQLite has none.
    var_pop;
}

/// `bool_and(condition)`: whether it holds for every row for which it is known; NULL where there is none.
pub fn bool_and<E: Predicate>(condition: E) -> Aggregate<E, Option<bool>> {
    Expr::call(Function::new("bool_and", vec![condition.into_tree()], DataType::Boolean))
}

/// `bool_or(condition)`: whether it holds for any row; NULL where it is known for none.
pub fn bool_or<E: Predicate>(condition: E) -> Aggregate<E, Option<bool>> {
    Expr::call(Function::new("bool_or", vec![condition.into_tree()], DataType::Boolean))
}

/// `string_agg(text, separator)`: the texts one after the other; NULL over no rows. It is `group_concat` in SQLite, MySQL
/// and MariaDB, `LISTAGG` in Oracle.
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
/// use orm::functions::string_agg;
///
/// engine.execute(insert(User).values([User::new("sandy"), User::new("al")])).await?;
/// let names = string_agg(User::name, ", ").order_by(User::name);
/// assert_eq!(engine.one(select(names)).await?.as_deref(), Some("al, sandy"));
/// # Ok(())
/// # }
/// ```
pub fn string_agg<E>(text: E, separator: &str) -> Aggregate<E, Option<String>>
where
    E: Expression<Sql: Textual>,
{
    // Some take no bind there.
    let separator = Bind::new(Value::Text(separator.to_owned()), DataType::Text);
    let separator = tree::Expr::Literal(Box::new(separator));
    Expr::call(Function::new("string_agg", vec![text.into_tree(), separator], DataType::Text))
}

/// `array_agg(expression)`: the values as an array, NULLs among them; NULL over no rows. Only PostgreSQL has arrays.
pub fn array_agg<E>(expression: E) -> Aggregate<E, Option<Vec<E::Sql>>>
where
    E: Expression<Sql: ArrayElement>,
{
    Expr::call(Function::new("array_agg", vec![expression.into_tree()], <Vec<E::Sql>>::DATA_TYPE))
}

/// `json_agg(expression)`: the values as a JSON array, NULLs among them.
///
/// Over no rows it is NULL in PostgreSQL, MySQL and MariaDB, and empty in SQLite.
pub fn json_agg<E: Expression>(expression: E) -> Aggregate<E, Option<serde_json::Value>> {
    Expr::call(Function::new("json_agg", vec![expression.into_tree()], DataType::Json))
}

/// `json_object_agg(key, value)`: the values as a JSON object.
///
/// Over no rows it is NULL in PostgreSQL, MySQL and MariaDB, and empty in SQLite.
pub fn json_object_agg<K, V>(
    key: K,
    value: V,
) -> Expr<Option<serde_json::Value>, AggregateOf<Union<K::Sources, V::Sources>>, Call>
where
    K: Expression<Sql: Textual>,
    V: Expression<Sources: Plus<K::Sources>>,
{
    let arguments = vec![key.into_tree(), value.into_tree()];
    Expr::call(Function::new("json_object_agg", arguments, DataType::Json))
}

/// `grouping(expression)`: 1 in the rows of [`rollup`](super::rollup) and its like that stand for all of its values, 0 in
/// the others.
pub fn grouping<E: Expression>(expression: E) -> Aggregate<E, i32> {
    Expr::call(Function::new("grouping", vec![expression.into_tree()], DataType::Integer))
}

/// An aggregate over rows in an order, which [`within_group`](OrderedSet::within_group) says.
#[derive(Debug, Clone)]
#[must_use = "say the order with `.within_group(…)`"]
pub struct OrderedSet<T> {
    function: Function,
    result: PhantomData<fn() -> T>,
}

impl<T: SqlType> OrderedSet<T> {
    /// `WITHIN GROUP (ORDER BY …)`
    pub fn within_group<O: IntoOrder>(mut self, order: O) -> Expr<T, AggregateOf<O::Sources>, Call> {
        self.function.within_group.push(order.into_order());
        Expr::call(self.function)
    }
}

/// `percentile_cont(fraction) WITHIN GROUP (ORDER BY number)`: the value below which that part of them lies, computed
/// between two of them where none lies there. PostgreSQL and Oracle have it; MariaDB and MSSQL only over a window.
pub fn percentile_cont(fraction: f64) -> OrderedSet<Option<f64>> {
    let arguments = vec![literal_operand(&fraction)];
    OrderedSet {
        function: Function::new("percentile_cont", arguments, DataType::Double),
        result: PhantomData,
    }
}

/// An aggregate that gives one of the values that it orders.
#[derive(Debug, Clone)]
#[must_use = "say of what with `.within_group(…)`"]
pub struct OrderedValue {
    function: Function,
}

impl OrderedValue {
    /// `WITHIN GROUP (ORDER BY expression)`
    pub fn within_group<E: Expression>(self, expression: E) -> Aggregate<E, Option<BaseOf<E>>> {
        self.over(expression, false)
    }

    /// `WITHIN GROUP (ORDER BY expression DESC)`
    pub fn within_group_desc<E: Expression>(self, expression: E) -> Aggregate<E, Option<BaseOf<E>>> {
        self.over(expression, true)
    }

    fn over<E: Expression>(mut self, expression: E, descending: bool) -> Aggregate<E, Option<BaseOf<E>>> {
        let expr = expression.into_tree();
        self.function.data_type = <E::Sql as SqlType>::DATA_TYPE;
        self.function.within_group.push(tree::OrderBy { expr, descending, nulls: None });
        Expr::call(self.function)
    }
}

/// `percentile_disc(fraction) WITHIN GROUP (ORDER BY …)`: the first value at or behind that part of them.
pub fn percentile_disc(fraction: f64) -> OrderedValue {
    let arguments = vec![literal_operand(&fraction)];
    OrderedValue { function: Function::new("percentile_disc", arguments, DataType::Text) }
}

/// `mode() WITHIN GROUP (ORDER BY …)`: the value that comes most often. Only PostgreSQL has it.
pub fn mode() -> OrderedValue {
    OrderedValue { function: Function::new("mode", Vec::new(), DataType::Text) }
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

    /// `aggregate(… ORDER BY …)`: the order in which it takes the rows; several calls add up.
    pub fn order_by<O: IntoOrder>(self, order: O) -> Expr<T, Union<S, Total<O::Sources>>, Call>
    where
        K: Callable,
        O::Sources: RowWise,
        Total<O::Sources>: Plus<S>,
    {
        self.with(|function| function.order_by.push(order.into_order()))
    }

    /// `aggregate(…) WITHIN GROUP (ORDER BY …)`, for one of [`func`](super::func).
    pub fn within_group<O: IntoOrder>(self, order: O) -> Expr<T, Union<S, Total<O::Sources>>, Call>
    where
        K: Callable,
        O::Sources: RowWise,
        Total<O::Sources>: Plus<S>,
    {
        self.with(|function| function.within_group.push(order.into_order()))
    }

    /// The same as an aggregate: for one of [`func`](super::func), so that it cannot stand where rows are seen one by one.
    pub fn aggregate(self) -> Expr<T, AggregateOf<S>, Call>
    where
        K: Callable,
    {
        self.with(|_| ())
    }

    /// `aggregate FILTER (WHERE condition)`, which PostgreSQL and SQLite have. Elsewhere it is an error; there
    /// [`case`](super::case) inside of the aggregate does the same: `count(case().when(condition, x).end())`.
    pub fn filter<C: Predicate>(self, condition: C) -> Expr<T, Union<S, Total<C::Sources>>, Call>
    where
        K: Callable,
        C::Sources: RowWise,
        Total<C::Sources>: Plus<S>,
    {
        self.with(|function| {
            function.filter = Some(match function.filter.take() {
                Some(filter) => filter.and(condition.into_tree()),
                None => condition.into_tree(),
            });
        })
    }
}
