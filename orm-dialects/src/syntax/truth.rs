use orm_query::DataType;
use orm_query::tree::{BinaryOperator, Expr, UnaryOperator};

use super::expr::node;
use super::{Level, Result, Syntax, Writer, operand};

/// An expression where it must be true or false: behind WHERE, HAVING, ON and WHEN, and below AND, OR and NOT.
///
/// Where the database has no boolean values, one that is a value is compared with 1.
///
/// # Errors
/// As [`expr`](super::expr()).
pub fn condition<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr) -> Result {
    condition_operand(s, w, e, Level::Open)
}

/// The same, between parentheses where it holds together less tightly than `level`.
///
/// # Errors
/// As [`expr`](super::expr()).
pub fn condition_operand<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr, level: Level) -> Result {
    if s.has_booleans() && s.takes_columns_as_conditions() {
        return operand(s, w, e, level);
    }
    if let Expr::And(list) | Expr::Or(list) = e
        && let [one] = list.as_slice()
    {
        return condition_operand(s, w, one, level);
    }
    if is_compared(s, e) {
        operand(s, w, e, Level::Concat)?;
        w.push(" = 1");
        return Ok(());
    }
    if Level::of(e) < level { w.parenthesized(|w| node(s, w, e)) } else { node(s, w, e) }
}

/// Whether it is compared with 1 to be a condition.
pub(super) fn is_compared<S: Syntax + ?Sized>(s: &S, e: &Expr) -> bool {
    if !s.has_booleans() {
        return is_value(e);
    }
    let is_constant = |e: &Expr| match e {
        Expr::Bool(_) => true,
        Expr::And(list) | Expr::Or(list) => list.is_empty(),
        _ => false,
    };
    !s.takes_columns_as_conditions()
        && (is_constant(e)
            || matches!(e, Expr::Column(_) | Expr::Excluded(_)) && e.data_type() == Some(DataType::Boolean))
}

/// A predicate as a value, in a database that has no boolean values: 1, 0, or NULL where it is unknown.
///
/// # Errors
/// As [`expr`](super::expr()).
pub(super) fn truth_value<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Expr) -> Result {
    w.push("CASE WHEN ");
    condition(s, w, e)?;
    if is_known(e) {
        w.push(" THEN 1 ELSE 0 END");
        return Ok(());
    }
    w.push(" THEN 1 WHEN NOT ");
    condition_operand(s, w, e, Level::Not)?;
    w.push(" THEN 0 END");
    Ok(())
}

/// Whether it is true, false or unknown by its own words, and no value.
pub(crate) fn is_predicate(e: &Expr) -> bool {
    match e {
        Expr::Unary(u) => u.operator.is_predicate(),
        Expr::Binary(b) => b.operator.is_predicate(),
        Expr::And(list) | Expr::Or(list) => match list.as_slice() {
            [] => false,
            [one] => is_predicate(one),
            _ => true,
        },
        Expr::Between(_)
        | Expr::InList(_)
        | Expr::InQuery(_)
        | Expr::InRows(_)
        | Expr::Like(_)
        | Expr::Exists(_)
        | Expr::Regexp(_)
        | Expr::FullText(_) => true,
        Expr::Custom(custom) => custom.data_type == DataType::Boolean,
        Expr::TypedAs(t) => is_predicate(&t.operand),
        Expr::Column(_)
        | Expr::Excluded(_)
        | Expr::Bind(_)
        | Expr::Literal(_)
        | Expr::Param(_)
        | Expr::TryCast(_)
        | Expr::Extract(_)
        | Expr::Grouping(_)
        | Expr::Text(_)
        | Expr::Case(_)
        | Expr::Cast(_)
        | Expr::Collate(_)
        | Expr::Field(_)
        | Expr::Function(_)
        | Expr::Subquery(_)
        | Expr::Quantified(_)
        | Expr::Tuple(_)
        | Expr::Label(_)
        | Expr::Star
        | Expr::Ordered(_)
        | Expr::Bool(_)
        | Expr::RegexpReplace(_)
        | Expr::Json(_)
        | Expr::Array(_)
        | Expr::Index(_)
        | Expr::Slice(_)
        | Expr::QuantifiedArray(_) => false,
    }
}

/// Whether it is surely a value: text of the user's own may be either.
fn is_value(e: &Expr) -> bool {
    match e {
        Expr::Text(_) => false,
        Expr::TypedAs(t) => is_value(&t.operand),
        e => !is_predicate(e),
    }
}

/// Whether a predicate is never unknown.
fn is_known(e: &Expr) -> bool {
    match e {
        Expr::Exists(_) => true,
        Expr::Unary(u) => match u.operator {
            UnaryOperator::Not => is_known(&u.operand),
            operator => operator.is_test(),
        },
        Expr::Binary(b) => {
            matches!(b.operator, BinaryOperator::IsDistinctFrom | BinaryOperator::IsNotDistinctFrom)
        }
        Expr::And(list) | Expr::Or(list) => list.iter().all(is_known),
        Expr::InList(i) => i.list.is_empty(),
        _ => false,
    }
}
