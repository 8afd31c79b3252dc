//! Arrays.

use orm_query::tree::{Array, Expr, Index, QuantifiedArray, Quantifier, Slice};

use crate::postgres::Postgres;
use crate::syntax::{Level, Result, Syntax, Writer, expr, operand};

/// An array without elements says its type.
pub(super) fn array(s: &Postgres, w: &mut Writer, e: &Array) -> Result {
    w.push("ARRAY[");
    w.list(&e.items, ", ", |w, item| expr(s, w, item))?;
    w.push("]");
    if e.items.is_empty() {
        w.push("::");
        s.data_type(w, &e.element)?;
        w.push("[]");
    }
    Ok(())
}

/// Only a column takes brackets without parentheses.
fn bracketed(s: &Postgres, w: &mut Writer, e: &Expr) -> Result {
    match e {
        Expr::Column(_) => expr(s, w, e),
        e => w.parenthesized(|w| expr(s, w, e)),
    }
}

pub(super) fn index(s: &Postgres, w: &mut Writer, e: &Index) -> Result {
    bracketed(s, w, &e.operand)?;
    e.indexes.iter().try_for_each(|index| {
        w.push("[");
        expr(s, w, index)?;
        w.push("]");
        Ok(())
    })
}

pub(super) fn slice(s: &Postgres, w: &mut Writer, e: &Slice) -> Result {
    bracketed(s, w, &e.operand)?;
    w.push("[");
    if let Some(lower) = &e.lower {
        operand(s, w, lower, Level::Primary)?;
    }
    w.push(":");
    if let Some(upper) = &e.upper {
        operand(s, w, upper, Level::Primary)?;
    }
    w.push("]");
    Ok(())
}

pub(super) fn quantified(s: &Postgres, w: &mut Writer, e: &QuantifiedArray) -> Result {
    w.push(match e.quantifier {
        Quantifier::Any => "ANY ",
        Quantifier::All => "ALL ",
    });
    // A subquery by itself would be the rows of another quantifier.
    match &e.array {
        array @ Expr::Subquery(_) => w.parenthesized(|w| w.parenthesized(|w| expr(s, w, array))),
        array => w.parenthesized(|w| expr(s, w, array)),
    }
}
