//! Operators whose result would be of another type in PostgreSQL, or that mean something else there.

use orm_query::tree::{Binary, BinaryOperator, Expr, Like};
use orm_query::{Bind, DataType, Value};

use super::cast_to;
use crate::postgres::Postgres;
use crate::syntax::{Level, Result, Syntax, Writer, expr, infix, operand, unsupported};

/// A 32-bit float and a 16-bit integer would make a 64-bit float.
pub(super) fn arithmetic(s: &Postgres, w: &mut Writer, b: &Binary, operator: &str) -> Result {
    let (left, right) = (b.left.data_type(), b.right.data_type());
    let is_small = |t: &Option<DataType>| *t == Some(DataType::SmallInt);
    let is_real = |t: &Option<DataType>| *t == Some(DataType::Real);
    if !(is_real(&left) && is_small(&right) || is_small(&left) && is_real(&right)) {
        return infix(s, w, b, operator);
    }
    let level = Level::of_operator(b.operator);
    let side = |w: &mut Writer, e: &Expr, data_type: &Option<DataType>, level| {
        if is_small(data_type) {
            cast_to(s, w, &DataType::Real, |w| expr(s, w, e))
        } else {
            operand(s, w, e, level)
        }
    };
    side(w, &b.left, &left, level)?;
    w.push(" ");
    w.push(operator);
    w.push(" ");
    side(w, &b.right, &right, if level == Level::Sum { Level::Product } else { Level::Unary })
}

/// Integers divide to a double, and not to an integer.
pub(super) fn divide(s: &Postgres, w: &mut Writer, b: &Binary) -> Result {
    let is_integer = |e: &Expr| e.data_type().is_some_and(|t| t.is_integer());
    if !is_integer(&b.left) || !is_integer(&b.right) {
        return arithmetic(s, w, b, "/");
    }
    cast_to(s, w, &DataType::Double, |w| expr(s, w, &b.left))?;
    w.push(" / ");
    operand(s, w, &b.right, Level::Unary)
}

/// Rounded down, and not towards zero, as PostgreSQL divides integers. With so many digits after the point the quotient of
/// integers is never rounded up to the next one.
pub(super) fn floor_divide(s: &Postgres, w: &mut Writer, b: &Binary) -> Result {
    let floor = |w: &mut Writer, left: &dyn Fn(&mut Writer) -> Result| {
        w.push("FLOOR(");
        left(w)?;
        w.push(" / ");
        operand(s, w, &b.right, Level::Unary)?;
        w.push(")");
        Ok(())
    };
    match Expr::Binary(Box::new(b.clone())).data_type() {
        Some(integer) if integer.is_integer() => {
            let exact = DataType::Numeric { precision: Some(39), scale: Some(20) };
            cast_to(s, w, &integer, |w| floor(w, &|w| cast_to(s, w, &exact, |w| expr(s, w, &b.left))))
        }
        _ => floor(w, &|w| operand(s, w, &b.left, Level::Product)),
    }
}

/// A backslash is a character like any other unless the statement says otherwise; `ESCAPE ''` says that it is one.
pub(super) fn like(s: &Postgres, w: &mut Writer, e: &Like) -> Result {
    operand(s, w, &e.operand, Level::Concat)?;
    w.push(match (e.negated, e.ignore_case) {
        (false, false) => " LIKE ",
        (true, false) => " NOT LIKE ",
        (false, true) => " ILIKE ",
        (true, true) => " NOT ILIKE ",
    });
    if e.before || e.after {
        s.like_pattern(w, e)?;
    } else {
        operand(s, w, &e.pattern, Level::Concat)?;
    }
    match e.escape {
        // Behind ANY and ALL there is no place for it.
        Some(_) if is_quantified(&e.pattern) => {
            Err(unsupported(s, "LIKE ANY (…) with an escape", Some("the escape is a backslash there")))
        }
        Some(escape) => {
            w.push(" ESCAPE ");
            s.literal(w, escape.encode_utf8(&mut [0; 4]))
        }
        None if is_quantified(&e.pattern) || has_no_backslash(&e.pattern) => Ok(()),
        None => {
            w.push(" ESCAPE ''");
            Ok(())
        }
    }
}

fn is_quantified(pattern: &Expr) -> bool {
    matches!(pattern, Expr::Quantified(_) | Expr::QuantifiedArray(_))
}

/// Whether a pattern is known to have none.
fn has_no_backslash(pattern: &Expr) -> bool {
    match pattern {
        Expr::Bind(Bind { value: Value::Text(text), .. }) => !text.contains('\\'),
        Expr::Binary(b) if b.operator == BinaryOperator::Concat => {
            has_no_backslash(&b.left) && has_no_backslash(&b.right)
        }
        _ => false,
    }
}

/// JSON is text as it was written, and PostgreSQL compares no two of them.
pub(super) fn refuse_json(s: &Postgres, sides: &[&Expr]) -> Result {
    if sides.iter().any(|side| side.data_type() == Some(DataType::Json)) {
        let hint = "compare JSONB, which a column of `Jsonb` is";
        return Err(unsupported(s, "comparison of JSON", Some(hint)));
    }
    Ok(())
}
