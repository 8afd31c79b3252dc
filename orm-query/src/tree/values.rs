use super::Expr;

/// `VALUES (…), (…)` as a query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Values {
    /// The rows, all of one width.
    pub rows: Vec<Vec<Expr>>,
}
