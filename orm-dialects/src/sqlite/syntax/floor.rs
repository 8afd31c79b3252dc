//! Division that rounds down, which SQLite has not: it divides integers towards zero.

use orm_query::tree::Binary;

use crate::sqlite::Sqlite;
use crate::syntax::{Level, Result, Writer, operand, unsupported};

/// The quotient towards zero, less one where there is a remainder and the signs differ.
pub(super) fn divide(s: &Sqlite, w: &mut Writer, b: &Binary) -> Result {
    let is_integer = |e: &orm_query::tree::Expr| e.data_type().is_some_and(|t| t.is_integer());
    if !is_integer(&b.left) || !is_integer(&b.right) {
        let hint = "cast both sides to integers, or round in Rust";
        return Err(unsupported(s, "floor division of fractions", Some(hint)));
    }
    let left = |w: &mut Writer| operand(s, w, &b.left, Level::Unary);
    let right = |w: &mut Writer| operand(s, w, &b.right, Level::Unary);
    w.push("(");
    left(w)?;
    w.push(" / ");
    right(w)?;
    w.push(" - (");
    left(w)?;
    w.push(" % ");
    right(w)?;
    w.push(" != 0 AND (");
    left(w)?;
    w.push(" < 0) != (");
    right(w)?;
    w.push(" < 0)))");
    Ok(())
}
