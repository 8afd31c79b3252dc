//! `UPDATE` of many rows by their keys.
//!
//! Not by a join with a list of values: that would be a table in between, whose columns get types and lengths from the
//! placeholders, which differ between versions. In a CASE beside its column a value keeps its own type.

use orm_query::Value;
use orm_query::tree::{ColumnRef, UpdateRows};

use crate::mysql::MySql;
use crate::syntax::{Result, Syntax, Writer, row_value, unsupported};

/// `UPDATE t SET c = CASE k WHEN ? THEN ? … ELSE c END WHERE k IN (?, …)`
pub(super) fn update_rows(s: &MySql, w: &mut Writer, u: &UpdateRows) -> Result {
    let is_key = |at: &usize| u.key.iter().any(|key| key.eq_ignore_ascii_case(&u.set[*at]));
    // What is assigned is seen by the assignments behind it, so a column of the key comes last.
    let (keys, mut order): (Vec<usize>, Vec<usize>) = (0..u.set.len()).partition(is_key);
    if keys.len() > 1 {
        let hint = "update the rows one by one";
        return Err(unsupported(s, "UPDATE of rows that changes several columns of the key", Some(hint)));
    }
    order.extend(keys);
    w.push("UPDATE ");
    s.table_ref(w, &u.table)?;
    w.push(" SET ");
    w.list(order, ", ", |w, set| {
        s.identifier(w, &u.set[set])?;
        w.push(" = CASE");
        if u.key.len() == 1 {
            w.push(" ");
            column(s, w, u, 0)?;
        }
        for row in &u.rows.rows {
            w.push(" WHEN ");
            is_row(s, w, u, row)?;
            w.push(" THEN ");
            let at = u.key.len() + set;
            row_value(s, w, u, at, &row[at])?;
        }
        w.push(" ELSE ");
        column(s, w, u, u.key.len() + set)?;
        w.push(" END");
        Ok(())
    })?;
    w.push(" WHERE ");
    let keys = |w: &mut Writer, row: &Vec<Value>| {
        w.list(0..u.key.len(), ", ", |w, at| row_value(s, w, u, at, &row[at]))
    };
    if u.key.len() == 1 {
        column(s, w, u, 0)?;
        w.push(" IN ");
        return w.parenthesized(|w| w.list(&u.rows.rows, ", ", keys));
    }
    w.parenthesized(|w| w.list(0..u.key.len(), ", ", |w, at| column(s, w, u, at)))?;
    w.push(" IN ");
    w.parenthesized(|w| w.list(&u.rows.rows, ", ", |w, row| w.parenthesized(|w| keys(w, row))))
}

/// What stands behind WHEN: the key, or a condition where it has several columns.
fn is_row(s: &MySql, w: &mut Writer, u: &UpdateRows, row: &[Value]) -> Result {
    if u.key.len() == 1 {
        return row_value(s, w, u, 0, &row[0]);
    }
    w.list(0..u.key.len(), " AND ", |w, at| {
        column(s, w, u, at)?;
        w.push(" = ");
        row_value(s, w, u, at, &row[at])
    })
}

fn column(s: &MySql, w: &mut Writer, u: &UpdateRows, at: usize) -> Result {
    let name = u.key.iter().chain(&u.set).nth(at).cloned().unwrap_or_default();
    s.column(w, &ColumnRef { source: u.table.source(), name, data_type: u.rows.types[at].clone() })
}
