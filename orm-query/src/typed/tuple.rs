//! `(a, b)`: several values compared at once.

use std::marker::PhantomData;

use super::expression::{BaseOf, Expr, Expression};
use super::operand::{Operand, SameType};
use super::row_in::RowIn;
use super::scope::{Needs, Plus, SourceSet, Union};
use super::select::Select;
use super::subquery::Scalar;
use crate::tree::{self, BinaryOperator};

/// `(a, b, …)`: compared with others of the same types `T`, element by element.
#[derive(Debug, Clone)]
pub struct Tuple<T, S> {
    items: Vec<tree::Expr>,
    types: PhantomData<fn() -> (T, S)>,
}

/// `(a, b, …)` of two to six expressions.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Line {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     order: i32,
/// #     item: i32,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![Line].create_all(&engine).await?;
/// engine.execute(insert(Line).values([Line::new(1, 1), Line::new(1, 2), Line::new(2, 1)])).await?;
/// let line = || tuple((Line::order, Line::item));
/// let some = select(Line::id).filter(line().in_([(1, 2), (2, 1)])).order_by(Line::id);
/// assert_eq!(engine.all(some).await?, [2, 3]);
/// let later = select(Line::id).filter(line().gt((1, 2)));
/// assert_eq!(engine.all(later).await?, [3]);
/// # Ok(())
/// # }
/// ```
pub fn tuple<L: TupleItems>(items: L) -> Tuple<L::Types, L::Sources> {
    Tuple { items: items.into_items(), types: PhantomData }
}

/// The expressions of a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the elements of a SQL tuple",
    label = "not a tuple of two to six expressions"
)]
pub trait TupleItems {
    /// Their types, without NULL.
    type Types;
    /// The sources that they read.
    type Sources: SourceSet;
    /// They as data.
    fn into_items(self) -> Vec<tree::Expr>;
}

/// What may stand on the right of a tuple of the types `T`: a tuple of values or expressions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with a SQL tuple of the types `{T}`",
    label = "expected a tuple of values or expressions of the types `{T}`"
)]
pub trait TupleOperand<T> {
    /// The sources that it reads.
    type Sources: SourceSet;
    /// It as data.
    fn into_tuple(self) -> tree::Expr;
}

/// What may stand behind IN for a tuple of the types `T`: a list of tuples, or a subquery; `I` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand behind IN for a SQL tuple of the types `{T}`",
    label = "expected a list of tuples, or a `select(…)` of columns of the types `{T}`"
)]
pub trait TupleIn<T, I> {
    /// The sources that it reads.
    type Sources: SourceSet;
    /// `tuple [NOT] IN self`
    fn into_in(self, tuple: tree::Expr, negated: bool) -> tree::Expr;
}

