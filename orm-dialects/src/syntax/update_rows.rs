use orm_query::tree::{BinaryOperator, ColumnRef, Expr, Update, UpdateRows};
use orm_query::{Bind, DataType, Value};

use super::{Place, Result, Syntax, Writer, bound, identifier::qualified, invalid};

/// An UPDATE of rows by their keys, which of one row is a plain UPDATE.
///
/// # Errors
/// Where there is no row, key or column, the rows are not as wide as both together, a value does not fit, or there are
/// more rows than the database takes at once.
pub(super) fn checked_update_rows<S: Syntax + ?Sized>(s: &S, w: &mut Writer, u: &UpdateRows) -> Result {
    let table = &u.table.name;
    if u.key.is_empty() || u.set.is_empty() {
        return Err(invalid(format!("UPDATE of rows of `{table}` names at least one key and one column")));
    }
    let width = u.key.len() + u.set.len();
    if let Some(other) =
        u.rows.rows.iter().map(Vec::len).chain([u.rows.types.len()]).find(|len| *len != width)
    {
        return Err(invalid(format!(
            "UPDATE of rows of `{table}` names {width} column(s) and gives {other} value(s)"
        )));
    }
    match u.rows.rows.as_slice() {
        [] => Err(invalid(format!("UPDATE of rows of `{table}` has at least one row"))),
        [row] => s.update(w, &one(u, row)),
        _ => s.update_rows(w, u),
    }
}

/// `UPDATE table SET column = ? WHERE key = ?`
fn one(u: &UpdateRows, row: &[Value]) -> Update {
    let source = u.table.source();
    let bind = |at: usize| Expr::Bind(Bind::new(row[at].clone(), u.rows.types[at].clone()));
    let column = |at: usize| {
        let (name, data_type) = (u.key[at].clone(), u.rows.types[at].clone());
        Expr::Column(ColumnRef { source: source.clone(), name, data_type })
    };
    let keys = (0..u.key.len()).map(|at| column(at).binary(BinaryOperator::Eq, bind(at)));
    Update {
        set: u.set.iter().cloned().map(Into::into).zip((u.key.len()..).map(bind)).collect(),
        filter: keys.reduce(Expr::and),
        ..Update::new(u.table.clone())
    }
}

/// `UPDATE table SET column = v.column2, … FROM (VALUES (key, value), …) AS v WHERE table.key = v.column1 AND …`
///
/// # Errors
/// Where a value does not fit, or a name cannot be an identifier.
pub fn update_rows<S: Syntax + ?Sized>(s: &S, w: &mut Writer, u: &UpdateRows) -> Result {
    let source = u.table.source();
    let alias = if source.name.eq_ignore_ascii_case("v") { "w" } else { "v" };
    w.push("UPDATE ");
    s.table_ref(w, &u.table)?;
    w.push(" SET ");
    w.list((u.key.len()..).zip(&u.set), ", ", |w, (at, name)| {
        s.identifier(w, name)?;
        w.push(&format!(" = {alias}.column{}", at + 1));
        Ok(())
    })?;
    w.push(" FROM ");
    s.rows_source(w, u)?;
    s.alias(w, alias)?;
    s.rows_columns(w, u);
    w.push(" WHERE ");
    w.list(u.key.iter().enumerate(), " AND ", |w, (at, name)| {
        qualified(s, w, source.schema.as_deref(), &source.name)?;
        w.push(".");
        s.identifier(w, name)?;
        w.push(&format!(" = {alias}.column{}", at + 1));
        Ok(())
    })
}

/// `(VALUES (key, value), …)`
///
/// # Errors
/// Where a value does not fit.
pub fn rows_source<S: Syntax + ?Sized>(s: &S, w: &mut Writer, u: &UpdateRows) -> Result {
    w.push("(VALUES ");
    w.list(&u.rows.rows, ", ", |w, row| {
        w.parenthesized(|w| {
            w.list(row.iter().enumerate(), ", ", |w, (at, value)| row_value(s, w, u, at, value))
        })
    })?;
    w.push(")");
    Ok(())
}

/// A value of an UPDATE of rows, which at its place in the row is one of the key, or is stored.
///
/// # Errors
/// Where the database cannot hold it.
pub fn row_value<S: Syntax + ?Sized>(
    s: &S,
    w: &mut Writer,
    u: &UpdateRows,
    at: usize,
    value: &Value,
) -> Result {
    let data_type: &DataType = &u.rows.types[at];
    let bind = Bind::new(value.clone(), data_type.clone());
    match at.checked_sub(u.key.len()) {
        None => bound(s, w, bind, Place::Operand),
        Some(set) => {
            bound(s, w, bind, Place::Stored).map_err(|error| error.in_column(&u.table.name, &u.set[set]))
        }
    }
}
