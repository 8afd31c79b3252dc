//! Texts put together, regular expressions and full-text search.

use orm_query::tree::{Binary, BinaryOperator, Expr, FullText, Like, Regexp, RegexpReplace};

use crate::mysql::MySql;
use crate::syntax::{Level, Result, Syntax, Writer, expr, like_text, operand, unsupported};

/// `concat(a, b, c)`, however they were put together.
pub(super) fn concat(s: &MySql, w: &mut Writer, b: &Binary) -> Result {
    fn each<'e>(e: &'e Expr, list: &mut Vec<&'e Expr>) {
        match e {
            Expr::Binary(b) if b.operator == BinaryOperator::Concat => {
                each(&b.left, list);
                each(&b.right, list);
            }
            e => list.push(e),
        }
    }
    let mut list = Vec::new();
    each(&b.left, &mut list);
    each(&b.right, &mut list);
    w.push("concat(");
    w.list(list, ", ", |w, e| expr(s, w, e))?;
    w.push(")");
    Ok(())
}

pub(super) fn like_pattern(s: &MySql, w: &mut Writer, e: &Like) -> Result {
    w.push(if e.before { "concat('%', " } else { "concat(" });
    like_text(s, w, e)?;
    w.push(if e.after { ", '%')" } else { ")" });
    Ok(())
}

/// MariaDB knows flags at the beginning of a pattern only.
fn pattern(s: &MySql, w: &mut Writer, pattern: &Expr, flags: Option<&str>) -> Result {
    match flags {
        Some(flags) if s.is_mariadb() => {
            check(s, flags)?;
            w.push("CONCAT('(?', ");
            s.literal(w, flags)?;
            w.push(", ')', ");
            expr(s, w, pattern)?;
            w.push(")");
            Ok(())
        }
        _ => operand(s, w, pattern, Level::Concat),
    }
}

/// # Errors
/// Where they are no flags, of which MariaDB would make a part of the pattern.
fn check(s: &MySql, flags: &str) -> Result {
    if !flags.is_empty() && flags.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Ok(());
    }
    Err(unsupported(s, "such flags of a regular expression", Some("they are letters: `i`, `m`, `s`, `x`")))
}

pub(super) fn regexp(s: &MySql, w: &mut Writer, e: &Regexp) -> Result {
    if e.flags.is_some() && !s.is_mariadb() {
        w.push(if e.negated { "NOT REGEXP_LIKE(" } else { "REGEXP_LIKE(" });
        return call(s, w, &[&e.operand, &e.pattern], e.flags.as_deref());
    }
    operand(s, w, &e.operand, Level::Concat)?;
    w.push(if e.negated { " NOT REGEXP " } else { " REGEXP " });
    pattern(s, w, &e.pattern, e.flags.as_deref())
}

pub(super) fn regexp_replace(s: &MySql, w: &mut Writer, e: &RegexpReplace) -> Result {
    w.push("REGEXP_REPLACE(");
    if !s.is_mariadb() {
        // The flags are the sixth argument, behind the place to start at and the match to replace.
        let Some(flags) = &e.flags else {
            return call(s, w, &[&e.operand, &e.pattern, &e.replacement], None);
        };
        w.list([&e.operand, &e.pattern, &e.replacement], ", ", |w, e| expr(s, w, e))?;
        w.push(", 1, 0, ");
        s.literal(w, flags)?;
        w.push(")");
        return Ok(());
    }
    expr(s, w, &e.operand)?;
    w.push(", ");
    pattern(s, w, &e.pattern, e.flags.as_deref())?;
    w.push(", ");
    expr(s, w, &e.replacement)?;
    w.push(")");
    Ok(())
}

fn call(s: &MySql, w: &mut Writer, arguments: &[&Expr], flags: Option<&str>) -> Result {
    w.list(arguments, ", ", |w, e| expr(s, w, e))?;
    if let Some(flags) = flags {
        w.push(", ");
        s.literal(w, flags)?;
    }
    w.push(")");
    Ok(())
}

/// A FULLTEXT index must be on the column.
pub(super) fn full_text(s: &MySql, w: &mut Writer, e: &FullText) -> Result {
    if !matches!(e.operand, Expr::Column(_)) {
        return Err(unsupported(s, "full-text search of anything but a column", None));
    }
    if e.config.is_some() {
        let hint = "the parser is the index's own: leave the configuration out";
        return Err(unsupported(s, "full-text search by a configuration", Some(hint)));
    }
    w.push("MATCH (");
    expr(s, w, &e.operand)?;
    w.push(") AGAINST (");
    expr(s, w, &e.query)?;
    w.push(" IN BOOLEAN MODE)");
    Ok(())
}