macro_rules! comparisons {
    ($($(#[$meta:meta])* $name:ident $variant:ident;)*) => { $(
        $(#[$meta])*
        pub fn $name<R>(self, right: R) -> Expr<Option<bool>, Union<S, R::Sources>>
        where
            R: TupleOperand<T, Sources: Plus<S>>,
        {
            Expr::from_tree(tree::Expr::Tuple(self.items).binary(BinaryOperator::$variant, right.into_tuple()))
        }
    )* };
}

impl<T, S: SourceSet> Tuple<T, S> {
    comparisons! {
        /// `(a, b) = right`
        eq Eq;
        /// `(a, b) <> right`
        ne Ne;
        /// `(a, b) < right`: the first elements that differ decide.
        lt Lt;
        /// `(a, b) <= right`
        le Le;
        /// `(a, b) > right`
        gt Gt;
        /// `(a, b) >= right`
        ge Ge;
    }

    /// `(a, b) IN (…)`: a list of tuples, or a subquery of as many columns.
    pub fn in_<R, I>(self, list: R) -> Expr<Option<bool>, Union<S, R::Sources>>
    where
        R: TupleIn<T, I, Sources: Plus<S>>,
    {
        Expr::from_tree(list.into_in(tree::Expr::Tuple(self.items), false))
    }

    /// `(a, b) NOT IN (…)`
    pub fn not_in<R, I>(self, list: R) -> Expr<Option<bool>, Union<S, R::Sources>>
    where
        R: TupleIn<T, I, Sources: Plus<S>>,
    {
        Expr::from_tree(list.into_in(tree::Expr::Tuple(self.items), true))
    }
}

fn in_list<T, R: TupleOperand<T>>(
    operand: tree::Expr,
    list: impl IntoIterator<Item = R>,
    negated: bool,
) -> tree::Expr {
    let list = list.into_iter().map(TupleOperand::into_tuple).collect();
    tree::Expr::InList(Box::new(tree::InList { operand, list, negated }))
}

impl<T, R: TupleOperand<T>> TupleIn<T, ()> for Vec<R> {
    type Sources = R::Sources;

    fn into_in(self, tuple: tree::Expr, negated: bool) -> tree::Expr {
        in_list(tuple, self, negated)
    }
}

impl<T, R: TupleOperand<T>, const N: usize> TupleIn<T, ()> for [R; N] {
    type Sources = R::Sources;

    fn into_in(self, tuple: tree::Expr, negated: bool) -> tree::Expr {
        in_list(tuple, self, negated)
    }
}

impl<T, S: SourceSet> TupleOperand<T> for Tuple<T, S> {
    type Sources = S;

    fn into_tuple(self) -> tree::Expr {
        tree::Expr::Tuple(self.items)
    }
}

macro_rules! tuples {
    ($(($($name:ident $type:ident $value:ident),*) $sources:ty, $operands:ty where [$($bound:tt)*] [$($operand_bound:tt)*];)*) => { $(
        impl<$($name: Expression),*> TupleItems for ($($name,)*)
        where
            $($bound)*
        {
            type Types = ($(BaseOf<$name>,)*);
            type Sources = $sources;

            fn into_items(self) -> Vec<tree::Expr> {
                let ($($value,)*) = self;
                vec![$($value.into_tree()),*]
            }
        }

        impl<$($name: Operand<$type>, $type),*> TupleOperand<($($type,)*)> for ($($name,)*)
        where
            $($operand_bound)*
        {
            type Sources = $operands;

            fn into_tuple(self) -> tree::Expr {
                let ($($value,)*) = self;
                tree::Expr::Tuple(vec![$($value.into_operand()),*])
            }
        }

        impl<$($name: Scalar<Sql: SameType<$type>>, $type,)* Scope, I> TupleIn<($($type,)*), I> for Select<($($name,)*), Scope>
        where
            ($($name,)*): RowIn<Scope, I>,
            Scope: Needs,
        {
            type Sources = Scope::Sources;

            fn into_in(self, tuple: tree::Expr, negated: bool) -> tree::Expr {
                let query = self.into_tree();
                tree::Expr::InQuery(Box::new(tree::InQuery { operand: tuple, query: query.into(), negated }))
            }
        }
    )* };
}

tuples! {
    (A AT a, B BT b) Union<A::Sources, B::Sources>, Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources> where [B::Sources: Plus<A::Sources>] [<B as Operand<BT>>::Sources: Plus<<A as Operand<AT>>::Sources>];
    (A AT a, B BT b, C CT c) Union<Union<A::Sources, B::Sources>, C::Sources>, Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources> where [B::Sources: Plus<A::Sources>, C::Sources: Plus<Union<A::Sources, B::Sources>>] [<B as Operand<BT>>::Sources: Plus<<A as Operand<AT>>::Sources>, <C as Operand<CT>>::Sources: Plus<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>>];
    (A AT a, B BT b, C CT c, D DT d) Union<Union<Union<A::Sources, B::Sources>, C::Sources>, D::Sources>, Union<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>, <D as Operand<DT>>::Sources> where [B::Sources: Plus<A::Sources>, C::Sources: Plus<Union<A::Sources, B::Sources>>, D::Sources: Plus<Union<Union<A::Sources, B::Sources>, C::Sources>>] [<B as Operand<BT>>::Sources: Plus<<A as Operand<AT>>::Sources>, <C as Operand<CT>>::Sources: Plus<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>>, <D as Operand<DT>>::Sources: Plus<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>>];
    (A AT a, B BT b, C CT c, D DT d, E ET e) Union<Union<Union<Union<A::Sources, B::Sources>, C::Sources>, D::Sources>, E::Sources>, Union<Union<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>, <D as Operand<DT>>::Sources>, <E as Operand<ET>>::Sources> where [B::Sources: Plus<A::Sources>, C::Sources: Plus<Union<A::Sources, B::Sources>>, D::Sources: Plus<Union<Union<A::Sources, B::Sources>, C::Sources>>, E::Sources: Plus<Union<Union<Union<A::Sources, B::Sources>, C::Sources>, D::Sources>>] [<B as Operand<BT>>::Sources: Plus<<A as Operand<AT>>::Sources>, <C as Operand<CT>>::Sources: Plus<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>>, <D as Operand<DT>>::Sources: Plus<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>>, <E as Operand<ET>>::Sources: Plus<Union<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>, <D as Operand<DT>>::Sources>>];
    (A AT a, B BT b, C CT c, D DT d, E ET e, F FT f) Union<Union<Union<Union<Union<A::Sources, B::Sources>, C::Sources>, D::Sources>, E::Sources>, F::Sources>, Union<Union<Union<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>, <D as Operand<DT>>::Sources>, <E as Operand<ET>>::Sources>, <F as Operand<FT>>::Sources> where [B::Sources: Plus<A::Sources>, C::Sources: Plus<Union<A::Sources, B::Sources>>, D::Sources: Plus<Union<Union<A::Sources, B::Sources>, C::Sources>>, E::Sources: Plus<Union<Union<Union<A::Sources, B::Sources>, C::Sources>, D::Sources>>, F::Sources: Plus<Union<Union<Union<Union<A::Sources, B::Sources>, C::Sources>, D::Sources>, E::Sources>>] [<B as Operand<BT>>::Sources: Plus<<A as Operand<AT>>::Sources>, <C as Operand<CT>>::Sources: Plus<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>>, <D as Operand<DT>>::Sources: Plus<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>>, <E as Operand<ET>>::Sources: Plus<Union<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>, <D as Operand<DT>>::Sources>>, <F as Operand<FT>>::Sources: Plus<Union<Union<Union<Union<<A as Operand<AT>>::Sources, <B as Operand<BT>>::Sources>, <C as Operand<CT>>::Sources>, <D as Operand<DT>>::Sources>, <E as Operand<ET>>::Sources>>];
}
