//! Queries: where an order may stand, compounds, CTEs, VALUES.

use orm_query::DataType;
use orm_query::schema::Name;
use orm_query::tree::{
    ColumnRef, Compound, Cte, Distinct, Expr, From, NullsOrder, OrderBy, Query, Select, SelectItem,
    SetOperation, SetOperator, SourceRef, Statement, Text, TextPart, Values, With,
};

use super::limit::{self, is_top, known};
use super::lock;
use crate::mssql::MsSql;
use crate::syntax::{self, Level, Result, Syntax, Writer, has_binds, operand, unsupported};

/// The alias of what is put around a query.
const AROUND: &str = "q";

/// `SELECT`, with an order where OFFSET needs one, and without one where it may not stand.
pub(super) fn select(s: &MsSql, w: &mut Writer, q: &Select) -> Result {
    check_groups(s, w, q)?;
    if q.distinct == Some(Distinct::Rows) {
        check_order(s, &q.order_by, "DISTINCT ordered by NULLS FIRST or NULLS LAST")?;
    }
    let hints = lock::hints(s, q)?;
    w.table_hints(hints, |w| {
        let ordered = !q.order_by.is_empty();
        match &q.limit {
            // No derived table and no subquery has an order of its own.
            None if ordered && w.is_parenthesized() => {
                syntax::select(s, w, &Select { order_by: Vec::new(), ..q.clone() })
            }
            Some(limit) if !ordered && !is_top(limit) => {
                // Behind DISTINCT only what is selected may be ordered by.
                let key = if q.distinct.is_some() { "1" } else { "(SELECT NULL)" };
                syntax::select(s, w, &Select { order_by: vec![raw(key).into()], ..q.clone() })
            }
            _ => syntax::select(s, w, q),
        }
    })
}

fn raw(sql: &str) -> Expr {
    Expr::Text(Box::new(Text { parts: vec![TextPart::Sql(sql.to_owned())], binds: Vec::new() }))
}

/// # Errors
/// Where a key of GROUP BY is the label of a column, or has values and stands in the select list too: two placeholders are
/// two values, so that the server does not see that both are the same.
fn check_groups(s: &MsSql, w: &Writer, q: &Select) -> Result {
    for key in q.group_by.iter().flat_map(keys) {
        if matches!(key, Expr::Label(_)) {
            return Err(unsupported(s, "GROUP BY of a label", Some("group by the expression itself")));
        }
        let again = q.columns.iter().map(|item| &item.expr).chain(q.order_by.iter().map(|order| &order.expr));
        if !w.is_inlining()
            && !matches!(key, Expr::Column(_))
            && again.into_iter().any(|e| e == key)
            && has_binds(s, key)?
        {
            let hint = "write the values by `literal`, or group a subquery by its column";
            return Err(unsupported(
                s,
                "GROUP BY of an expression with values that is selected too",
                Some(hint),
            ));
        }
    }
    Ok(())
}

/// What a key of GROUP BY consists of.
fn keys(key: &Expr) -> Vec<&Expr> {
    match key {
        Expr::Grouping(grouping) => grouping.list.iter().flat_map(keys).collect(),
        Expr::Tuple(set) => set.iter().collect(),
        key => vec![key],
    }
}

/// # Errors
/// Where a key of ORDER BY would need another one before it, and only what is selected may stand there.
fn check_order(s: &MsSql, order_by: &[OrderBy], feature: &'static str) -> Result {
    if order_by.iter().any(other_end) {
        return Err(unsupported(s, feature, Some("order a query around it")));
    }
    Ok(())
}

/// Whether NULLs are to stand where they do not by themselves.
fn other_end(order: &OrderBy) -> bool {
    match (&order.expr, order.nulls) {
        (Expr::Ordered(inner), None) => other_end(inner),
        (_, Some(NullsOrder::First)) => order.descending,
        (_, Some(NullsOrder::Last)) => !order.descending,
        (_, None) => false,
    }
}

/// NULL is less than everything. Where it is to stand at the other end, whether the key is NULL comes first.
pub(super) fn order_by(s: &MsSql, w: &mut Writer, order: &OrderBy) -> Result {
    s.has_order([&order.expr])?;
    if other_end(order) && !matches!(order.expr, Expr::Ordered(_)) {
        if matches!(order.expr, Expr::Label(_)) {
            let hint = "order by the expression itself";
            return Err(unsupported(s, "NULLS FIRST and NULLS LAST of a label", Some(hint)));
        }
        w.push("CASE WHEN ");
        operand(s, w, &order.expr, Level::Concat)?;
        w.push(" IS NULL THEN ");
        w.push(if order.nulls == Some(NullsOrder::First) { "0 ELSE 1 END, " } else { "1 ELSE 0 END, " });
    }
    syntax::order_by(s, w, order)
}

