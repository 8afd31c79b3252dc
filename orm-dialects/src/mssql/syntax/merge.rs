//! `MERGE`, which ends with a semicolon, and says what it returns by `OUTPUT`.

use orm_query::tree::{From, Merge, MergeAction, MergeBranch, MergeRows};

use super::change::output;
use crate::mssql::MsSql;
use crate::syntax::{self, Result, Syntax, Writer, condition, invalid, unsupported};

pub(super) fn merge(s: &MsSql, w: &mut Writer, m: &Merge) -> Result {
    if m.branches.is_empty() {
        return Err(invalid(format!("MERGE into `{}` says nothing of what is to be done", m.table.name)));
    }
    check_branches(s, m)?;
    let deletes = |branch: &MergeBranch| branch.action == MergeAction::Delete;
    if !m.returning.is_empty() && m.branches.iter().any(deletes) {
        let hint = "delete the rows by a statement of its own";
        return Err(unsupported(s, "RETURNING of a MERGE that deletes", Some(hint)));
    }
    syntax::with(s, w, &m.with, |w| {
        w.push("MERGE INTO ");
        s.table_ref(w, &m.table)?;
        let own = From::Table(m.table.clone());
        w.scope([&own, &m.using], |w| {
            w.push(" USING ");
            s.from_item(w, &m.using)?;
            w.push(" ON ");
            condition(s, w, &m.on)?;
            m.branches.iter().try_for_each(|branch| s.merge_branch(w, m, branch))?;
            output(s, w, &m.table, "inserted", &m.returning)
        })
    })?;
    w.push(";");
    Ok(())
}

/// # Errors
/// Where rows that are there have more than one branch that updates and one that deletes, of which the first has a condition,
/// or those that are not have more than one.
fn check_branches(s: &MsSql, m: &Merge) -> Result {
    let kinds = [MergeRows::Matched, MergeRows::NotMatched, MergeRows::NotMatchedBySource];
    for rows in kinds {
        let acts = |branch: &&MergeBranch| branch.rows == rows && branch.action != MergeAction::Nothing;
        let of_kind: Vec<&MergeBranch> = m.branches.iter().filter(acts).collect();
        let [first, others @ ..] = of_kind.as_slice() else { continue };
        let ok = match others {
            [] => true,
            [second] => {
                let deletes = |branch: &MergeBranch| branch.action == MergeAction::Delete;
                rows != MergeRows::NotMatched
                    && first.condition.is_some()
                    && deletes(first) != deletes(second)
            }
            _ => false,
        };
        if !ok {
            let hint = "have one that updates and one that deletes, the first with a condition; or say it in the values of \
                        one: `case().when(condition, …)`";
            return Err(unsupported(s, "MERGE with such branches of one kind", Some(hint)));
        }
    }
    Ok(())
}

pub(super) fn branch(s: &MsSql, w: &mut Writer, m: &Merge, b: &MergeBranch) -> Result {
    if b.action == MergeAction::Nothing {
        let hint = "leave the rows out by the conditions of the other branches";
        return Err(unsupported(s, "DO NOTHING of a MERGE", Some(hint)));
    }
    syntax::merge_branch(s, w, m, b)
}
