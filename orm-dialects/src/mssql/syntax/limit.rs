//! `TOP`, and `OFFSET … FETCH`.

use orm_query::Value;
use orm_query::tree::{Expr, Limit, Select, Text, TextPart};

use crate::mssql::MsSql;
use crate::syntax::{Result, Writer, expr, invalid, unsupported};

/// More rows than there are.
const ALL: &str = "9223372036854775807";

/// A number of rows that is known.
pub(super) fn known(e: &Expr) -> Option<i64> {
    let value = match e {
        Expr::Bind(bind) => &bind.value,
        Expr::Literal(bind) => &bind.value,
        _ => return None,
    };
    match value {
        Value::I64(n) => Some(*n),
        Value::I32(n) => Some((*n).into()),
        Value::I16(n) => Some((*n).into()),
        _ => None,
    }
}

/// Whether the rows are counted by `TOP`: where none is skipped and their number is known, and where only TOP can.
pub(super) fn is_top(l: &Limit) -> bool {
    let Some(count) = &l.count else { return false };
    match known(count) {
        // FETCH takes no 0, and nothing is skipped of nothing.
        Some(0) => true,
        _ if l.offset.is_some() => false,
        known => l.percent || l.with_ties || (known.is_some() && !l.fetch),
    }
}

/// `TOP n [PERCENT] [WITH TIES] `
pub(super) fn top(s: &MsSql, w: &mut Writer, q: &Select) -> Result {
    let Some(l) = q.limit.as_ref().filter(|l| is_top(l)) else { return Ok(()) };
    if l.with_ties && q.order_by.is_empty() {
        return Err(invalid("WITH TIES needs an ORDER BY"));
    }
    w.push("TOP ");
    match l.count.as_ref().and_then(known) {
        Some(n) => w.push(&n.max(0).to_string()),
        None => w.parenthesized(|w| l.count.iter().try_for_each(|count| expr(s, w, count)))?,
    }
    w.push(if l.percent { " PERCENT" } else { "" });
    w.push(if l.with_ties { " WITH TIES " } else { " " });
    Ok(())
}

/// No row at all, where `TOP` cannot say so.
pub(super) fn none() -> Limit {
    let all = Text { parts: vec![TextPart::Sql(ALL.to_owned())], binds: Vec::new() };
    Limit { offset: Some(Expr::Text(Box::new(all))), ..Limit::default() }
}

/// ` OFFSET … ROWS [FETCH FIRST … ROWS ONLY]`, behind an ORDER BY; nothing where the rows are counted in front.
pub(super) fn limit(s: &MsSql, w: &mut Writer, l: &Limit) -> Result {
    if is_top(l) {
        return Ok(());
    }
    if l.percent || l.with_ties {
        let hint = "leave the offset out, or compare `rank()` or `percent_rank()`";
        return Err(unsupported(s, "OFFSET … FETCH with PERCENT or WITH TIES", Some(hint)));
    }
    w.push(" OFFSET ");
    match &l.offset {
        Some(offset) => expr(s, w, offset)?,
        None => w.push("0"),
    }
    w.push(" ROWS");
    if let Some(count) = &l.count {
        w.push(" FETCH FIRST ");
        expr(s, w, count)?;
        w.push(" ROWS ONLY");
    }
    Ok(())
}
