use super::{Expr, Rows};

/// `(a, b) IN (rows)`: whether the operands are one of many rows of plain values, of which each database has its own way:
/// arrays, a list, `VALUES`, or a disjunction.
#[derive(Debug, Clone, PartialEq)]
pub struct InRows {
    /// What is looked for: one expression, or several taken together.
    pub operands: Vec<Expr>,
    /// Where: rows as wide as the operands are many.
    pub rows: Rows,
}
