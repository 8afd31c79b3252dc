//! What holds other values: texts, arrays, ranges, documents and maps.

use super::expression::{BaseOf, Expr, Expression, Joined, Lifted, around};
use super::operand::Operand;
use super::scope::{Plus, SourceSet};
use crate::tree::{self, BinaryOperator};
use crate::{ArrayElement, Hstore, Jsonb, MultiRange, Range, RangeElement, SqlType};

/// `.contains(…)` looks for an `R` in a value of this type; `I` says what it is to it, and is inferred.
#[diagnostic::on_unimplemented(
    message = "nothing is contained in an expression of type `{Self}`, or not a `{R}`",
    label = "not a text, an array, a range, a `Jsonb` or an `Hstore` with such a thing in it",
    note = "`.cast::<String>()` makes a text of an expression"
)]
pub trait Container<R, I>: SqlType {
    /// The type of what is looked for.
    type Item: SqlType;
    /// The sources that it reads.
    type Sources: SourceSet;
    /// `container` has the item in it.
    fn contains(container: tree::Expr, item: R) -> tree::Expr;
}

/// The item is a part of the container, of its own type.
#[derive(Debug)]
pub enum Part {}

/// The item is one value of a range.
#[derive(Debug)]
pub enum Element {}

/// The item is a range, in several of them.
#[derive(Debug)]
pub enum OneRange {}

impl<R: Operand<String>> Container<R, Part> for String {
    type Item = R::Sql;
    type Sources = R::Sources;

    fn contains(container: tree::Expr, item: R) -> tree::Expr {
        around(container, [true, true], item.into_operand(), false)
    }
}

macro_rules! containers {
    ($([$($bound:tt)*] $type:ty: $item:ty, $kind:ty;)*) => { $(
        impl<$($bound)* R: Operand<$item>> Container<R, $kind> for $type {
            type Item = R::Sql;
            type Sources = R::Sources;

            fn contains(container: tree::Expr, item: R) -> tree::Expr {
                container.binary(BinaryOperator::Contains, item.into_operand())
            }
        }
    )* };
}

containers! {
    [T: ArrayElement,] Vec<T>: Vec<T>, Part;
    [] Jsonb: Jsonb, Part;
    [] Hstore: Hstore, Part;
    [T: RangeElement,] Range<T>: Range<T>, Part;
    [T: RangeElement,] Range<T>: T, Element;
    [T: RangeElement,] MultiRange<T>: MultiRange<T>, Part;
    [T: RangeElement,] MultiRange<T>: Range<T>, OneRange;
    [T: RangeElement,] MultiRange<T>: T, Element;
}

/// Values of this type can stand in one another.
#[diagnostic::on_unimplemented(
    message = "`.contained_by(…)` is for arrays, ranges, `Jsonb` and `Hstore`, and this expression is of type `{Self}`",
    label = "not such a type but `{Self}`"
)]
pub trait Nesting: SqlType {}

impl<T: ArrayElement> Nesting for Vec<T> {}
impl<T: RangeElement> Nesting for Range<T> {}
impl<T: RangeElement> Nesting for MultiRange<T> {}
impl Nesting for Jsonb {}
impl Nesting for Hstore {}

/// Values of this type can have something in common.
#[diagnostic::on_unimplemented(
    message = "`.overlaps(…)` is for arrays and ranges, and this expression is of type `{Self}`",
    label = "not such a type but `{Self}`"
)]
pub trait Overlapping: SqlType {}

impl<T: ArrayElement> Overlapping for Vec<T> {}
impl<T: RangeElement> Overlapping for Range<T> {}
impl<T: RangeElement> Overlapping for MultiRange<T> {}

/// Values of this type can be put behind one another by `||`.
#[diagnostic::on_unimplemented(
    message = "only texts, arrays, `Jsonb` and `Hstore` can be concatenated, and this expression is of type `{Self}`",
    label = "not a text but `{Self}`",
    note = "`.cast::<String>()` makes a text of it"
)]
pub trait Concatenable: SqlType {}

impl Concatenable for String {}
impl<T: ArrayElement> Concatenable for Vec<T> {}
impl Concatenable for Jsonb {}
impl Concatenable for Hstore {}

/// Operators of arrays, ranges, `Jsonb` and `Hstore`, beside `contains`.
pub trait ContainerOperators: Expression {
    /// `self <@ other`: all of it is in the other one.
    fn contained_by<R>(self, other: R) -> Expr<Lifted<Self::Sql, R::Sql, bool>, Joined<Self, R, BaseOf<Self>>>
    where
        BaseOf<Self>: Nesting,
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(self.into_tree().binary(BinaryOperator::ContainedBy, other.into_operand()))
    }

    /// `self && other`: they have something in common.
    fn overlaps<R>(self, other: R) -> Expr<Lifted<Self::Sql, R::Sql, bool>, Joined<Self, R, BaseOf<Self>>>
    where
        BaseOf<Self>: Overlapping,
        R: Operand<BaseOf<Self>, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(self.into_tree().binary(BinaryOperator::Overlaps, other.into_operand()))
    }
}

impl<E: Expression> ContainerOperators for E {}
