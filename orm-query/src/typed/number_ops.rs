//! Operators of numbers that Rust has no sign for.

use super::arithmetic::{Arithmetic, Term};
use super::expression::{BaseOf, Expr, Expression, Joined, Lifted};
use super::operand::Operand;
use super::scope::{Plus, Union};
use crate::SqlType;
use crate::tree::{BinaryOperator, UnaryOperator};

/// Integers with bits to compute with.
#[diagnostic::on_unimplemented(
    message = "bits are computed with signed integers, and this expression is of type `{Self}`",
    label = "not an `i16`, `i32` or `i64` but `{Self}`"
)]
pub trait Bitwise: SqlType {}

impl Bitwise for i16 {}
impl Bitwise for i32 {}
impl Bitwise for i64 {}

type Base<T> = <T as SqlType>::Base;

macro_rules! bitwise {
    ($($(#[$meta:meta])* $name:ident $variant:ident $right:ty;)*) => { $(
        $(#[$meta])*
        fn $name<R>(
            self,
            right: R,
        ) -> Expr<
            Lifted<Self::Sql, <R as Operand<$right>>::Sql, BaseOf<Self>>,
            Joined<Self, R, $right>,
        >
        where
            BaseOf<Self>: Bitwise,
            R: Operand<$right, Sources: Plus<Self::Sources>>,
        {
            Expr::from_tree(self.into_tree().binary(BinaryOperator::$variant, right.into_operand()))
        }
    )* };
}

/// Operators of numbers that Rust has no sign for.
///
/// ```
/// # use orm::prelude::*;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// let numbers = select((literal(-7).floor_div(2), literal(6).bitwise_xor(3), literal(1).bitwise_lshift(4)));
/// assert_eq!(engine.one(numbers).await?, (-4, 5, 16));
/// # Ok(())
/// # }
/// ```
pub trait NumberOperators: Expression {
    /// The quotient rounded down: that of -7 and 2 is -4.
    fn floor_div<R>(
        self,
        right: R,
    ) -> Expr<
        Lifted<Self::Sql, R::Sql, <BaseOf<Self> as Arithmetic<Base<R::Sql>>>::Output>,
        Union<Self::Sources, R::Sources>,
    >
    where
        R: Term<BaseOf<Self>, Sources: Plus<Self::Sources>>,
        BaseOf<Self>: Arithmetic<Base<R::Sql>>,
    {
        Expr::from_tree(self.into_tree().binary(BinaryOperator::FloorDivide, right.into_term()))
    }

    bitwise! {
        /// The bits that both have.
        bitwise_and BitAnd BaseOf<Self>;
        /// The bits that one has.
        bitwise_or BitOr BaseOf<Self>;
        /// The bits that only one has.
        bitwise_xor BitXor BaseOf<Self>;
        /// Bits moved to the left.
        bitwise_lshift ShiftLeft i32;
        /// Bits moved to the right; what comes in for a negative number is the database's to say.
        bitwise_rshift ShiftRight i32;
    }

    /// All bits turned round.
    fn bitwise_not(self) -> Expr<Self::Sql, Self::Sources>
    where
        BaseOf<Self>: Bitwise,
    {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::BitNot))
    }
}

impl<E: Expression> NumberOperators for E {}
