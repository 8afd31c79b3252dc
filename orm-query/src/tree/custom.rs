use super::Expr;
use crate::DataType;

/// `left operator right` for an operator that orm does not know.
#[derive(Debug, Clone, PartialEq)]
pub struct Custom {
    /// The left operand.
    pub left: Expr,
    /// The operator: words, or characters that operators are made of.
    pub operator: String,
    /// The right operand.
    pub right: Expr,
    /// The type of the result.
    pub data_type: DataType,
}
