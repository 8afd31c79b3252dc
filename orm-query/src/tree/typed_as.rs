use super::Expr;
use crate::DataType;

/// An expression that is taken as of another type, without any SQL that says so.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedAs {
    /// What is written.
    pub operand: Expr,
    /// As what it is read, and what stands beside it is bound.
    pub data_type: DataType,
}
