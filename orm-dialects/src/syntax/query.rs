use orm_query::tree::{Compound, Cte, Query, SetOperation, SetOperator, Statement, Values, With};

use super::{Result, Syntax, Writer, expr, invalid, order_list, statement, text, unsupported};

/// Whatever gives rows, without parentheses around it.
///
/// # Errors
/// Where a part of it cannot be said.
pub fn query<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Query) -> Result {
    match q {
        Query::Select(q) => s.select(w, q),
        Query::Compound(q) => s.compound(w, q),
        Query::Values(v) => s.values(w, v),
        Query::Text(t) => text(s, w, t),
    }
}

/// `(SELECT …)`
///
/// # Errors
/// As [`query`].
pub fn subquery<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Query) -> Result {
    w.nested(|w| w.parenthesized(|w| query(s, w, q)))
}

/// `WITH … a UNION b UNION c ORDER BY … LIMIT …`
///
/// # Errors
/// Where the database has no such operation, a part of it cannot be said, or the queries are not alike.
pub fn compound<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &Compound) -> Result {
    check_arms(c)?;
    with(s, w, &c.with, |w| {
        for (position, q) in c.queries.iter().enumerate() {
            if position > 0 {
                s.set_operator(w, c.operator)?;
            }
            match q {
                Query::Values(values) if c.queries.len() == 1 => s.values(w, values)?,
                q => arm(s, w, q)?,
            }
        }
        if !c.order_by.is_empty() {
            w.push(" ORDER BY ");
            w.scope([], |w| order_list(s, w, &c.order_by))?;
        }
        c.limit.as_ref().map_or(Ok(()), |limit| s.limit(w, limit))
    })
}

/// # Errors
/// Where there are fewer than two queries, or their rows are not of one width.
fn check_arms(c: &Compound) -> Result {
    // `VALUES` alone is a statement, too.
    let alone = matches!(c.queries[..], [Query::Values(_)]);
    if c.queries.len() < 2 && !alone {
        return Err(invalid("UNION, EXCEPT and INTERSECT stand between two queries at least"));
    }
    let mut widths = c.queries.iter().filter_map(Query::width);
    let first = widths.next();
    match widths.find(|width| Some(*width) != first) {
        Some(other) => Err(invalid(format!(
            "the queries of a UNION, EXCEPT or INTERSECT have one number of columns, and these have {} and {other}",
            first.unwrap_or_default()
        ))),
        None => Ok(()),
    }
}

/// A query of a compound: between parentheses where it has an order, a limit or operators of its own.
fn arm<S: Syntax + ?Sized>(s: &S, w: &mut Writer, q: &Query) -> Result {
    let plain = match q {
        Query::Select(q) => {
            q.order_by.is_empty() && q.limit.is_none() && q.lock.is_none() && q.with.is_empty()
        }
        // Of several rows it may be a set operation by itself.
        Query::Values(values) => s.features().values || values.rows.len() == 1,
        Query::Text(_) => true,
        Query::Compound(_) => false,
    };
    if matches!(q, Query::Values(_)) && !s.features().compound_parentheses {
        // SQLite takes no order and no limit behind `VALUES`.
        w.push("SELECT * FROM ");
        subquery(s, w, q)?;
        return s.alias(w, "rows_of_values");
    }
    if plain {
        return w.nested(|w| query(s, w, q));
    }
    if !s.features().compound_parentheses {
        let hint = "read it as a subquery: `select(…).select_from(query.subquery(…))`";
        return Err(unsupported(
            s,
            "a query of UNION, EXCEPT or INTERSECT with an order, a limit or operators of its own",
            Some(hint),
        ));
    }
    subquery(s, w, q)
}

/// ` UNION [ALL] `
///
/// # Errors
/// Where the database has no such operation.
pub fn set_operator<S: Syntax + ?Sized>(s: &S, w: &mut Writer, operator: SetOperator) -> Result {
    let SetOperator { kind, all } = operator;
    if all && kind != SetOperation::Union && !s.features().except_all {
        return Err(unsupported(
            s,
            "EXCEPT ALL and INTERSECT ALL",
            Some("leave ALL out, or number the rows"),
        ));
    }
    w.push(match kind {
        SetOperation::Union => " UNION ",
        SetOperation::Except => " EXCEPT ",
        SetOperation::Intersect => " INTERSECT ",
    });
    if all {
        w.push("ALL ");
    }
    Ok(())
}

