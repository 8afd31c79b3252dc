use orm_query::Bind;
use orm_query::tree::{Expr, From, Insert, InsertSource, Rows, Select};

use super::{Place, Result, Syntax, Writer, bound, invalid, unsupported};

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
            InsertSource::Values(rows) => {
                values(s, w, i, rows, |w, row: &Vec<Expr>, at| s.stored(w, &row[at]))?
            }
            InsertSource::Rows(rows) => {
                check_width(i, rows.types.len())?;
                s.insert_rows(w, i, rows)?;
            }
            InsertSource::Select(query) => {
                check_width(i, query.columns.len())?;
                s.insert_query(w, i, query)?;
            }
        }
        if let Some(c) = &i.on_conflict {
            if i.table.source().name.eq_ignore_ascii_case("excluded") {
                return Err(invalid(
                    "the row that an upsert could not insert has the name `excluded`, and the table too",
                ));
            }
            s.on_conflict(w, i, c)?;
        }
        s.returning(w, &i.returning)
    })
}

/// ` SELECT …`
///
/// # Errors
/// Where the query cannot be said.
pub fn insert_query<S: Syntax + ?Sized>(s: &S, w: &mut Writer, _: &Insert, query: &Select) -> Result {
    w.push(" ");
    s.select(w, query)
}

/// ` VALUES (…), (…)`
///
/// # Errors
/// Where a value does not fit, or the rows are not as wide as the columns.
pub fn insert_rows<S: Syntax + ?Sized>(s: &S, w: &mut Writer, i: &Insert, rows: &Rows) -> Result {
    values(s, w, i, &rows.rows, |w, row, at| {
        bound(s, w, Bind::new(row[at].clone(), rows.types[at].clone()), Place::Stored)
    })
}

/// ` VALUES (…), (…)`, whose values `write` writes by the row and the place in it.
fn values<S: Syntax + ?Sized, T>(
    s: &S,
    w: &mut Writer,
    i: &Insert,
    rows: &[Vec<T>],
    write: impl Fn(&mut Writer, &Vec<T>, usize) -> Result,
) -> Result {
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
            w.list(i.columns.iter().enumerate(), ", ", |w, (at, column)| {
                write(w, row, at).map_err(|error| error.in_column(&i.table.name, column))
            })
        })
    })
}

/// # Errors
/// Where a row is not as wide as the columns.
pub(crate) fn check_width(i: &Insert, width: usize) -> Result {
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
