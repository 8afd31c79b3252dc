/// An operator with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `IS DISTINCT FROM`
    IsDistinctFrom,
    /// `IS NOT DISTINCT FROM`
    IsNotDistinctFrom,
    /// A regular expression matches.
    Regexp,
    /// No regular expression matches.
    NotRegexp,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// The remainder of a division.
    Modulo,
    /// `||`
    Concat,
}

impl BinaryOperator {
    /// Whether the result is true, false or unknown.
    pub const fn is_predicate(self) -> bool {
        use BinaryOperator::*;
        match self {
            Eq | Ne | Lt | Le | Gt | Ge | IsDistinctFrom | IsNotDistinctFrom | Regexp | NotRegexp => true,
            Add | Subtract | Multiply | Divide | Modulo | Concat => false,
        }
    }
}

/// An operator with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `NOT`
    Not,
    /// `-`
    Negate,
    /// `IS NULL`
    IsNull,
    /// `IS NOT NULL`
    IsNotNull,
}

/// How many rows of a subquery a comparison must hold for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// One at least.
    Any,
    /// Every one.
    All,
}
