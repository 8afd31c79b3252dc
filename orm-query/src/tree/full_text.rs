use super::Expr;

/// The words of a query are found in a text, by the database's full-text search.
#[derive(Debug, Clone, PartialEq)]
pub struct FullText {
    /// The text, or its search vector.
    pub operand: Expr,
    /// What is looked for.
    pub query: Expr,
    /// The configuration that takes words apart, where it is not the database's own.
    pub config: Option<String>,
}
