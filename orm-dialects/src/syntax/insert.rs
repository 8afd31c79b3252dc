use orm_query::tree::{Expr, From, Insert, InsertSource};

use super::{Result, Syntax, Writer, invalid, unsupported};

/// `INSERT INTO table (columns) VALUES (…), (…)` or `… SELECT …`
///
/// # Errors
/// Where a value does not fit, a part of it cannot be said, or the rows are not as wide as the columns.
pub fn insert<S: Syntax + ?Sized>(s: &S, w: &mut Writer, i: &Insert) -> Result {
    w.push("INSERT INTO ");
    s.table_ref(w, &i.table)?;
    w.scope([&From::Table(i.table.clone())], |w| {
        if !i.columns.is_empty() {
            w.push(" (");
            w.list(&i.columns, ", ", |w, name| s.identifier(w, name))?;
            w.push(")");
        }
        match &i.source {
            InsertSource::Values(rows) => values(s, w, i, rows)?,
            InsertSource::Select(query) => {
                check_width(i, query.columns.len())?;
                w.push(" ");
                s.select(w, query)?;
            }
        }
        s.returning(w, &i.returning)
    })
}

fn values<S: Syntax + ?Sized>(s: &S, w: &mut Writer, i: &Insert, rows: &[Vec<Expr>]) -> Result {
    if rows.is_empty() {
        return Err(invalid("INSERT has at least one row"));
    }
    let max = s.features().max_rows;
    if rows.len() > max {
        return Err(invalid(format!("INSERT has {} rows, and {} takes at most {max}", rows.len(), s.name())));
    }
    for row in rows {
        check_width(i, row.len())?;
    }
    if i.columns.is_empty() {
        return s.default_values(w, rows.len());
    }
    w.push(" VALUES ");
    w.list(rows, ", ", |w, row| {
        w.parenthesized(|w| {
            w.list(row.iter().zip(&i.columns), ", ", |w, (value, column)| {
                s.stored(w, value).map_err(|error| error.in_column(&i.table.name, column))
            })
        })
    })
}

fn check_width(i: &Insert, width: usize) -> Result {
    if width == i.columns.len() {
        return Ok(());
    }
    Err(invalid(format!(
        "INSERT into `{}` names {} column(s) and gives {width} value(s)",
        i.table.name,
        i.columns.len()
    )))
}

/// ` DEFAULT VALUES`
///
/// # Errors
/// For more than one row.
pub fn default_values<S: Syntax + ?Sized>(s: &S, w: &mut Writer, rows: usize) -> Result {
    if rows > 1 {
        let hint = "insert them one by one, or name a column";
        return Err(unsupported(s, "DEFAULT VALUES of several rows", Some(hint)));
    }
    w.push(" DEFAULT VALUES");
    Ok(())
}