/// Queries with UNION and its like between them. An order stands behind the last one only, so that one with a limit is
/// read out of a derived table.
pub(super) fn compound(s: &MsSql, w: &mut Writer, c: &Compound) -> Result {
    check_order(s, &c.order_by, "UNION ordered by NULLS FIRST or NULLS LAST")?;
    let mut c = c.clone();
    for query in &mut c.queries {
        alone(query);
    }
    match &mut c.limit {
        None if w.is_parenthesized() => c.order_by.clear(),
        None => {}
        Some(limit) => {
            if limit.count.as_ref().and_then(known) == Some(0) {
                *limit = limit::none();
            }
            // There is no SELECT for `TOP` to stand behind.
            limit.fetch = true;
            if (limit.percent || limit.with_ties) && limit.offset.is_none() {
                let hint = "limit a query around it";
                return Err(unsupported(s, "UNION with PERCENT or WITH TIES", Some(hint)));
            }
            if c.order_by.is_empty() {
                c.order_by.push(raw("1").into());
            }
        }
    }
    syntax::compound(s, w, &c)
}

/// Makes a query one that may stand beside UNION.
fn alone(query: &mut Query) {
    match query {
        Query::Select(select) if select.limit.is_some() => {
            let labels = select.columns.iter().map(name_of).collect();
            around(query, labels);
        }
        Query::Select(select) => select.order_by.clear(),
        Query::Compound(compound) if compound.limit.is_some() => {
            let labels = match compound.queries.first() {
                Some(Query::Select(select)) => select.columns.iter().map(name_of).collect(),
                Some(query) => vec![None; query.width().unwrap_or(1)],
                None => return,
            };
            around(query, labels);
        }
        Query::Compound(compound) => compound.order_by.clear(),
        Query::Values(_) | Query::Text(_) => {}
    }
}

fn name_of(item: &SelectItem) -> Option<Name> {
    item.label.clone().or_else(|| match &item.expr {
        Expr::Column(column) => Some(column.name.clone()),
        _ => None,
    })
}

/// `SELECT q.c1 AS id FROM (query) AS q (c1)`
fn around(query: &mut Query, labels: Vec<Option<Name>>) {
    let names: Vec<Name> = (1..=labels.len()).map(|n| format!("c{n}").into()).collect();
    let columns = std::iter::zip(&names, labels).map(|(name, label)| {
        let source = SourceRef::named(AROUND);
        let column = ColumnRef { source, name: name.clone(), data_type: DataType::Text };
        SelectItem { expr: Expr::Column(column), label, left_out: false }
    });
    let columns = columns.collect();
    let inner = std::mem::replace(query, Query::Values(Values::default()));
    let from = From::Query { query: Box::new(inner), alias: AROUND.into(), columns: names, lateral: false };
    *query = Select { columns, from: vec![from], ..Select::default() }.into();
}

/// `SELECT v.c1, v.c2 FROM (VALUES (…), (…)) AS v (c1, c2)`: VALUES stands in FROM only.
pub(super) fn values(s: &MsSql, w: &mut Writer, v: &Values) -> Result {
    let width = v.rows.first().map_or(0, Vec::len);
    let names = |prefix: &str| (1..=width).map(|n| format!("{prefix}c{n}")).collect::<Vec<_>>().join(", ");
    w.push("SELECT ");
    w.push(&names("v."));
    w.push(" FROM ");
    w.parenthesized(|w| syntax::values(s, w, v))?;
    w.push(" AS v (");
    w.push(&names(""));
    w.push(")");
    Ok(())
}

/// `WITH a AS (…), b AS (…)`, in front of the whole statement only.
pub(super) fn with(s: &MsSql, w: &mut Writer, with: &With) -> Result {
    if w.is_parenthesized() {
        let hint = "give it to the outermost statement, or use a subquery";
        return Err(unsupported(s, "WITH inside of a query", Some(hint)));
    }
    w.push("WITH ");
    w.list(&with.ctes, ", ", |w, cte| s.cte(w, cte))
}

/// A recursive one has no word of its own.
pub(super) fn cte(s: &MsSql, w: &mut Writer, cte: &Cte) -> Result {
    if cte.recursive
        && let Statement::Compound(compound) = &*cte.statement
        && compound.operator != (SetOperator { kind: SetOperation::Union, all: true })
    {
        let hint = "use UNION ALL, and leave out what was there already by its condition";
        return Err(unsupported(s, "recursive WITH by UNION", Some(hint)));
    }
    syntax::cte(s, w, cte)
}
