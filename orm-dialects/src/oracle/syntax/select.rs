//! Queries.

use std::borrow::Cow;

use orm_query::schema::Name;
use orm_query::tree::{
    ColumnRef, Cte, Distinct, Expr, From, Limit, Query, Sample, Select, SelectItem, SourceRef, Statement,
    TableFunction, Values,
};
use orm_query::{Bind, Value};

use crate::oracle::{Oracle, Release, types};
use crate::syntax::{self, Result, Syntax, Writer, expr, invalid, operand, subquery, unsupported};

pub(super) fn select(s: &Oracle, w: &mut Writer, q: &Select) -> Result {
    if q.distinct.is_some() {
        refuse_lobs(s, q)?;
    }
    if !s.is_at_least(Release::R23) && q.group_by.iter().any(|key| matches!(key, Expr::Label(_))) {
        return Err(unsupported(s, "label in GROUP BY", Some("repeat the expression")));
    }
    let mut q = Cow::Borrowed(q);
    if let Some(lock) = &q.lock {
        if q.limit.is_some() || q.distinct.is_some() || !q.group_by.is_empty() {
            let hint = "lock the rows whose keys a subquery finds";
            return Err(unsupported(s, "FOR UPDATE of limited, distinct or grouped rows", Some(hint)));
        }
        if !lock.of.is_empty() {
            let columns = lock.of.iter().map(|table| column_of(s, &q, table)).collect::<Result<Vec<_>>>()?;
            if let Some(lock) = &mut q.to_mut().lock {
                lock.of = columns;
            }
        }
    }
    // All of them stand in one comment behind SELECT, which `hints` writes.
    if q.hints.iter().any(|hint| hint.source.is_none() && *hint.dialect == *s.name()) {
        for hint in &mut q.to_mut().hints {
            hint.source.get_or_insert_with(|| SourceRef::named("statement"));
        }
    }
    syntax::select(s, w, &q)
}

/// # Errors
/// For a LOB of a table among the columns.
fn refuse_lobs(s: &Oracle, q: &Select) -> Result {
    let sources = || q.from.iter().chain(q.joins.iter().map(|join| &join.to));
    let is_lob = |item: &SelectItem| match &item.expr {
        Expr::Column(column) if types::is_lob(column.data_type.plain()) => {
            sources().any(|from| matches!(from, From::Table(table) if table.source() == column.source))
        }
        _ => false,
    };
    if matches!(q.distinct, Some(Distinct::Rows)) && q.columns.iter().any(is_lob) {
        return Err(unsupported(s, "DISTINCT of a LOB", Some("leave the column out, or give it a length")));
    }
    Ok(())
}

/// A column of the table, which FOR UPDATE OF names in the table's place: the first that the query reads.
fn column_of(s: &Oracle, q: &Select, table: &SourceRef) -> Result<SourceRef> {
    let found = q.columns.iter().map(|item| &item.expr).chain(&q.filter).find_map(|e| read(e, table));
    let found =
        found.or_else(|| q.joins.iter().filter_map(|join| join.on.as_ref()).find_map(|e| read(e, table)));
    match found {
        // The table's schema is left out: a name of three parts has no place in a `SourceRef`, and it needs none.
        Some(column) => Ok(SourceRef { schema: Some(table.name.clone()), name: column.name.clone() }),
        None => {
            Err(unsupported(s, "FOR UPDATE OF a table without a column", Some("select one of its columns")))
        }
    }
}

/// A column of the table that the expression reads, as far as it is looked into.
fn read<'a>(e: &'a Expr, table: &SourceRef) -> Option<&'a ColumnRef> {
    match e {
        Expr::Column(column) if column.source == *table => Some(column),
        Expr::Binary(b) => read(&b.left, table).or_else(|| read(&b.right, table)),
        Expr::Unary(u) => read(&u.operand, table),
        Expr::And(list) | Expr::Or(list) => list.iter().find_map(|e| read(e, table)),
        Expr::Function(f) => f.arguments.iter().find_map(|e| read(e, table)),
        _ => None,
    }
}

