use orm_query::tree::{
    ConflictAction, ConflictTarget, Excluded, Expr, Insert, OnConflict, SetTarget, TableRef,
};

use super::{Result, Syntax, Writer, condition, expr, invalid, unsupported};

/// ` ON CONFLICT (columns) DO UPDATE SET column = value, … WHERE …`
///
/// # Errors
/// Where the database has no such target, a value does not fit, a part of it cannot be said, or nothing is set.
pub fn on_conflict<S: Syntax + ?Sized>(s: &S, w: &mut Writer, i: &Insert, c: &OnConflict) -> Result {
    w.push(" ON CONFLICT");
    match &c.target {
        ConflictTarget::Any => {
            if c.action != ConflictAction::Nothing && !s.features().update_on_any_conflict {
                let hint = "name the columns of a unique key by `on_conflict`";
                return Err(unsupported(s, "DO UPDATE on any conflict", Some(hint)));
            }
        }
        ConflictTarget::Columns { columns, is_only: _, filter } => {
            w.push(" ");
            w.parenthesized(|w| w.list(columns, ", ", |w, name| s.identifier(w, name)))?;
            if let Some(filter) = filter {
                w.push(" WHERE ");
                index_filter(s, w, filter)?;
            }
        }
        ConflictTarget::Constraint(_) if !s.features().conflict_constraints => {
            let hint = "name the columns of the constraint by `on_conflict`";
            return Err(unsupported(s, "ON CONFLICT ON CONSTRAINT", Some(hint)));
        }
        ConflictTarget::Constraint(name) => {
            w.push(" ON CONSTRAINT ");
            s.identifier(w, name)?;
        }
    }
    let ConflictAction::Update { set, filter } = &c.action else {
        w.push(" DO NOTHING");
        return Ok(());
    };
    w.push(" DO UPDATE SET ");
    assignments(s, w, &i.table, set)?;
    match filter {
        Some(filter) => {
            w.push(" WHERE ");
            condition(s, w, filter)
        }
        None => Ok(()),
    }
}

/// `column = value, …`, of an UPDATE or of an upsert.
///
/// # Errors
/// Where a value does not fit, a part of it cannot be said, or nothing is set.
pub fn assignments<S: Syntax + ?Sized>(
    s: &S,
    w: &mut Writer,
    table: &TableRef,
    set: &[(SetTarget, Expr)],
) -> Result {
    if set.is_empty() {
        return Err(invalid(format!("UPDATE of `{}` sets no column", table.name)));
    }
    w.list(set, ", ", |w, (target, value)| {
        s.set_target(w, target)?;
        w.push(" = ");
        assigned(s, w, table, target, value)
    })
}

/// What an assignment writes.
///
/// # Errors
/// Where it does not fit, or cannot be said.
pub fn assigned<S: Syntax + ?Sized>(
    s: &S,
    w: &mut Writer,
    table: &TableRef,
    target: &SetTarget,
    value: &Expr,
) -> Result {
    match target {
        SetTarget::Column(name) => s.stored(w, value).map_err(|error| error.in_column(&table.name, name)),
        SetTarget::Element { .. } | SetTarget::Slice { .. } | SetTarget::Columns(_) => expr(s, w, value),
    }
}

/// What an assignment sets.
///
/// # Errors
/// Where the database sets no such thing, or a part of it cannot be said.
pub fn set_target<S: Syntax + ?Sized>(s: &S, w: &mut Writer, target: &SetTarget) -> Result {
    if matches!(target, SetTarget::Element { .. } | SetTarget::Slice { .. })
        && !s.features().element_assignment
    {
        let hint = "set the whole column, or use a function that gives it with the change";
        return Err(unsupported(s, "UPDATE of a part of a column", Some(hint)));
    }
    match target {
        SetTarget::Column(name) => s.identifier(w, name),
        SetTarget::Element { column, path } => {
            s.identifier(w, column)?;
            path.iter().try_for_each(|index| {
                w.push("[");
                expr(s, w, index)?;
                w.push("]");
                Ok(())
            })
        }
        SetTarget::Slice { column, low, high } => {
            s.identifier(w, column)?;
            w.push("[");
            expr(s, w, low)?;
            w.push(":");
            expr(s, w, high)?;
            w.push("]");
            Ok(())
        }
        SetTarget::Columns(columns) => {
            if !s.features().row_assignment {
                let hint = "set each column by a subquery of its own";
                return Err(unsupported(s, "SET (columns) = (SELECT …)", Some(hint)));
            }
            w.parenthesized(|w| w.list(columns, ", ", |w, name| s.identifier(w, name)))
        }
    }
}

/// The condition of a partial unique index: it must be known to be that of the index when the statement is planned, so its
/// values stand in the text.
fn index_filter<S: Syntax + ?Sized>(s: &S, w: &mut Writer, filter: &Expr) -> Result {
    w.with_values(|w| w.qualified(false, |w| condition(s, w, filter)))
}

/// `excluded.column`
///
/// # Errors
/// Where the name cannot be an identifier.
pub fn excluded<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Excluded) -> Result {
    w.push("excluded.");
    s.identifier(w, &e.name)
}
