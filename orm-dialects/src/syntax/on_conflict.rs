use orm_query::schema::Name;
use orm_query::tree::{ConflictAction, ConflictTarget, Excluded, Expr, Insert, OnConflict, TableRef};

use super::{Result, Syntax, Writer, expr, invalid, unsupported};

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
        ConflictTarget::Columns { columns, is_only: _ } => {
            w.push(" ");
            w.parenthesized(|w| w.list(columns, ", ", |w, name| s.identifier(w, name)))?;
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
            expr(s, w, filter)
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
    set: &[(Name, Expr)],
) -> Result {
    if set.is_empty() {
        return Err(invalid(format!("UPDATE of `{}` sets no column", table.name)));
    }
    w.list(set, ", ", |w, (name, value)| {
        s.identifier(w, name)?;
        w.push(" = ");
        s.stored(w, value).map_err(|error| error.in_column(&table.name, name))
    })
}

/// `excluded.column`
///
/// # Errors
/// Where the name cannot be an identifier.
pub fn excluded<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Excluded) -> Result {
    w.push("excluded.");
    s.identifier(w, &e.name)
}
