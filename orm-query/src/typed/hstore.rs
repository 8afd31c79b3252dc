//! Operators of HSTORE.

use super::expression::{BaseOf, Expr, Expression, Joined};
use super::operand::Operand;
use super::scope::{Plus, Union};
use crate::tree::{self, BinaryOperator, Function};
use crate::{DataType, Hstore, SqlType};

/// Texts by text keys.
#[diagnostic::on_unimplemented(
    message = "only an `Hstore` has this operator, and this expression is of type `{Self}`",
    label = "not an `Hstore` but `{Self}`"
)]
pub trait KeysAndValues: SqlType {}

impl KeysAndValues for Hstore {}

/// Operators and functions of HSTORE, beside `has_key`, `contains`, `contained_by` and `concat`.
pub trait HstoreOperators: Expression {
    /// `self -> key`: the text of the key; NULL where it has none.
    fn value_of<R>(self, key: R) -> Expr<Option<String>, Joined<Self, R, String>>
    where
        BaseOf<Self>: KeysAndValues,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        Expr::from_tree(self.into_tree().binary(BinaryOperator::ValueOf, key.into_operand()))
    }

    /// `defined(self, key)`: the key is there, and its text is not NULL.
    fn defined<R>(self, key: R) -> Expr<<Self::Sql as SqlType>::Lift<bool>, Union<Self::Sources, R::Sources>>
    where
        BaseOf<Self>: KeysAndValues,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        call("defined", vec![self.into_tree(), key.into_operand()], DataType::Boolean)
    }

    /// `delete(self, key)`: all but the key.
    fn without<R>(self, key: R) -> Expr<Self::Sql, Union<Self::Sources, R::Sources>>
    where
        BaseOf<Self>: KeysAndValues,
        R: Operand<String, Sources: Plus<Self::Sources>>,
    {
        call("delete", vec![self.into_tree(), key.into_operand()], DataType::Hstore)
    }

    /// `slice(self, keys)`: only the keys.
    fn only<R>(self, keys: R) -> Expr<Self::Sql, Union<Self::Sources, R::Sources>>
    where
        BaseOf<Self>: KeysAndValues,
        R: Operand<Vec<String>, Sources: Plus<Self::Sources>>,
    {
        call("slice", vec![self.into_tree(), keys.into_operand()], DataType::Hstore)
    }

    /// `akeys(self)`: the keys.
    fn keys(self) -> Expr<<Self::Sql as SqlType>::Lift<Vec<String>>, Self::Sources>
    where
        BaseOf<Self>: KeysAndValues,
    {
        call("akeys", vec![self.into_tree()], DataType::Array(DataType::Text.into()))
    }

    /// `avals(self)`: the texts.
    fn values(self) -> Expr<<Self::Sql as SqlType>::Lift<Vec<Option<String>>>, Self::Sources>
    where
        BaseOf<Self>: KeysAndValues,
    {
        call("avals", vec![self.into_tree()], DataType::Array(DataType::Text.into()))
    }
}

impl<E: Expression> HstoreOperators for E {}

fn call<T, S>(name: &'static str, arguments: Vec<tree::Expr>, data_type: DataType) -> Expr<T, S> {
    Expr::from_tree(tree::Expr::Function(Box::new(Function::new(name, arguments, data_type))))
}