/// `/*+ INDEX(users ix_users) */ `
pub(super) fn hints(s: &Oracle, w: &mut Writer, q: &Select) -> Result {
    let mut own = q.hints.iter().filter(|hint| *hint.dialect == *s.name()).peekable();
    if own.peek().is_none() {
        return Ok(());
    }
    w.push("/*+");
    for hint in own {
        if hint.sql.contains("*/") {
            return Err(invalid(format!("the hint `{}` ends the comment that it stands in", hint.sql)));
        }
        w.push(" ");
        w.push(&hint.sql);
    }
    w.push(" */ ");
    Ok(())
}

/// Before 23ai no alias has columns: they are named inside.
pub(super) fn from_item(s: &Oracle, w: &mut Writer, from: &From) -> Result {
    let From::Query { query, alias, columns, lateral } = from else {
        return syntax::from_item(s, w, from);
    };
    if columns.is_empty() || matches!(&**query, Query::Values(_)) {
        return syntax::from_item(s, w, from);
    }
    if *lateral {
        w.push("LATERAL ");
    }
    subquery(s, w, &labelled(s, query, columns)?)?;
    s.alias(w, alias)
}

/// The query with other names for its columns.
fn labelled(s: &Oracle, query: &Query, names: &[Name]) -> Result<Query> {
    let mut query = query.clone();
    match &mut query {
        Query::Select(q) => {
            if q.columns.len() != names.len() {
                return Err(invalid(format!(
                    "a derived table has {} column(s) and {} name(s)",
                    q.columns.len(),
                    names.len()
                )));
            }
            for (item, name) in q.columns.iter_mut().zip(names) {
                item.label = Some(name.clone());
            }
        }
        Query::Compound(q) => {
            if let Some(first) = q.queries.first_mut() {
                *first = labelled(s, first, names)?;
            }
        }
        Query::Values(_) | Query::Text(_) => {
            return Err(unsupported(s, "names for the columns of a text", Some("name them in the text")));
        }
    }
    Ok(query)
}

/// `VALUES (…), (…)`
pub(super) fn values(s: &Oracle, w: &mut Writer, v: &Values) -> Result {
    if !s.is_at_least(Release::R23) {
        let hint = "unite queries of the values by `union_all`";
        return Err(unsupported(s, "VALUES as a query", Some(hint)));
    }
    syntax::values(s, w, v)
}

/// `TABLE(function(…)) alias`, of one column under another name.
pub(super) fn table_function(s: &Oracle, w: &mut Writer, f: &TableFunction) -> Result {
    if f.ordinality {
        return Err(unsupported(s, "WITH ORDINALITY", Some("number the rows by `row_number()`")));
    }
    let call = |w: &mut Writer| {
        w.push("TABLE(");
        s.function(w, &f.function)?;
        w.push(")");
        Ok(())
    };
    match f.columns.as_slice() {
        [] => call(w)?,
        [name] => {
            if f.lateral {
                w.push("LATERAL ");
            }
            w.push("(SELECT COLUMN_VALUE AS ");
            s.identifier(w, name)?;
            w.push(" FROM ");
            call(w)?;
            w.push(")");
        }
        _ => return Err(unsupported(s, "names for the columns of a function", Some("take its own names"))),
    }
    s.alias(w, &f.alias)
}

/// `table SAMPLE [BLOCK] (percent) [SEED (n)] alias`
pub(super) fn sample(s: &Oracle, w: &mut Writer, sample: &Sample) -> Result {
    syntax::qualified(s, w, sample.table.schema.as_deref(), &sample.table.name)?;
    w.push(match sample.method.to_ascii_lowercase().as_str() {
        "bernoulli" => " SAMPLE (",
        "system" => " SAMPLE BLOCK (",
        _ => return Err(unsupported(s, "this method of TABLESAMPLE", Some("`bernoulli` or `system`"))),
    });
    constant(s, w, &sample.argument)?;
    w.push(")");
    if let Some(seed) = &sample.seed {
        w.push(" SEED (");
        constant(s, w, seed)?;
        w.push(")");
    }
    sample.table.alias.as_ref().map_or(Ok(()), |alias| s.alias(w, alias))
}

