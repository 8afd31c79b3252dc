use super::Expr;

/// `operand [NOT] LIKE pattern [ESCAPE escape]`
#[derive(Debug, Clone, PartialEq)]
pub struct Like {
    /// The text.
    pub operand: Expr,
    /// The pattern, with `%` and `_`.
    pub pattern: Expr,
    /// Whether anything may stand before the pattern: `'%' || pattern`
    pub before: bool,
    /// Whether anything may stand behind the pattern: `pattern || '%'`
    pub after: bool,
    /// The character that takes `%` and `_` their meaning.
    pub escape: Option<char>,
    /// Whether it is negated.
    pub negated: bool,
    /// Whether case is ignored (`ILIKE`).
    pub ignore_case: bool,
}
