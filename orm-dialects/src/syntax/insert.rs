use orm_query::Bind;
use orm_query::tree::{Expr, From, Insert, InsertOr, InsertSource, Phrase, Query, Rows};

use super::{Place, Result, Syntax, Writer, bound, invalid, phrases, query, unsupported, with};

/// `INSERT INTO table (columns) VALUES (…), (…)` or `… SELECT …`
///
/// # Errors
/// Where a value does not fit, a part of it cannot be said, or the rows are not as wide as the columns.
pub fn insert<S: Syntax + ?Sized>(s: &S, w: &mut Writer, i: &Insert) -> Result {
    with(s, w, &i.with, |w| insert_into(s, w, i))
}

fn insert_into<S: Syntax + ?Sized>(s: &S, w: &mut Writer, i: &Insert) -> Result {
    s.insert_words(w, i)?;
    s.table_ref(w, &i.table)?;
    w.scope([&From::Table(i.table.clone())], |w| {
        if !i.columns.is_empty() {
            w.push(" (");
            w.list(&i.columns, ", ", |w, name| s.identifier(w, name))?;
            w.push(")");
        }
        s.insert_output(w, i)?;
        match &i.source {
            InsertSource::Values(rows) => {
                values(s, w, i, rows, |w, row: &Vec<Expr>, at| s.stored(w, &row[at]))?
            }
            InsertSource::Rows(rows) => {
                check_width(i, rows.types.len())?;
                s.insert_rows(w, i, rows)?;
            }
            InsertSource::Query(query) => {
                query.width().map_or(Ok(()), |width| check_width(i, width))?;
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

/// `INSERT INTO `
///
/// # Errors
/// For what is said in the words of one database, in another one.
pub fn insert_words<S: Syntax + ?Sized>(s: &S, w: &mut Writer, i: &Insert) -> Result {
    let hint = Some("`on_conflict(…)` and `on_any_conflict()` are for rows that are there already");
    match i.or {
        None => {}
        Some(InsertOr::Ignore) => return Err(unsupported(s, "INSERT OR IGNORE", hint)),
        Some(InsertOr::IgnoreErrors) => return Err(unsupported(s, "INSERT IGNORE", hint)),
        Some(InsertOr::Replace) => return Err(unsupported(s, "INSERT OR REPLACE", hint)),
    }
    w.push("INSERT ");
    prefixes(s, w, &i.prefixes)?;
    w.push("INTO ");
    Ok(())
}

/// SQL of the user's own behind the word that a statement starts with.
pub(crate) fn prefixes<S: Syntax + ?Sized>(s: &S, w: &mut Writer, list: &[Phrase]) -> Result {
    phrases(s, w, list, |w, sql| {
        s.raw(w, sql)?;
        w.push(" ");
        Ok(())
    })
}

/// ` SELECT …`
///
/// # Errors
/// Where the query cannot be said.
pub fn insert_query<S: Syntax + ?Sized>(s: &S, w: &mut Writer, _: &Insert, q: &Query) -> Result {
    w.push(" ");
    query(s, w, q)
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
