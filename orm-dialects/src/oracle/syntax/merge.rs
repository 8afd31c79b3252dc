//! `MERGE`, of at most one branch of a kind, whose condition stands behind its action.

use orm_query::tree::{Expr, From, Merge, MergeAction, MergeBranch, MergeRows, SourceRef};

use crate::oracle::Oracle;
use crate::syntax::{self, Result, Syntax, Writer, condition, invalid, unsupported};

pub(super) fn merge(s: &Oracle, w: &mut Writer, m: &Merge) -> Result {
    if m.branches.is_empty() {
        return Err(invalid(format!("MERGE into `{}` says nothing of what is to be done", m.table.name)));
    }
    if !m.with.is_empty() {
        return Err(unsupported(s, "WITH before MERGE", Some("put the query into a subquery")));
    }
    if !m.returning.is_empty() {
        return Err(unsupported(s, "MERGE … RETURNING", Some("select the rows by their keys")));
    }
    for (at, branch) in m.branches.iter().enumerate() {
        if m.branches[..at].iter().any(|before| before.rows == branch.rows) {
            let hint = "say it in the values of one branch: `case().when(condition, …)`";
            return Err(unsupported(s, "several branches of a kind in a MERGE", Some(hint)));
        }
    }
    for branch in &m.branches {
        if let MergeAction::Update(set) = &branch.action
            && set
                .iter()
                .flat_map(|(target, _)| target.columns())
                .any(|name| reads(&m.on, &m.table.source(), name))
        {
            let hint = "match the rows by other columns than those that are set";
            return Err(unsupported(s, "MERGE that sets a column of its condition", Some(hint)));
        }
    }
    w.push("MERGE INTO ");
    s.table_ref(w, &m.table)?;
    let own = From::Table(m.table.clone());
    w.scope([&own, &m.using], |w| {
        w.push(" USING ");
        s.from_item(w, &m.using)?;
        w.push(" ON ");
        w.parenthesized(|w| condition(s, w, &m.on))?;
        m.branches.iter().try_for_each(|branch| s.merge_branch(w, m, branch))
    })
}

/// Whether a condition compares that column.
fn reads(e: &Expr, source: &SourceRef, name: &str) -> bool {
    match e {
        Expr::Column(column) => column.source == *source && column.name == name,
        Expr::And(list) | Expr::Or(list) | Expr::Tuple(list) => list.iter().any(|e| reads(e, source, name)),
        Expr::Binary(b) => reads(&b.left, source, name) || reads(&b.right, source, name),
        Expr::Unary(u) => reads(&u.operand, source, name),
        Expr::Function(f) => f.arguments.iter().any(|e| reads(e, source, name)),
        Expr::Cast(c) => reads(&c.operand, source, name),
        _ => false,
    }
}

pub(super) fn branch(s: &Oracle, w: &mut Writer, m: &Merge, b: &MergeBranch) -> Result {
    let what = match (b.rows, &b.action) {
        (MergeRows::NotMatchedBySource, _) => "WHEN NOT MATCHED BY SOURCE",
        (_, MergeAction::Nothing) => "DO NOTHING of a MERGE",
        // Only of rows that were updated before.
        (_, MergeAction::Delete) => "DELETE of a MERGE",
        (_, MergeAction::Insert { columns, .. }) if columns.is_empty() => "INSERT DEFAULT VALUES",
        (_, MergeAction::Update(_) | MergeAction::Insert { .. }) => {
            syntax::merge_rows(s, w, b)?;
            w.push(" THEN ");
            syntax::merge_action(s, w, m, b)?;
            return b.condition.as_ref().map_or(Ok(()), |filter| {
                w.push(" WHERE ");
                condition(s, w, filter)
            });
        }
    };
    Err(unsupported(s, what, Some("use a statement of its own")))
}
