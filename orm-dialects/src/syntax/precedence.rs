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
    /// `||`, the operators of bits, and those of documents and maps
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
            Expr::Text(_) | Expr::Ordered(_) | Expr::Custom(_) => Level::Open,
            Expr::Or(list) => of_list(list, Level::Or),
            Expr::And(list) => of_list(list, Level::And),
            Expr::Unary(unary) => match unary.operator {
                UnaryOperator::Not => Level::Not,
                UnaryOperator::Negate | UnaryOperator::BitNot => Level::Unary,
                UnaryOperator::IsNull
                | UnaryOperator::IsNotNull
                | UnaryOperator::IsTrue
                | UnaryOperator::IsNotTrue
                | UnaryOperator::IsFalse
                | UnaryOperator::IsNotFalse => Level::Predicate,
            },
            Expr::Binary(binary) => Level::of_operator(binary.operator),
            Expr::Between(_)
            | Expr::InList(_)
            | Expr::InQuery(_)
            | Expr::InRows(_)
            | Expr::Like(_)
            | Expr::Regexp(_)
            | Expr::FullText(_) => Level::Predicate,
            Expr::Json(_) => Level::Concat,
            Expr::TypedAs(typed) => Level::of(&typed.operand),
            Expr::Collate(_) => Level::Unary,
            Expr::Column(_)
            | Expr::Field(_)
            | Expr::Excluded(_)
            | Expr::Bind(_)
            | Expr::Literal(_)
            | Expr::Param(_)
            | Expr::Case(_)
            | Expr::Cast(_)
            | Expr::TryCast(_)
            | Expr::Extract(_)
            | Expr::Grouping(_)
            | Expr::Function(_)
            | Expr::Exists(_)
            | Expr::Subquery(_)
            | Expr::Quantified(_)
            | Expr::Tuple(_)
            | Expr::Label(_)
            | Expr::Star
            | Expr::Bool(_)
            | Expr::RegexpReplace(_)
            | Expr::Array(_)
            | Expr::Index(_)
            | Expr::Slice(_)
            | Expr::QuantifiedArray(_) => Level::Primary,
        }
    }

    /// The level of what an operator with two operands makes.
    pub fn of_operator(operator: BinaryOperator) -> Level {
        use BinaryOperator::*;
        match operator {
            Eq | Ne | Lt | Le | Gt | Ge | IsDistinctFrom | IsNotDistinctFrom | Contains | ContainedBy
            | Overlaps | HasKey | HasAnyKey | HasAllKeys | PathExists | PathMatches | LeftOf | RightOf
            | NotExtendRightOf | NotExtendLeftOf | AdjacentTo => Level::Predicate,
            Add | Subtract | DeleteKey => Level::Sum,
            Multiply | Divide | Modulo => Level::Product,
            FloorDivide => Level::Primary,
            Concat | BitAnd | BitOr | BitXor | ShiftLeft | ShiftRight | ValueOf | DeletePath => Level::Concat,
        }
    }
}

/// An empty list is a constant, and a list of one is that one.
fn of_list(list: &[Expr], level: Level) -> Level {
    match list {
        [] => Level::Primary,
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
