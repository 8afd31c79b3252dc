//! FROM: hints behind tables, `CROSS APPLY` for LATERAL, VALUES with the names of its columns.

use orm_query::Value;
use orm_query::tree::{Expr, From, Join, JoinKind, Query, Sample, Select, TableFunction};

use super::inline::number;
use crate::mssql::MsSql;
use crate::syntax::{
    self, Result, Syntax, Writer, column_names, expr, invalid, is_plain, subquery, unsupported,
};

/// ` FROM a, b CROSS APPLY (…) AS c JOIN d ON …`
pub(super) fn from_clause(s: &MsSql, w: &mut Writer, q: &Select) -> Result {
    if q.from.is_empty() {
        return syntax::from_clause(s, w, q);
    }
    w.push(" FROM ");
    list(s, w, &q.from)?;
    syntax::joins(s, w, &q.joins)
}

/// Sources between commas; beside one that reads those before it they are joins, since a comma would part them.
pub(super) fn list(s: &MsSql, w: &mut Writer, sources: &[From]) -> Result {
    let applied = sources.iter().skip(1).any(is_lateral);
    for (position, from) in sources.iter().enumerate() {
        w.push(match (position, applied) {
            (0, _) => "",
            (_, false) => ", ",
            (_, true) if is_lateral(from) => " CROSS APPLY ",
            (_, true) => " CROSS JOIN ",
        });
        s.from_item(w, from)?;
    }
    Ok(())
}

fn is_lateral(from: &From) -> bool {
    match from {
        From::Query { lateral, .. } => *lateral,
        From::Function(function) => function.lateral,
        From::Table(_) | From::Cte { .. } | From::Sample(_) | From::Joined(_) => false,
    }
}

pub(super) fn from_item(s: &MsSql, w: &mut Writer, from: &From) -> Result {
    match from {
        From::Table(table) => {
            s.table_ref(w, table)?;
            hints(s, w, from)
        }
        From::Query { query, alias, columns, lateral: _ } => {
            match &**query {
                Query::Values(values) => {
                    if columns.is_empty() {
                        return Err(invalid(format!("the columns of the VALUES `{alias}` have no names")));
                    }
                    w.nested(|w| w.parenthesized(|w| syntax::values(s, w, values)))?;
                }
                query => subquery(s, w, query)?,
            }
            s.alias(w, alias)?;
            column_names(s, w, columns)
        }
        From::Cte { .. } | From::Function(_) | From::Joined(_) => syntax::from_item(s, w, from),
        From::Sample(sample) => {
            s.sample(w, sample)?;
            hints(s, w, from)
        }
    }
}

/// ` WITH (UPDLOCK, ROWLOCK)`
fn hints(s: &MsSql, w: &mut Writer, from: &From) -> Result {
    let mut words = Vec::new();
    from.each_source(&mut |source, _| words.extend(w.hints_of(&source)));
    if words.is_empty() {
        return Ok(());
    }
    w.push(" WITH (");
    s.raw(w, &words.join(", "))?;
    w.push(")");
    Ok(())
}

/// `function(…) AS alias`, or `(SELECT * FROM function(…)) AS alias (columns)`: the functions of the server's own take no
/// names of columns.
pub(super) fn table_function(s: &MsSql, w: &mut Writer, f: &TableFunction) -> Result {
    if f.ordinality {
        return Err(unsupported(s, "WITH ORDINALITY", Some("number the rows by `row_number()`")));
    }
    if f.columns.is_empty() {
        s.function(w, &f.function)?;
        return s.alias(w, &f.alias);
    }
    w.parenthesized(|w| {
        w.push("SELECT * FROM ");
        s.function(w, &f.function)?;
        s.alias(w, "f")
    })?;
    s.alias(w, &f.alias)?;
    column_names(s, w, &f.columns)
}

/// `table AS alias TABLESAMPLE SYSTEM (10 PERCENT) REPEATABLE (1)`, whose numbers are constants.
pub(super) fn sample(s: &MsSql, w: &mut Writer, sample: &Sample) -> Result {
    if !is_plain(&sample.method) {
        return Err(invalid(format!("`{}` is no method of TABLESAMPLE", sample.method)));
    }
    if !sample.method.eq_ignore_ascii_case("system") {
        return Err(unsupported(s, "TABLESAMPLE of this method", Some("there is `system` only")));
    }
    s.table_ref(w, &sample.table)?;
    w.push(" TABLESAMPLE SYSTEM (");
    constant(s, w, &sample.argument)?;
    w.push(" PERCENT)");
    if let Some(seed) = &sample.seed {
        w.push(" REPEATABLE (");
        constant(s, w, seed)?;
        w.push(")");
    }
    Ok(())
}

fn constant(s: &MsSql, w: &mut Writer, e: &Expr) -> Result {
    match (number(e), e) {
        (Some(n), _) => {
            w.push(&n);
            Ok(())
        }
        (None, Expr::Text(_)) => expr(s, w, e),
        (None, _) => Err(unsupported(s, "TABLESAMPLE of what is no number", None)),
    }
}

/// ` CROSS APPLY (…)` and ` OUTER APPLY (…)` for what reads the sources before it.
pub(super) fn join(s: &MsSql, w: &mut Writer, join: &Join) -> Result {
    if !is_lateral(&join.to) {
        return syntax::join(s, w, join);
    }
    match (join.kind, &join.on) {
        (JoinKind::Cross, None) => w.push(" CROSS APPLY "),
        (JoinKind::Inner, Some(on)) if is_true(on) => w.push(" CROSS APPLY "),
        (JoinKind::Left, Some(on)) if is_true(on) => w.push(" OUTER APPLY "),
        (JoinKind::Full, _) => return Err(unsupported(s, "FULL JOIN of LATERAL", None)),
        (JoinKind::Inner | JoinKind::Left, Some(_)) => {
            let hint = "put the condition into the subquery, and join it on true";
            return Err(unsupported(s, "LATERAL with a condition", Some(hint)));
        }
        (JoinKind::Inner | JoinKind::Left | JoinKind::Cross, _) => return syntax::join(s, w, join),
    }
    s.from_item(w, &join.to)
}

/// Whether a condition is true by its own words.
fn is_true(e: &Expr) -> bool {
    match e {
        Expr::And(list) => list.iter().all(is_true),
        Expr::Bool(value) => *value,
        Expr::Bind(bind) => bind.value == Value::Bool(true),
        Expr::Literal(bind) => bind.value == Value::Bool(true),
        _ => false,
    }
}
