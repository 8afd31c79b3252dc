use std::marker::PhantomData;

use super::column::Column;
use super::expression::{Expr, Expression};
use super::presence::Presence;
use super::scope::{InFrom, InScope, SourceSet};
use super::source::Source;
use crate::SqlType;
use crate::tree::{self, NullsOrder, OrderBy};

/// An expression with its direction in ORDER BY.
#[derive(Debug, Clone)]
pub struct Order<S> {
    order: OrderBy,
    sources: PhantomData<fn() -> S>,
}

impl<S> Order<S> {
    pub(crate) fn new(expr: tree::Expr, descending: bool) -> Self {
        Order { order: OrderBy { expr, descending, nulls: None }, sources: PhantomData }
    }

    pub(crate) fn nulls(mut self, nulls: NullsOrder) -> Self {
        self.order.nulls = Some(nulls);
        self
    }

    /// NULLs first.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        self.nulls(NullsOrder::First)
    }

    /// NULLs last.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        self.nulls(NullsOrder::Last)
    }
}

/// One item of ORDER BY: an expression, or one with `.asc()` or `.desc()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in ORDER BY",
    label = "not an expression and not an ordering",
    note = "name a column, `User::name`, with `.asc()` or `.desc()` for the direction"
)]
pub trait IntoOrder {
    /// The sources that it reads.
    type Sources: SourceSet;
    /// It as data.
    fn into_order(self) -> OrderBy;
}

// Three implementations instead of one for every `Expression`, so that they stay apart from tuples: only then do
// messages name the item that is wrong.
impl<S: Source, T: SqlType, D: Presence> IntoOrder for Column<S, T, D> {
    type Sources = S;

    fn into_order(self) -> OrderBy {
        self.into_tree().into()
    }
}

impl<T: SqlType, S: SourceSet, K: 'static> IntoOrder for Expr<T, S, K> {
    type Sources = S;

    fn into_order(self) -> OrderBy {
        self.into_tree().into()
    }
}

impl<S: SourceSet> IntoOrder for Order<S> {
    type Sources = S;

    fn into_order(self) -> OrderBy {
        self.order
    }
}

/// What ORDER BY takes in the scope `F`: one item, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in ORDER BY",
    label = "not an expression, an ordering, or a tuple of them",
    note = "name a column, `User::name`, with `.asc()` or `.desc()` for the direction"
)]
pub trait OrderList<F, I> {
    /// Adds its items.
    fn orders(self, list: &mut Vec<OrderBy>);
}

impl<S, T, D, F, I> OrderList<F, I> for Column<S, T, D>
where
    S: InFrom<F, I>,
    T: SqlType,
    D: Presence,
{
    fn orders(self, list: &mut Vec<OrderBy>) {
        list.push(self.into_order());
    }
}

impl<T, S, K, F, I> OrderList<F, I> for Expr<T, S, K>
where
    T: SqlType,
    S: SourceSet + InScope<F, I>,
    K: 'static,
{
    fn orders(self, list: &mut Vec<OrderBy>) {
        list.push(self.into_order());
    }
}

impl<S, F, I> OrderList<F, I> for Order<S>
where
    S: SourceSet + InScope<F, I>,
{
    fn orders(self, list: &mut Vec<OrderBy>) {
        list.push(self.into_order());
    }
}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<Scope, $($name, $place),*> OrderList<Scope, ($($place,)*)> for ($($name,)*)
        where
            $($name: OrderList<Scope, $place>,)*
        {
            fn orders(self, list: &mut Vec<OrderBy>) {
                let ($($value,)*) = self;
                $($value.orders(list);)*
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(tuples);
