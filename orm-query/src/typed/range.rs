//! Operators of ranges.

use super::expression::{BaseOf, Expr, Expression, Joined, Lifted};
use super::operand::{Operand, literal_operand};
use super::scope::{Nil, Plus};
use crate::tree::{self, BinaryOperator};
use crate::{MultiRange, Range, RangeElement, SqlType};

/// A range, or several of them.
#[diagnostic::on_unimplemented(
    message = "only ranges have this operator, and this expression is of type `{Self}`",
    label = "not a `Range` or `MultiRange` but `{Self}`"
)]
pub trait Ranges: SqlType {}

impl<T: RangeElement> Ranges for Range<T> {}
impl<T: RangeElement> Ranges for MultiRange<T> {}

macro_rules! predicates {
    ($($(#[$meta:meta])* $name:ident $variant:ident;)*) => { $(
        $(#[$meta])*
        fn $name<R>(
            self,
            other: R,
        ) -> Expr<Lifted<Self::Sql, R::Sql, bool>, Joined<Self, R, BaseOf<Self>>>
        where
            BaseOf<Self>: Ranges,
            R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
        {
            Expr::from_tree(self.into_tree().binary(BinaryOperator::$variant, other.into_operand()))
        }
    )* };
}

macro_rules! combinations {
    ($($(#[$meta:meta])* $name:ident $variant:ident;)*) => { $(
        $(#[$meta])*
        fn $name<R>(
            self,
            other: R,
        ) -> Expr<Lifted<Self::Sql, R::Sql, BaseOf<Self>>, Joined<Self, R, BaseOf<Self>>>
        where
            BaseOf<Self>: Ranges,
            R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
        {
            Expr::from_tree(self.into_tree().binary(BinaryOperator::$variant, other.into_operand()))
        }
    )* };
}

/// Operators of ranges, beside `contains`, `contained_by` and `overlaps`.
pub trait RangeOperators: Expression {
    predicates! {
        /// `self << other`: it ends before the other begins.
        strictly_left_of LeftOf;
        /// `self >> other`: it begins behind the other's end.
        strictly_right_of RightOf;
        /// `self &< other`: it does not reach beyond the other's end.
        not_extend_right_of NotExtendRightOf;
        /// `self &> other`: it does not begin before the other.
        not_extend_left_of NotExtendLeftOf;
        /// `self -|- other`: they touch, and have nothing in common.
        adjacent_to AdjacentTo;
    }

    combinations! {
        /// `self + other`: both; an error where a gap is between two single ranges.
        range_union Add;
        /// `self - other`: what only the first has; an error where it would be two single ranges.
        range_difference Subtract;
        /// `self * other`: what both have.
        range_intersection Multiply;
    }
}

impl<E: Expression> RangeOperators for E {}

macro_rules! rust_ranges {
    ($($rust:ident)*) => { $(
        impl<T: RangeElement> Operand<Range<T>> for std::ops::$rust<T> {
            type Sql = Range<T>;
            type Sources = Nil;

            fn into_operand(self) -> tree::Expr {
                literal_operand(&Range::from(self))
            }
        }
    )* };
}

rust_ranges! { Range RangeInclusive RangeFrom RangeTo }

impl<T: RangeElement> Operand<MultiRange<T>> for MultiRange<T> {
    type Sql = MultiRange<T>;
    type Sources = Nil;

    fn into_operand(self) -> tree::Expr {
        literal_operand(&self)
    }
}
