//! Regular expressions and full-text search.

use orm_query::DataType;
use orm_query::tree::{FullText, Regexp};

use crate::postgres::Postgres;
use crate::syntax::{Level, Result, Syntax, Writer, expr, operand, unsupported};

/// `~` binds as tightly as `||`, from the left. Of the flags it knows one; the others stand before the pattern.
pub(super) fn regexp(s: &Postgres, w: &mut Writer, e: &Regexp) -> Result {
    operand(s, w, &e.operand, Level::Concat)?;
    let ignores_case = match e.flags.as_deref() {
        None | Some("") => false,
        Some("i") => true,
        Some(_) => {
            let hint = "write them at the pattern's beginning: `(?xn)…`";
            return Err(unsupported(s, "flags of a regular expression but `i`", Some(hint)));
        }
    };
    w.push(match (e.negated, ignores_case) {
        (false, false) => " ~ ",
        (true, false) => " !~ ",
        (false, true) => " ~* ",
        (true, true) => " !~* ",
    });
    operand(s, w, &e.pattern, Level::Sum)
}

/// A text is taken apart by the same configuration as the query.
pub(super) fn full_text(s: &Postgres, w: &mut Writer, e: &FullText) -> Result {
    let is_vector =
        matches!(e.operand.data_type(), Some(DataType::Other(name)) if name.eq_ignore_ascii_case("tsvector"));
    match &e.config {
        Some(config) if !is_vector => {
            w.push("to_tsvector(");
            s.literal(w, config)?;
            w.push(", ");
            expr(s, w, &e.operand)?;
            w.push(")");
        }
        _ => operand(s, w, &e.operand, Level::Sum)?,
    }
    w.push(" @@ plainto_tsquery(");
    if let Some(config) = &e.config {
        s.literal(w, config)?;
        w.push(", ");
    }
    expr(s, w, &e.query)?;
    w.push(")");
    Ok(())
}
