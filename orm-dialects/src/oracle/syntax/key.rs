//! What rows are grouped and ordered by.

use orm_query::tree::Expr;

use crate::oracle::Oracle;
use crate::syntax::{self, Result, Writer};

/// Two placeholders are two values to Oracle, even when both are the same: an expression with a bind in the select list
/// is not the same expression in GROUP BY. There it takes the placeholders of the select list once more.
pub(super) fn key(s: &Oracle, w: &mut Writer, key: &Expr) -> Result {
    let (start, first) = (w.sql().len(), w.binds().len());
    syntax::key(s, w, key)?;
    let count = w.binds().len() - first;
    if count == 0 {
        return Ok(());
    }
    let (before, written) = w.sql().split_at(start);
    let (earlier, own) = w.binds().split_at(first);
    let again = (0..(first + 1).saturating_sub(count))
        .filter(|at| earlier[*at..*at + count] == *own)
        .map(|at| renumbered(written, first, at))
        .find(|text| before.contains(text.as_str()));
    if let Some(again) = again {
        w.rewind(start, first);
        w.push(&again);
    }
    Ok(())
}

/// The text with its placeholders, which count up behind `first`, counting up behind `at`.
fn renumbered(text: &str, first: usize, at: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut next = 1;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let placeholder = format!(":{}", first + next);
        if quote.is_none() && rest.starts_with(&placeholder) {
            out.push_str(&format!(":{}", at + next));
            next += 1;
            rest = &rest[placeholder.len()..];
            continue;
        }
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}
