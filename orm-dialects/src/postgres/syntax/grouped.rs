//! SELECT with expressions that hold binds in GROUP BY or behind DISTINCT.

use orm_query::tree::{Expr, Select, Text, TextPart};

use crate::postgres::Postgres;
use crate::syntax::{self, Result, Writer, expr};

/// Two placeholders are two values to PostgreSQL, even when both are the same: an expression with a bind in the select
/// list is not the same expression in GROUP BY. There it is named by its position in the select list.
pub(super) fn select(s: &Postgres, w: &mut Writer, q: &Select) -> Result {
    if q.group_by.is_empty() && !q.distinct {
        return syntax::select(s, w, q);
    }
    let mut positions = Vec::new();
    for (position, item) in q.columns.iter().enumerate() {
        if has_binds(s, &item.expr)? {
            positions.push((position + 1, &item.expr));
        }
    }
    if positions.is_empty() {
        return syntax::select(s, w, q);
    }
    let position_of =
        |key: &Expr| positions.iter().find(|(_, e)| *e == key).map(|(position, _)| numbered(*position));
    let mut grouped = q.clone();
    for key in &mut grouped.group_by {
        if let Some(position) = position_of(key) {
            *key = position;
        }
    }
    for order in &mut grouped.order_by {
        let key = match &mut order.expr {
            Expr::Ordered(inner) => &mut inner.expr,
            key => key,
        };
        if let Some(position) = position_of(key) {
            *key = position;
        }
    }
    syntax::select(s, w, &grouped)
}

fn has_binds(s: &Postgres, e: &Expr) -> Result<bool> {
    if matches!(e, Expr::Column(_)) {
        return Ok(false);
    }
    let mut apart = Writer::default();
    expr(s, &mut apart, e)?;
    Ok(!apart.binds().is_empty())
}

fn numbered(position: usize) -> Expr {
    Expr::Text(Box::new(Text { parts: vec![TextPart::Sql(position.to_string())], binds: Vec::new() }))
}
