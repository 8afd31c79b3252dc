use orm_query::tree::{FullText, Regexp, RegexpReplace};

use super::{Result, Syntax, Writer, expr, unsupported};

/// `[NOT] regexp_like(operand, pattern[, flags])`, as SQL:2008 has it
///
/// # Errors
/// Where a part of it cannot be said.
pub fn regexp<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Regexp) -> Result {
    w.push(if e.negated { "(NOT regexp_like(" } else { "regexp_like(" });
    expr(s, w, &e.operand)?;
    w.push(", ");
    expr(s, w, &e.pattern)?;
    if let Some(flags) = &e.flags {
        w.push(", ");
        s.literal(w, flags)?;
    }
    w.push(if e.negated { "))" } else { ")" });
    Ok(())
}

/// `regexp_replace(operand, pattern, replacement[, flags])`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn regexp_replace<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &RegexpReplace) -> Result {
    w.push("REGEXP_REPLACE(");
    w.list([&e.operand, &e.pattern, &e.replacement], ", ", |w, e| expr(s, w, e))?;
    if let Some(flags) = &e.flags {
        w.push(", ");
        s.literal(w, flags)?;
    }
    w.push(")");
    Ok(())
}

/// Full-text search, of which each database has its own.
///
/// # Errors
/// Always.
pub fn full_text<S: Syntax + ?Sized>(s: &S, _: &mut Writer, _: &FullText) -> Result {
    Err(unsupported(
        s,
        "full-text search of a column",
        Some("use LIKE, or the database's own SQL in `text(…)`"),
    ))
}
