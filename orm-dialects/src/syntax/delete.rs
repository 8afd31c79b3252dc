use orm_query::tree::{Delete, From};

use super::{Result, Syntax, Writer, expr};

/// `DELETE FROM table WHERE …`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn delete<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &Delete) -> Result {
    w.push("DELETE FROM ");
    s.table_ref(w, &d.table)?;
    w.scope([&From::Table(d.table.clone())], |w| {
        if let Some(filter) = &d.filter {
            w.push(" WHERE ");
            expr(s, w, filter)?;
        }
        s.returning(w, &d.returning)
    })
}
