use orm_query::tree::{BinaryOperator, Expr, UnaryOperator};

use super::{Result, Syntax, Writer, expr};

/// How tightly an expression holds together, from the loosest.
///
/// The databases agree on this order but for `||`, which some put above the arithmetic operators and some below:
/// where it meets one of them, parentheses say which is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Anything may stand in it: the user's own SQL.
    Open,
    /// `OR`
    Or,
    /// `AND`
    And,
    /// `NOT`
    Not,
    /// Comparisons and whatever else is true, false or unknown. They do not chain.
    Predicate,
    /// `||`
    Concat,
    /// `+`, `-`
    Sum,
    /// `*`, `/`, `%`
    Product,
    /// `-` before one operand, `COLLATE`
    Unary,
    /// What nothing can tear apart.
    Primary,
}

impl Level {
    /// The level of an expression as it is written without parentheses around it.
    pub fn of(expr: &Expr) -> Level {
        match expr {
            Expr::Text(_) | Expr::Ordered(_) => Level::Open,
            Expr::Or(list) => of_list(list, Level::Or),
            Expr::And(list) => of_list(list, Level::And),
            Expr::Unary(unary) => match unary.operator {
                UnaryOperator::Not => Level::Not,
                UnaryOperator::Negate => Level::Unary,
                UnaryOperator::IsNull | UnaryOperator::IsNotNull => Level::Predicate,
            },
            Expr::Binary(binary) => Level::of_operator(binary.operator),
            Expr::Between(_) | Expr::InList(_) | Expr::InQuery(_) | Expr::Like(_) => Level::Predicate,
            Expr::Collate(_) => Level::Unary,
            Expr::Column(_)
            | Expr::Excluded(_)
            | Expr::Bind(_)
            | Expr::Case(_)
            | Expr::Cast(_)
            | Expr::Function(_)
            | Expr::Exists(_)
            | Expr::Subquery(_)
            | Expr::Quantified(_)
            | Expr::Tuple(_)
            | Expr::Label(_)
            | Expr::Star => Level::Primary,
        }
    }

    /// The level of what an operator with two operands makes.
    pub fn of_operator(operator: BinaryOperator) -> Level {
        use BinaryOperator::*;
        match operator {
            Eq | Ne | Lt | Le | Gt | Ge | IsDistinctFrom | IsNotDistinctFrom | Regexp | NotRegexp => {
                Level::Predicate
            }
            Add | Subtract => Level::Sum,
            Multiply | Divide | Modulo => Level::Product,
            Concat => Level::Concat,
        }
    }
}

/// An empty list is a comparison of constants, and a list of one is that one.
fn of_list(list: &[Expr], level: Level) -> Level {
    match list {
        [] => Level::Predicate,
        [one] => Level::of(one),
        _ => level,
    }
}

/// `e`, between parentheses where it holds together less tightly than `level`.
///
/// # Errors
/// Where the expression cannot be said.
pub fn operand<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr, level: Level) -> Result {
    if Level::of(e) < level { w.parenthesized(|w| expr(s, w, e)) } else { expr(s, w, e) }
}
