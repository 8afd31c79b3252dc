//! SELECT with expressions that hold binds in GROUP BY or behind DISTINCT.

use orm_query::tree::{Expr, Select, Text, TextPart};

use crate::postgres::Postgres;
use crate::syntax::{self, Result, Writer, has_binds};

/// Two placeholders are two values to PostgreSQL, even when both are the same: an expression with a bind in the select
/// list is not the same expression in GROUP BY. There it is named by its position in the select list.
pub(super) fn select(s: &Postgres, w: &mut Writer, q: &Select) -> Result {
    if q.group_by.is_empty() && q.distinct.is_none() {
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
        replace(key, &position_of);
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

/// Puts the positions of keys in their places, those of sets of keys among them.
fn replace(key: &mut Expr, position_of: &dyn Fn(&Expr) -> Option<Expr>) {
    match key {
        Expr::Grouping(grouping) => grouping.list.iter_mut().for_each(|key| replace(key, position_of)),
        Expr::Tuple(set) => set.iter_mut().for_each(|key| replace(key, position_of)),
        key => {
            if let Some(position) = position_of(key) {
                *key = position;
            }
        }
    }
}

fn numbered(position: usize) -> Expr {
    Expr::Text(Box::new(Text { parts: vec![TextPart::Sql(position.to_string())], binds: Vec::new() }))
}