/// `VALUES (…), (…)`
///
/// # Errors
/// Where a value cannot be said, or the rows are not of one width.
pub fn values<S: Syntax + ?Sized>(s: &S, w: &mut Writer, v: &Values) -> Result {
    check_rows(v)?;
    if !s.features().values {
        let hint = "say it as a set operation: `select(literal(…)).union_all(select(literal(…)))`";
        return Err(unsupported(s, "VALUES as a query", Some(hint)));
    }
    w.push("VALUES ");
    w.list(&v.rows, ", ", |w, row| w.parenthesized(|w| w.list(row, ", ", |w, e| expr(s, w, e))))
}

/// `SELECT … UNION ALL SELECT …`, which gives the rows of `VALUES`.
///
/// # Errors
/// Where a value cannot be said, or the rows are not of one width.
pub fn values_as_union<S: Syntax + ?Sized>(s: &S, w: &mut Writer, v: &Values) -> Result {
    check_rows(v)?;
    w.list(&v.rows, " UNION ALL ", |w, row| {
        w.push("SELECT ");
        w.list(row, ", ", |w, e| expr(s, w, e))
    })
}

/// # Errors
/// Where there is no row, or they are not of one width.
fn check_rows(v: &Values) -> Result {
    let Some(width) = v.rows.first().map(Vec::len).filter(|width| *width > 0) else {
        return Err(invalid("VALUES has at least one row and one column"));
    };
    if v.rows.iter().any(|row| row.len() != width) {
        return Err(invalid("the rows of VALUES have one number of columns"));
    }
    Ok(())
}

/// `WITH …`, and behind it what may read its queries.
///
/// # Errors
/// What `write` gives, and where a part of it cannot be said.
pub fn with<S: Syntax + ?Sized>(
    s: &S,
    w: &mut Writer,
    with: &With,
    write: impl FnOnce(&mut Writer) -> Result,
) -> Result {
    if with.is_empty() {
        return write(w);
    }
    w.ctes(|w| {
        s.with(w, with)?;
        w.push(" ");
        write(w)
    })
}

/// `WITH [RECURSIVE] a AS (…), b AS (…)`; each knows those before it.
///
/// # Errors
/// Where a part of it cannot be said.
pub fn with_clause<S: Syntax + ?Sized>(s: &S, w: &mut Writer, with: &With) -> Result {
    w.push("WITH ");
    if with.ctes.iter().any(|cte| cte.recursive) {
        w.push("RECURSIVE ");
    }
    w.list(&with.ctes, ", ", |w, cte| s.cte(w, cte))
}

/// `name (columns) AS [[NOT] MATERIALIZED] (…)`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn cte<S: Syntax + ?Sized>(s: &S, w: &mut Writer, cte: &Cte) -> Result {
    s.identifier(w, &cte.name)?;
    if !cte.columns.is_empty() {
        w.parenthesized(|w| w.list(&cte.columns, ", ", |w, name| s.identifier(w, name)))?;
    }
    w.push(" AS ");
    match cte.materialized {
        None => {}
        Some(_) if !s.features().cte_materialized => {
            return Err(unsupported(s, "MATERIALIZED", Some("leave it to the planner")));
        }
        Some(true) => w.push("MATERIALIZED "),
        Some(false) => w.push("NOT MATERIALIZED "),
    }
    let changes = matches!(
        *cte.statement,
        Statement::Insert(_) | Statement::Update(_) | Statement::Delete(_) | Statement::Merge(_)
    );
    if changes && !s.features().cte_dml {
        return Err(unsupported(
            s,
            "INSERT, UPDATE and DELETE in WITH",
            Some("run it as a statement of its own"),
        ));
    }
    if cte.recursive {
        w.add_cte(cte.name.clone());
    }
    w.nested(|w| w.parenthesized(|w| statement(s, w, &cte.statement)))?;
    if !cte.recursive {
        w.add_cte(cte.name.clone());
    }
    Ok(())
}
