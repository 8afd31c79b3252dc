use super::Expr;

/// A regular expression is found in a text; its syntax is the database's.
#[derive(Debug, Clone, PartialEq)]
pub struct Regexp {
    /// The text.
    pub operand: Expr,
    /// The regular expression.
    pub pattern: Expr,
    /// Letters that change its meaning, as the database knows them: `i` ignores case.
    pub flags: Option<String>,
    /// Whether it is negated.
    pub negated: bool,
}

/// What a regular expression finds in a text, replaced: all of it or the first, by the database's habit and the flags.
#[derive(Debug, Clone, PartialEq)]
pub struct RegexpReplace {
    /// The text.
    pub operand: Expr,
    /// The regular expression.
    pub pattern: Expr,
    /// What stands there instead.
    pub replacement: Expr,
    /// Letters that change its meaning, as the database knows them: `i` ignores case.
    pub flags: Option<String>,
}
