use orm_query::tree::{Delete, From};

use super::{Result, Syntax, Writer, condition, first_rows, prefixes, unsupported, with};

/// `DELETE FROM table USING … WHERE …`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn delete<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &Delete) -> Result {
    if !d.using.is_empty() {
        if !s.features().delete_using {
            let hint = "read the other tables by subqueries: `.filter(key.in_(select(…)))`";
            return Err(unsupported(s, "DELETE … USING", Some(hint)));
        }
        if !d.returning.is_empty() && !s.features().joined_returning {
            let hint = "read the other tables by subqueries: `.filter(key.in_(select(…)))`";
            return Err(unsupported(s, "RETURNING of a DELETE with several tables", Some(hint)));
        }
    }
    with(s, w, &d.with, |w| delete_from(s, w, d))
}

fn delete_from<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &Delete) -> Result {
    w.push("DELETE ");
    prefixes(s, w, &d.prefixes)?;
    w.push("FROM ");
    s.delete_tables(w, d)?;
    let own = From::Table(d.table.clone());
    w.scope(std::iter::once(&own).chain(&d.using), |w| {
        if let Some(filter) = &d.filter {
            w.push(" WHERE ");
            condition(s, w, filter)?;
        }
        first_rows(s, w, &d.order_by, d.limit)?;
        s.returning(w, &d.returning)
    })
}

/// `table USING a, b`
///
/// # Errors
/// Where a source cannot be said.
pub fn delete_tables<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &Delete) -> Result {
    s.table_ref(w, &d.table)?;
    if d.using.is_empty() {
        return Ok(());
    }
    w.push(" USING ");
    w.list(&d.using, ", ", |w, from| s.from_item(w, from))
}
