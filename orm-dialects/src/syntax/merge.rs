use orm_query::tree::{From, Merge, MergeAction, MergeBranch, MergeRows};

use super::{Result, Syntax, Writer, assignments, condition, invalid, unsupported, with};

/// `MERGE INTO table USING source ON condition WHEN …`
///
/// # Errors
/// Where the database has none, a part of it cannot be said, or it does nothing.
pub fn merge<S: Syntax + ?Sized>(s: &S, w: &mut Writer, m: &Merge) -> Result {
    if !s.features().merge {
        let hint = "`insert(…).on_conflict(…)` updates rows that are there already";
        return Err(unsupported(s, "MERGE", Some(hint)));
    }
    if m.branches.is_empty() {
        return Err(invalid(format!("MERGE into `{}` says nothing of what is to be done", m.table.name)));
    }
    if !m.returning.is_empty() && !s.features().merge_returning {
        return Err(unsupported(s, "MERGE … RETURNING", Some("select the rows by their keys")));
    }
    with(s, w, &m.with, |w| {
        w.push("MERGE INTO ");
        s.table_ref(w, &m.table)?;
        let own = From::Table(m.table.clone());
        w.scope([&own, &m.using], |w| {
            w.push(" USING ");
            s.from_item(w, &m.using)?;
            w.push(" ON ");
            condition(s, w, &m.on)?;
            m.branches.iter().try_for_each(|branch| s.merge_branch(w, m, branch))?;
            s.returning(w, &m.returning)
        })
    })
}

/// ` WHEN … [AND condition] THEN action`
///
/// # Errors
/// Where the database has no such branch, a part of it cannot be said, or its rows cannot be treated so.
pub fn merge_branch<S: Syntax + ?Sized>(s: &S, w: &mut Writer, m: &Merge, b: &MergeBranch) -> Result {
    merge_rows(s, w, b)?;
    if let Some(filter) = &b.condition {
        w.push(" AND ");
        condition(s, w, filter)?;
    }
    w.push(" THEN ");
    merge_action(s, w, m, b)
}

/// ` WHEN MATCHED` and its like.
///
/// # Errors
/// Where the database has no such branch.
pub fn merge_rows<S: Syntax + ?Sized>(s: &S, w: &mut Writer, b: &MergeBranch) -> Result {
    if b.rows == MergeRows::NotMatchedBySource && !s.features().merge_by_source {
        let hint = "delete or update them by a statement of its own, with `!exists(…)`";
        return Err(unsupported(s, "WHEN NOT MATCHED BY SOURCE", Some(hint)));
    }
    w.push(match b.rows {
        MergeRows::Matched => " WHEN MATCHED",
        MergeRows::NotMatched => " WHEN NOT MATCHED",
        MergeRows::NotMatchedBySource => " WHEN NOT MATCHED BY SOURCE",
    });
    Ok(())
}

/// `UPDATE SET …`, `DELETE`, `INSERT …` or `DO NOTHING`
///
/// # Errors
/// Where a value does not fit, a part of it cannot be said, or the branch's rows cannot be treated so.
pub fn merge_action<S: Syntax + ?Sized>(s: &S, w: &mut Writer, m: &Merge, b: &MergeBranch) -> Result {
    match (&b.action, b.rows) {
        (MergeAction::Nothing, _) => {
            w.push("DO NOTHING");
            Ok(())
        }
        (MergeAction::Update(set), MergeRows::Matched | MergeRows::NotMatchedBySource) => {
            w.push("UPDATE SET ");
            assignments(s, w, &m.table, set)
        }
        (MergeAction::Delete, MergeRows::Matched | MergeRows::NotMatchedBySource) => {
            w.push("DELETE");
            Ok(())
        }
        (MergeAction::Insert { columns, values }, MergeRows::NotMatched) => {
            if columns.len() != values.len() {
                return Err(invalid(format!(
                    "MERGE into `{}` names {} column(s) and gives {} value(s)",
                    m.table.name,
                    columns.len(),
                    values.len()
                )));
            }
            if columns.is_empty() {
                w.push("INSERT DEFAULT VALUES");
                return Ok(());
            }
            w.push("INSERT (");
            w.list(columns, ", ", |w, name| s.identifier(w, name))?;
            w.push(") VALUES (");
            w.list(columns.iter().zip(values), ", ", |w, (name, value)| {
                s.stored(w, value).map_err(|error| error.in_column(&m.table.name, name))
            })?;
            w.push(")");
            Ok(())
        }
        (MergeAction::Update(_) | MergeAction::Delete, MergeRows::NotMatched) => {
            Err(invalid("rows that are not matched are not in the table, and can only be inserted"))
        }
        (MergeAction::Insert { .. }, MergeRows::Matched | MergeRows::NotMatchedBySource) => {
            Err(invalid("rows that are in the table already cannot be inserted by MERGE"))
        }
    }
}
