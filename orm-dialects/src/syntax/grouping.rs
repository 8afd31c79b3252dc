use orm_query::tree::{Expr, Grouping, GroupingKind};

use super::{Result, Syntax, Writer};

/// The list behind GROUP BY.
///
/// # Errors
/// Where a part of it cannot be said.
pub fn group_by<S: Syntax + ?Sized>(s: &S, w: &mut Writer, list: &[Expr]) -> Result {
    w.list(list, ", ", |w, item| match item {
        Expr::Grouping(grouping) => s.grouping(w, grouping),
        key => s.key(w, key),
    })
}

/// `ROLLUP (…)`, `CUBE (…)`, `GROUPING SETS (…)`
///
/// # Errors
/// Where a part of it cannot be said.
pub fn grouping<S: Syntax + ?Sized>(s: &S, w: &mut Writer, g: &Grouping) -> Result {
    w.push(match g.kind {
        GroupingKind::Rollup => "ROLLUP",
        GroupingKind::Cube => "CUBE",
        GroupingKind::Sets => "GROUPING SETS",
    });
    w.parenthesized(|w| w.list(&g.list, ", ", |w, item| element(s, w, item)))
}

/// One of the list: a set of columns, which may be none, another such list, or a column.
fn element<S: Syntax + ?Sized>(s: &S, w: &mut Writer, item: &Expr) -> Result {
    match item {
        Expr::Tuple(set) => w.parenthesized(|w| w.list(set, ", ", |w, key| s.key(w, key))),
        Expr::Grouping(inner) => s.grouping(w, inner),
        key => s.key(w, key),
    }
}
