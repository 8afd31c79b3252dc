//! Rows that are written, and what comes back of them.

use orm_query::tree::{
    ColumnRef, Expr, From, Insert, InsertSource, Query, Rows, SelectItem, Text, TextPart, UpdateRows, With,
};
use orm_query::{Bind, DataType, Value};

use super::FROM_DUAL;
use crate::oracle::Oracle;
use crate::syntax::{
    self, Place, Result, Syntax, Writer, bound, check_width, expr, invalid, row_value, unsupported,
};

/// `INSERT INTO table (columns) …`
pub(super) fn insert(s: &Oracle, w: &mut Writer, i: &Insert) -> Result {
    if i.on_conflict.is_some() {
        return Err(unsupported(s, "ON CONFLICT", Some("use MERGE")));
    }
    let rows = match &i.source {
        InsertSource::Values(rows) => Some(rows.len()),
        InsertSource::Rows(rows) => Some(rows.len()),
        InsertSource::Query(_) => None,
    };
    if !i.returning.is_empty() && rows.is_none_or(|rows| rows > 1) {
        let hint = "insert the rows one by one";
        return Err(unsupported(s, "INSERT of several rows with RETURNING", Some(hint)));
    }
    if !i.with.is_empty() {
        return syntax::insert(s, w, &behind_columns(s, i)?);
    }
    match &i.source {
        InsertSource::Values(rows) if rows.len() == 1 && i.columns.is_empty() => defaults(s, w, i),
        InsertSource::Values(rows) if rows.len() > 1 => several(s, w, i, rows),
        InsertSource::Values(_) | InsertSource::Rows(_) | InsertSource::Query(_) => syntax::insert(s, w, i),
    }
}

/// WITH stands behind the columns, before the query.
fn behind_columns(s: &Oracle, i: &Insert) -> Result<Insert> {
    let mut i = i.clone();
    let mut ctes = std::mem::take(&mut i.with).ctes;
    let with: &mut With = match &mut i.source {
        InsertSource::Query(Query::Select(q)) => &mut q.with,
        InsertSource::Query(Query::Compound(q)) => &mut q.with,
        _ => return Err(unsupported(s, "WITH before INSERT … VALUES", Some("insert a query"))),
    };
    ctes.append(&mut with.ctes);
    with.ctes = ctes;
    Ok(i)
}

/// `INSERT INTO table (column) VALUES (DEFAULT)`, with the first column that RETURNING names.
fn defaults(s: &Oracle, w: &mut Writer, i: &Insert) -> Result {
    let column = i.returning.iter().find_map(|item| match &item.expr {
        Expr::Column(ColumnRef { name, .. }) => Some(name.clone()),
        _ => None,
    });
    let Some(column) = column else { return syntax::insert(s, w, i) };
    let default = Text { parts: vec![TextPart::Sql("DEFAULT".into())], binds: Vec::new() };
    let mut i = i.clone();
    i.columns.push(column);
    i.source = InsertSource::Values(vec![vec![Expr::Text(Box::new(default))]]);
    syntax::insert(s, w, &i)
}

/// ` (columns) SELECT …, … FROM DUAL UNION ALL SELECT …`: INSERT ALL would evaluate a sequence once for all rows.
fn several(s: &Oracle, w: &mut Writer, i: &Insert, rows: &[Vec<Expr>]) -> Result {
    check(s, i, rows)?;
    s.insert_words(w, i)?;
    s.table_ref(w, &i.table)?;
    w.push(" (");
    w.list(&i.columns, ", ", |w, name| s.identifier(w, name))?;
    w.push(")");
    w.scope([&From::Table(i.table.clone())], |w| {
        selects(w, rows, |w, row, at| {
            s.stored(w, &row[at]).map_err(|error| error.in_column(&i.table.name, &i.columns[at]))
        })
    })
}

/// The rows of plain values of an INSERT.
pub(super) fn insert_rows(s: &Oracle, w: &mut Writer, i: &Insert, rows: &Rows) -> Result {
    if rows.len() < 2 {
        return syntax::insert_rows(s, w, i, rows);
    }
    check(s, i, &rows.rows)?;
    selects(w, &rows.rows, |w, row, at| {
        bound(s, w, Bind::new(row[at].clone(), rows.types[at].clone()), Place::Stored)
            .map_err(|error| error.in_column(&i.table.name, &i.columns[at]))
    })
}

fn check<T>(s: &Oracle, i: &Insert, rows: &[Vec<T>]) -> Result {
    rows.iter().try_for_each(|row| check_width(i, row.len()))?;
    if i.columns.is_empty() {
        return s.default_values(&mut Writer::default(), rows.len());
    }
    let max = s.features().max_rows;
    if rows.len() > max {
        return Err(invalid(format!("INSERT has {} rows, and {} takes at most {max}", rows.len(), s.name())));
    }
    Ok(())
}

fn selects<T>(w: &mut Writer, rows: &[Vec<T>], write: impl Fn(&mut Writer, &[T], usize) -> Result) -> Result {
    w.push(" ");
    w.list(rows, " UNION ALL ", |w, row| {
        w.push("SELECT ");
        w.list(0..row.len(), ", ", |w, at| write(w, row, at))?;
        w.push(FROM_DUAL);
        Ok(())
    })
}

/// ` RETURNING a, b INTO :1, :2`: a bind for each, which is NULL on the way in.
pub(super) fn returning(s: &Oracle, w: &mut Writer, items: &[SelectItem]) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    w.push(" RETURNING ");
    w.qualified(false, |w| w.list(items, ", ", |w, item| expr(s, w, &item.expr)))?;
    w.push(" INTO ");
    w.list(items, ", ", |w, item| {
        w.push_bind(Bind::new(Value::Null, item.expr.data_type().unwrap_or(DataType::Text)));
        s.placeholder(w);
        Ok(())
    })
}

/// `MERGE INTO table USING (SELECT … FROM DUAL UNION ALL …) v ON (key) WHEN MATCHED THEN UPDATE SET …`
pub(super) fn update_rows(s: &Oracle, w: &mut Writer, u: &UpdateRows) -> Result {
    if u.set.iter().any(|name| u.key.contains(name)) {
        let hint = "update the rows one by one";
        return Err(unsupported(s, "UPDATE of many rows that changes their keys", Some(hint)));
    }
    let source = u.table.source();
    let alias = if source.name.eq_ignore_ascii_case("v") { "w" } else { "v" };
    w.push("MERGE INTO ");
    s.table_ref(w, &u.table)?;
    w.push(" USING (");
    w.list(u.rows.rows.iter().enumerate(), " UNION ALL ", |w, (number, row)| {
        w.push("SELECT ");
        w.list(row.iter().enumerate(), ", ", |w, (at, value)| {
            row_value(s, w, u, at, value)?;
            if number == 0 {
                w.push(&format!(" AS column{}", at + 1));
            }
            Ok(())
        })?;
        w.push(FROM_DUAL);
        Ok(())
    })?;
    w.push(&format!(") {alias} ON ("));
    w.list(u.key.iter().enumerate(), " AND ", |w, (at, name)| {
        syntax::source(s, w, &source)?;
        w.push(".");
        s.identifier(w, name)?;
        w.push(&format!(" = {alias}.column{}", at + 1));
        Ok(())
    })?;
    w.push(") WHEN MATCHED THEN UPDATE SET ");
    w.list((u.key.len()..).zip(&u.set), ", ", |w, (at, name)| {
        s.identifier(w, name)?;
        w.push(&format!(" = {alias}.column{}", at + 1));
        Ok(())
    })
}
