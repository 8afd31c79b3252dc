use orm_query::tree::{From, SelectItem, Update};

use super::select::select_item;
use super::{Result, Syntax, Writer, assignments, expr, invalid};

/// `UPDATE table SET column = value, … WHERE …`
///
/// # Errors
/// Where a value does not fit, a part of it cannot be said, or nothing is set.
pub fn update<S: Syntax + ?Sized>(s: &S, w: &mut Writer, u: &Update) -> Result {
    if u.set.is_empty() {
        return Err(invalid(format!("UPDATE of `{}` sets no column", u.table.name)));
    }
    w.push("UPDATE ");
    s.table_ref(w, &u.table)?;
    w.scope([&From::Table(u.table.clone())], |w| {
        w.push(" SET ");
        assignments(s, w, &u.table, &u.set)?;
        if let Some(filter) = &u.filter {
            w.push(" WHERE ");
            expr(s, w, filter)?;
        }
        s.returning(w, &u.returning)
    })
}

/// ` RETURNING …`, with the columns of the table by their names alone; nothing for an empty list.
///
/// # Errors
/// Where an expression cannot be said.
pub fn returning<S: Syntax + ?Sized>(s: &S, w: &mut Writer, items: &[SelectItem]) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    w.push(" RETURNING ");
    w.qualified(false, |w| w.list(items, ", ", |w, item| select_item(s, w, item)))
}