/// A number that stands in the text.
fn constant(s: &Oracle, w: &mut Writer, e: &Expr) -> Result {
    if let Expr::Text(_) = e {
        return expr(s, w, e);
    }
    let bind = match e {
        Expr::Bind(bind) => bind,
        Expr::Literal(bind) => bind,
        _ => return Err(unsupported(s, "SAMPLE of an expression", Some("give a number"))),
    };
    match &bind.value {
        Value::I16(v) => w.push(&v.to_string()),
        Value::I32(v) => w.push(&v.to_string()),
        Value::I64(v) => w.push(&v.to_string()),
        Value::Decimal(v) => w.push(&v.to_string()),
        Value::F32(v) if v.is_finite() => w.push(&v.to_string()),
        Value::F64(v) if v.is_finite() => w.push(&v.to_string()),
        _ => return Err(unsupported(s, "SAMPLE of anything but a number", None)),
    }
    Ok(())
}

/// One that reads itself must name its columns.
pub(super) fn cte(s: &Oracle, w: &mut Writer, cte: &Cte) -> Result {
    let nested = match &*cte.statement {
        Statement::Select(q) => !q.with.is_empty(),
        Statement::Compound(q) => !q.with.is_empty(),
        _ => false,
    };
    if nested {
        return Err(unsupported(s, "WITH inside of WITH", Some("put the queries side by side")));
    }
    if !cte.recursive || !cte.columns.is_empty() {
        return syntax::cte(s, w, cte);
    }
    let Some(columns) = names_of(&cte.statement) else {
        return Err(invalid(format!("the recursive `{}` names its columns", cte.name)));
    };
    syntax::cte(s, w, &Cte { columns, ..cte.clone() })
}

fn names_of(statement: &Statement) -> Option<Vec<Name>> {
    let first = |q: &Query| match q {
        Query::Select(q) => names(q),
        Query::Compound(_) | Query::Values(_) | Query::Text(_) => None,
    };
    match statement {
        Statement::Select(q) => names(q),
        Statement::Compound(c) => c.queries.first().and_then(first),
        _ => None,
    }
}

fn names(q: &Select) -> Option<Vec<Name>> {
    let name = |item: &SelectItem| match (&item.label, &item.expr) {
        (Some(label), _) => Some(label.clone()),
        (None, Expr::Column(column)) => Some(column.name.clone()),
        (None, _) => None,
    };
    q.columns.iter().map(name).collect()
}

/// ` OFFSET … ROWS FETCH FIRST … [PERCENT] ROWS ONLY | WITH TIES`; numbers stand in the text, where the planner sees them.
pub(super) fn fetch(s: &Oracle, w: &mut Writer, l: &Limit) -> Result {
    if let Some(offset) = &l.offset {
        w.push(" OFFSET ");
        count(s, w, offset)?;
        w.push(" ROWS");
    }
    if let Some(rows) = &l.count {
        w.push(" FETCH FIRST ");
        count(s, w, rows)?;
        w.push(if l.percent { " PERCENT" } else { "" });
        w.push(if l.with_ties { " ROWS WITH TIES" } else { " ROWS ONLY" });
    }
    Ok(())
}

fn count(s: &Oracle, w: &mut Writer, e: &Expr) -> Result {
    if let Expr::Bind(Bind { value: Value::I64(rows), .. }) = e {
        w.push(&rows.to_string());
        return Ok(());
    }
    operand(s, w, e, syntax::Level::Sum)
}
