//! True, false, and what is neither.

use super::expression::{Expr, Expression, Predicate};
use super::scope::{Nil, Total};
use crate::tree::{self, UnaryOperator};

/// True, as a condition or a value.
pub fn true_() -> Expr<bool, Nil> {
    Expr::from_tree(tree::Expr::Bool(true))
}

/// False, as a condition or a value.
pub fn false_() -> Expr<bool, Nil> {
    Expr::from_tree(tree::Expr::Bool(false))
}

/// Questions about what may be true, false or unknown, with an answer that is never unknown.
// As SQL says it; an expression goes into the larger one.
#[allow(clippy::wrong_self_convention)]
pub trait BooleanOperators: Predicate {
    /// `self IS TRUE`
    fn is_true(self) -> Expr<bool, Total<Self::Sources>> {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::IsTrue))
    }

    /// `self IS NOT TRUE`: false or unknown.
    fn is_not_true(self) -> Expr<bool, Total<Self::Sources>> {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::IsNotTrue))
    }

    /// `self IS FALSE`
    fn is_false(self) -> Expr<bool, Total<Self::Sources>> {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::IsFalse))
    }

    /// `self IS NOT FALSE`: true or unknown.
    fn is_not_false(self) -> Expr<bool, Total<Self::Sources>> {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::IsNotFalse))
    }
}

impl<E: Expression> BooleanOperators for E where E: Predicate {}
