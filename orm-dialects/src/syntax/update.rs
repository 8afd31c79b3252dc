use orm_query::tree::{From, OrderBy, SelectItem, Update};

use super::select::select_item;
use super::{
    Result, Syntax, Writer, assignments, condition, invalid, order_list, prefixes, unsupported, with,
};

/// `UPDATE table SET column = value, … FROM … WHERE …`
///
/// # Errors
/// Where a value does not fit, a part of it cannot be said, or nothing is set.
pub fn update<S: Syntax + ?Sized>(s: &S, w: &mut Writer, u: &Update) -> Result {
    if u.set.is_empty() {
        return Err(invalid(format!("UPDATE of `{}` sets no column", u.table.name)));
    }
    if !u.from.is_empty() {
        if !s.features().update_from {
            let hint = "read the other tables by subqueries";
            return Err(unsupported(s, "UPDATE … FROM", Some(hint)));
        }
        if !u.returning.is_empty() && !s.features().joined_returning {
            let hint = "read the other tables by subqueries";
            return Err(unsupported(s, "RETURNING of an UPDATE of several tables", Some(hint)));
        }
    }
    with(s, w, &u.with, |w| update_table(s, w, u))
}

fn update_table<S: Syntax + ?Sized>(s: &S, w: &mut Writer, u: &Update) -> Result {
    w.push("UPDATE ");
    prefixes(s, w, &u.prefixes)?;
    s.table_ref(w, &u.table)?;
    let own = From::Table(u.table.clone());
    w.scope(std::iter::once(&own).chain(&u.from), |w| {
        w.push(" SET ");
        assignments(s, w, &u.table, &u.set)?;
        if !u.from.is_empty() {
            w.push(" FROM ");
            w.list(&u.from, ", ", |w, from| s.from_item(w, from))?;
        }
        if let Some(filter) = &u.filter {
            w.push(" WHERE ");
            condition(s, w, filter)?;
        }
        first_rows(s, w, &u.order_by, u.limit)?;
        s.returning(w, &u.returning)
    })
}

/// ` ORDER BY … LIMIT n` of an UPDATE or a DELETE; nothing where there is neither.
///
/// # Errors
/// Where the database has none, or a part of it cannot be said.
pub fn first_rows<S: Syntax + ?Sized>(
    s: &S,
    w: &mut Writer,
    order_by: &[OrderBy],
    limit: Option<u64>,
) -> Result {
    if (limit.is_some() || !order_by.is_empty()) && !s.features().update_limit {
        let hint = "say which rows by `.filter(key.in_(select(key).order_by(…).limit(…)))`";
        return Err(unsupported(s, "ORDER BY and LIMIT of an UPDATE or DELETE", Some(hint)));
    }
    if !order_by.is_empty() {
        w.push(" ORDER BY ");
        order_list(s, w, order_by)?;
    }
    if let Some(limit) = limit {
        w.push(&format!(" LIMIT {limit}"));
    }
    Ok(())
}

/// ` RETURNING …`; nothing for an empty list.
///
/// # Errors
/// Where an expression cannot be said.
pub fn returning<S: Syntax + ?Sized>(s: &S, w: &mut Writer, items: &[SelectItem]) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    w.push(" RETURNING ");
    w.list(items, ", ", |w, item| select_item(s, w, item))
}
