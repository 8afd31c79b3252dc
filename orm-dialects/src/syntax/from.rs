use orm_query::tree::{From, Join, JoinKind, Sample, Select, TableFunction};

use super::{Result, Syntax, Writer, condition, expr, invalid, is_plain, subquery, unsupported};

/// ` FROM a, b JOIN c ON …`; nothing where there is none.
///
/// # Errors
/// Where a part of it cannot be said.
pub fn from_clause<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Select) -> Result {
    if q.from.is_empty() {
        return Ok(());
    }
    w.push(" FROM ");
    w.list(&q.from, ", ", |w, from| s.from_item(w, from))?;
    joins(s, w, &q.joins)
}

/// The joins onto what was written last.
///
/// # Errors
/// Where a part of them cannot be said.
pub fn joins<S: Syntax + ?Sized>(s: &S, w: &mut Writer, joins: &[Join]) -> Result {
    joins.iter().try_for_each(|j| s.join(w, j))
}

/// A source of FROM.
///
/// # Errors
/// Where the database has no such source, or a part of it cannot be said.
pub fn from_item<S: Syntax + ?Sized>(s: &S, w: &mut Writer, from: &From) -> Result {
    match from {
        From::Table(table) => s.table_ref(w, table),
        From::Query { query, alias, columns, lateral } => {
            if *lateral {
                self::lateral(s, w)?;
            }
            subquery(s, w, query)?;
            s.alias(w, alias)?;
            column_names(s, w, columns)
        }
        From::Cte { name, alias } => {
            if !w.has_cte(name) {
                return Err(invalid(format!(
                    "`{name}` is a derived table, and nothing says what it holds: add `.with(query.cte({name}))`, or take it from `query.subquery({name})`"
                )));
            }
            s.identifier(w, name)?;
            alias.as_ref().map_or(Ok(()), |alias| s.alias(w, alias))
        }
        From::Function(function) => s.table_function(w, function),
        From::Sample(sample) => s.sample(w, sample),
        From::Joined(joined) => w.nested(|w| {
            w.parenthesized(|w| {
                s.from_item(w, &joined.from)?;
                joins(s, w, &joined.joins)
            })
        }),
    }
}

fn lateral<S: Syntax + ?Sized>(s: &S, w: &mut Writer) -> Result {
    if !s.features().lateral {
        return Err(unsupported(s, "LATERAL", Some("use a window function, or a subquery for each value")));
    }
    w.push("LATERAL ");
    Ok(())
}

/// ` (a, b)`, the columns of an alias; nothing for an empty list.
///
/// # Errors
/// Where one cannot be an identifier.
pub fn column_names<S: Syntax + ?Sized>(
    s: &S,
    w: &mut Writer,
    columns: &[orm_query::schema::Name],
) -> Result {
    if columns.is_empty() {
        return Ok(());
    }
    if !s.features().derived_columns {
        let hint = "make it a CTE, `.cte(…)`; a function in FROM gives its columns names by itself, `.own_columns()`";
        return Err(unsupported(s, "names of columns behind an alias", Some(hint)));
    }
    w.push(" ");
    w.parenthesized(|w| w.list(columns, ", ", |w, name| s.identifier(w, name)))
}

/// `[LATERAL] function(…) [WITH ORDINALITY] AS alias (columns)`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn table_function<S: Syntax + ?Sized>(s: &S, w: &mut Writer, f: &TableFunction) -> Result {
    if !s.features().table_functions {
        return Err(unsupported(s, "a function in FROM", None));
    }
    if f.lateral {
        lateral(s, w)?;
    }
    s.function(w, &f.function)?;
    if f.ordinality {
        if !s.features().ordinality {
            return Err(unsupported(s, "WITH ORDINALITY", Some("number the rows by `row_number()`")));
        }
        w.push(" WITH ORDINALITY");
    }
    s.alias(w, &f.alias)?;
    column_names(s, w, &f.columns)
}

/// `table AS alias TABLESAMPLE method (argument) [REPEATABLE (seed)]`
///
/// # Errors
/// Where the database has none, or a part of it cannot be said.
pub fn sample<S: Syntax + ?Sized>(s: &S, w: &mut Writer, sample: &Sample) -> Result {
    if !s.features().tablesample {
        return Err(unsupported(s, "TABLESAMPLE", Some("order by a random number and take the first rows")));
    }
    if !is_plain(&sample.method) {
        return Err(invalid(format!("`{}` is no method of TABLESAMPLE", sample.method)));
    }
    s.table_ref(w, &sample.table)?;
    w.push(" TABLESAMPLE ");
    w.push(&sample.method);
    w.parenthesized(|w| expr(s, w, &sample.argument))?;
    if let Some(seed) = &sample.seed {
        w.push(" REPEATABLE ");
        w.parenthesized(|w| expr(s, w, seed))?;
    }
    Ok(())
}

/// ` JOIN source ON condition`
///
/// # Errors
/// Where a part of it cannot be said, or it has no condition and needs one.
pub fn join<S: Syntax + ?Sized>(s: &S, w: &mut Writer, join: &Join) -> Result {
    s.join_kind(w, join.kind)?;
    s.from_item(w, &join.to)?;
    match (&join.on, join.kind) {
        (None, JoinKind::Cross) => Ok(()),
        (Some(on), JoinKind::Inner | JoinKind::Left | JoinKind::Full) => {
            w.push(" ON ");
            condition(s, w, on)
        }
        (None, _) => Err(invalid("a join other than a cross join needs a condition")),
        (Some(_), JoinKind::Cross) => Err(invalid("a cross join takes no condition")),
    }
}

/// The words between two tables.
///
/// # Errors
/// None here.
pub fn join_kind(w: &mut Writer, kind: JoinKind) -> Result {
    w.push(match kind {
        JoinKind::Inner => " JOIN ",
        JoinKind::Left => " LEFT OUTER JOIN ",
        JoinKind::Full => " FULL OUTER JOIN ",
        JoinKind::Cross => " CROSS JOIN ",
    });
    Ok(())
}
