use std::marker::PhantomData;

use super::expression::Expression;
use super::scope::InScope;
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
pub trait IntoOrder {
    /// The sources that it reads.
    type Sources;
    /// It as data.
    fn into_order(self) -> OrderBy;
}

impl<E: Expression> IntoOrder for E {
    type Sources = E::Sources;

    fn into_order(self) -> OrderBy {
        self.into_tree().into()
    }
}

impl<S> IntoOrder for Order<S> {
    type Sources = S;

    fn into_order(self) -> OrderBy {
        self.order
    }
}

/// What ORDER BY and GROUP BY take in the scope `F`: one item, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in ORDER BY or GROUP BY",
    label = "not an expression, an ordering, or a tuple of them"
)]
pub trait OrderList<F, I> {
    /// Adds its items.
    fn orders(self, list: &mut Vec<OrderBy>);
}

impl<O, F, I> OrderList<F, I> for O
where
    O: IntoOrder<Sources: InScope<F, I>>,
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
