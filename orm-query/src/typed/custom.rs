//! Operators that orm does not know.

use std::marker::PhantomData;

use super::expression::{Expr, Expression};
use super::function::Argument;
use super::scope::{Plus, SourceSet, Union};
use crate::tree;
use crate::{DataType, SqlType};

/// Operators of the database's own.
pub trait CustomOperators: Expression {
    /// `self operator right`, of the type that `.returns::<…>()` names.
    ///
    /// The operator goes into the SQL as it is: words as in `AT TIME ZONE`, or the characters that operators are made of.
    /// Anything else is refused when the statement is compiled.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// use orm::literal;
    ///
    /// let matches = select(literal("sandy".to_owned()).op("GLOB", "s*").returns::<bool>());
    /// assert!(engine.one(matches).await?);
    /// assert!(engine.one(select(literal(1).op("; DROP TABLE", 1).returns::<i32>())).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    fn op<R>(self, operator: &str, right: R) -> OperatorCall<Union<Self::Sources, R::Sources>>
    where
        R: Argument<Sources: Plus<Self::Sources>>,
    {
        OperatorCall {
            left: self.into_tree(),
            operator: operator.to_owned(),
            right: right.into_argument(),
            sources: PhantomData,
        }
    }

    /// `self operator right` for an operator that is true, false or unknown; see [`op`](Self::op).
    fn bool_op<R>(self, operator: &str, right: R) -> Expr<Option<bool>, Union<Self::Sources, R::Sources>>
    where
        R: Argument<Sources: Plus<Self::Sources>>,
    {
        self.op(operator, right).returns()
    }
}

impl<E: Expression> CustomOperators for E {}

/// An operator with its operands, whose type is still to be named.
#[derive(Debug, Clone)]
#[must_use = "name the type of the result with `.returns::<…>()`"]
pub struct OperatorCall<S> {
    left: tree::Expr,
    operator: String,
    right: tree::Expr,
    sources: PhantomData<fn() -> S>,
}

impl<S: SourceSet> OperatorCall<S> {
    /// The type of the result; an `Option` where it may be NULL.
    pub fn returns<T: SqlType>(self) -> Expr<T, S> {
        let OperatorCall { left, operator, right, sources: _ } = self;
        let data_type: DataType = T::DATA_TYPE;
        Expr::from_tree(tree::Expr::Custom(Box::new(tree::Custom { left, operator, right, data_type })))
    }
}
