//! Upserts: `ON DUPLICATE KEY UPDATE`, which is for any unique key, and has no condition.

use orm_query::tree::{
    ColumnRef, ConflictAction, ConflictTarget, Excluded, Insert, InsertOr, InsertSource, OnConflict, Query,
};

use super::change::in_order;
use crate::mysql::MySql;
use crate::syntax::{self, Result, Syntax, Writer, assignments, invalid, unsupported};

pub(super) fn on_conflict(s: &MySql, w: &mut Writer, i: &Insert, c: &OnConflict) -> Result {
    let hint = "name any by `on_any_conflict()`";
    match &c.target {
        ConflictTarget::Any | ConflictTarget::Columns { is_only: true, .. } => {}
        ConflictTarget::Columns { .. } => {
            return Err(unsupported(s, "ON CONFLICT of one unique key among several", Some(hint)));
        }
        ConflictTarget::Constraint(_) => {
            return Err(unsupported(s, "ON CONFLICT ON CONSTRAINT", Some(hint)));
        }
    }
    if has_alias(s, i) && i.table.source().name.eq_ignore_ascii_case("new") {
        return Err(invalid("the row that an upsert could not insert has the name `new`, and the table too"));
    }
    if has_alias(s, i) && !matches!(i.source, InsertSource::Query(_)) {
        w.push(" AS new");
    }
    w.push(" ON DUPLICATE KEY UPDATE ");
    match &c.action {
        ConflictAction::Nothing => nothing(s, w, i, &c.target),
        ConflictAction::Update { filter: Some(_), .. } => {
            let hint = "say it in the values: `case().when(condition, …)`";
            Err(unsupported(s, "condition on the update of an upsert", Some(hint)))
        }
        // As in any UPDATE, what is assigned is seen by the assignments behind it.
        ConflictAction::Update { set, filter: None } => match in_order(s, &i.table, set)? {
            Some(set) => assignments(s, w, &i.table, &set),
            None => assignments(s, w, &i.table, set),
        },
    }
}

/// WITH stands before the query of an INSERT, and never before INSERT.
pub(super) fn insert(s: &MySql, w: &mut Writer, i: &Insert) -> Result {
    if i.with.is_empty() {
        return syntax::insert(s, w, i);
    }
    let mut i = i.clone();
    let given = std::mem::take(&mut i.with).ctes;
    let InsertSource::Query(Query::Select(query)) = &mut i.source else {
        let hint = "give it to the query inside: `select(…).with(cte)`";
        return Err(unsupported(s, "WITH before INSERT", Some(hint)));
    };
    query.with.ctes.splice(0..0, given);
    syntax::insert(s, w, &i)
}

/// `INSERT IGNORE INTO `, `REPLACE INTO `
pub(super) fn insert_words(s: &MySql, w: &mut Writer, i: &Insert) -> Result {
    match i.or {
        None => return syntax::insert_words(s, w, i),
        Some(InsertOr::Ignore) => {
            let hint =
                "`ignore()` makes warnings of errors; `on_any_conflict()` leaves out rows that are there";
            return Err(unsupported(s, "INSERT OR IGNORE", Some(hint)));
        }
        Some(_) if i.on_conflict.is_some() => {
            return Err(invalid(
                "an INSERT that ignores or replaces rows has no other way to treat a conflict",
            ));
        }
        Some(InsertOr::IgnoreErrors) => {
            w.push("INSERT ");
            syntax::prefixes(s, w, &i.prefixes)?;
            w.push("IGNORE ");
        }
        Some(InsertOr::Replace) => {
            w.push("REPLACE ");
            syntax::prefixes(s, w, &i.prefixes)?;
        }
    }
    w.push("INTO ");
    Ok(())
}

/// A column set to itself; `INSERT IGNORE` would let other errors pass too.
fn nothing(s: &MySql, w: &mut Writer, i: &Insert, target: &ConflictTarget) -> Result {
    if !i.returning.is_empty() {
        let hint = "leave `do_nothing()` without RETURNING, and select the rows";
        return Err(unsupported(s, "RETURNING of the inserted rows alone", Some(hint)));
    }
    let name = match target {
        ConflictTarget::Columns { columns, .. } => columns.first(),
        ConflictTarget::Any | ConflictTarget::Constraint(_) => i.columns.first(),
    };
    let Some(name) = name.cloned() else {
        return Err(invalid(format!("an upsert into `{}` gives no column", i.table.name)));
    };
    s.identifier(w, &name)?;
    w.push(" = ");
    let data_type = orm_query::DataType::Text;
    s.column(w, &ColumnRef { source: i.table.source(), name, data_type })
}

/// A query whose rows have a name, where `VALUES(column)` is on its way out.
pub(super) fn insert_query(s: &MySql, w: &mut Writer, i: &Insert, query: &Query) -> Result {
    if !has_alias(s, i) {
        return syntax::insert_query(s, w, i, query);
    }
    w.push(" SELECT * FROM (");
    syntax::query(s, w, query)?;
    w.push(") AS new ");
    w.parenthesized(|w| w.list(&i.columns, ", ", |w, name| s.identifier(w, name)))
}

/// Whether the new row has the name `new`: where there are such names, and something reads it.
fn has_alias(s: &MySql, i: &Insert) -> bool {
    s.features().insert_alias && i.on_conflict.as_ref().is_some_and(|c| c.action != ConflictAction::Nothing)
}

/// `new.column`, or `VALUES(column)`
pub(super) fn excluded(s: &MySql, w: &mut Writer, e: &Excluded) -> Result {
    if s.features().insert_alias {
        w.push("new.");
        return s.identifier(w, &e.name);
    }
    w.push("VALUES(");
    s.identifier(w, &e.name)?;
    w.push(")");
    Ok(())
}
