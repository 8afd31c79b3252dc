use super::{Expr, Quantifier};
use crate::DataType;

/// `ARRAY[a, b, …]`
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// The elements.
    pub items: Vec<Expr>,
    /// The type of an element.
    pub element: DataType,
}

/// `operand[a][b]…`: an element of an array.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// The array.
    pub operand: Expr,
    /// The place in each dimension, from 1.
    pub indexes: Vec<Expr>,
    /// The type of an element.
    pub data_type: DataType,
}

/// `operand[lower:upper]`: a part of an array.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// The array.
    pub operand: Expr,
    /// The first place, from 1; that of the array where it is missing.
    pub lower: Option<Expr>,
    /// The last place; that of the array where it is missing.
    pub upper: Option<Expr>,
}

/// `ANY (array)` or `ALL (array)` on the right of a comparison
#[derive(Debug, Clone, PartialEq)]
pub struct QuantifiedArray {
    /// Whether one element is enough.
    pub quantifier: Quantifier,
    /// The array.
    pub array: Expr,
}
