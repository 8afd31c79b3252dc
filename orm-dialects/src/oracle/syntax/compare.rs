//! Comparisons and what cannot be compared, and the operators of bits.

use orm_query::tree::{Binary, BinaryOperator, Expr, InList};
use orm_query::{Bind, Value};

use crate::oracle::{Oracle, types};
use crate::syntax::{self, Level, Result, Writer, expr, operand, unsupported};

/// How many values may stand behind IN.
const MAX_LIST: usize = 1_000;

/// # Errors
/// For a column that is a LOB: Oracle has no `=` for it, and does not order it.
pub(super) fn refuse_lobs<'a>(s: &Oracle, w: &Writer, sides: impl IntoIterator<Item = &'a Expr>) -> Result {
    let is_lob = |e: &Expr| w.is_table_column(e) && e.data_type().is_some_and(|t| types::is_lob(&t));
    if sides.into_iter().any(is_lob) {
        let hint = "give the column a length, or use LIKE or DBMS_LOB.COMPARE";
        return Err(unsupported(s, "comparison or order of a LOB", Some(hint)));
    }
    Ok(())
}

fn is_empty(bind: &Bind) -> bool {
    matches!(&bind.value, Value::Text(text) if text.is_empty())
}

/// The empty text is NULL, and every comparison with it unknown.
fn is_empty_text(e: &Expr) -> bool {
    match e {
        Expr::Bind(bind) => is_empty(bind),
        Expr::Literal(bind) => is_empty(bind),
        _ => false,
    }
}

pub(super) fn comparison(s: &Oracle, w: &mut Writer, b: &Binary, operator: &str) -> Result {
    refuse_lobs(s, w, [&b.left, &b.right])?;
    if is_empty_text(&b.left) || is_empty_text(&b.right) {
        let hint = "the empty text is NULL: ask `is_null()` or `is_not_null()`";
        return Err(unsupported(s, "comparison with the empty text", Some(hint)));
    }
    let is_tuple = |e: &Expr| matches!(e, Expr::Tuple(_));
    if is_tuple(&b.left) && is_tuple(&b.right) {
        let hint = "compare the elements, joined by AND and OR";
        return Err(unsupported(s, "comparison of tuples", Some(hint)));
    }
    if is_tuple(&b.left) && !matches!(operator, "=" | "!=") {
        return Err(unsupported(s, "order of tuples", Some("compare the elements, joined by AND and OR")));
    }
    syntax::comparison(s, w, b, operator)
}

/// Not more than a thousand values in one list.
pub(super) fn in_list(s: &Oracle, w: &mut Writer, e: &InList) -> Result {
    refuse_lobs(s, w, [&e.operand])?;
    if e.list.len() <= MAX_LIST {
        return syntax::in_list(s, w, e);
    }
    w.parenthesized(|w| {
        w.list(e.list.chunks(MAX_LIST), if e.negated { " AND " } else { " OR " }, |w, list| {
            let part = InList { operand: e.operand.clone(), list: list.to_vec(), negated: e.negated };
            syntax::in_list(s, w, &part)
        })
    })
}

/// Of these Oracle has AND; the sum of two numbers is what their OR and their AND are together, and their XOR with twice
/// their AND.
pub(super) fn bitwise(s: &Oracle, w: &mut Writer, b: &Binary) -> Result {
    let between = match b.operator {
        BinaryOperator::BitOr => Some(" - "),
        BinaryOperator::BitXor => Some(" - 2 * "),
        BinaryOperator::BitAnd => None,
        _ => return Err(unsupported(s, "shift of bits", Some("multiply or divide by a power of two"))),
    };
    if let Some(between) = between {
        operand(s, w, &b.left, Level::Sum)?;
        w.push(" + ");
        operand(s, w, &b.right, Level::Product)?;
        w.push(between);
    }
    w.push("BITAND(");
    w.list([&b.left, &b.right], ", ", |w, e| expr(s, w, e))?;
    w.push(")");
    Ok(())
}
