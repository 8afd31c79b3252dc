//! INSERT, UPDATE and DELETE, with `OUTPUT` in their middle.

use orm_query::tree::{Delete, From, Insert, InsertSource, Query, SelectItem, TableRef, Update, With};

use super::from;
use crate::mssql::MsSql;
use crate::syntax::{
    self, Result, Syntax, Writer, assignments, condition, first_rows, invalid, prefixes, qualified,
    select_item, unsupported,
};

/// ` OUTPUT inserted.a, inserted.b`; nothing for an empty list. The columns of other tables are read as they are.
pub(super) fn output(
    s: &MsSql,
    w: &mut Writer,
    table: &TableRef,
    rows: &'static str,
    items: &[SelectItem],
) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    w.push(" OUTPUT ");
    w.renamed(table.source(), rows, |w| w.list(items, ", ", |w, item| select_item(s, w, item)))
}

/// A WITH stands in front of INSERT, and never before its query.
pub(super) fn insert(s: &MsSql, w: &mut Writer, i: &Insert) -> Result {
    let has_with = |query: &Query| match query {
        Query::Select(select) => !select.with.is_empty(),
        Query::Compound(compound) => !compound.with.is_empty(),
        Query::Values(_) | Query::Text(_) => false,
    };
    if i.table.alias.is_some() {
        return Err(unsupported(s, "alias of the table that rows are inserted into", None));
    }
    let hoisted = matches!(&i.source, InsertSource::Query(query) if has_with(query));
    if !hoisted {
        return syntax::insert(s, w, i);
    }
    let mut i = i.clone();
    let with = match &mut i.source {
        InsertSource::Query(Query::Select(select)) => std::mem::take(&mut select.with),
        InsertSource::Query(Query::Compound(compound)) => std::mem::take(&mut compound.with),
        _ => With::default(),
    };
    for cte in with.ctes {
        if i.with.ctes.iter().any(|other| other.name == cte.name) {
            return Err(invalid(format!("two queries of WITH have the name `{}`", cte.name)));
        }
        i.with.ctes.push(cte);
    }
    syntax::insert(s, w, &i)
}

/// `UPDATE table SET … OUTPUT inserted.… FROM table, others WHERE …`
pub(super) fn update(s: &MsSql, w: &mut Writer, u: &Update) -> Result {
    if u.set.is_empty() {
        return Err(invalid(format!("UPDATE of `{}` sets no column", u.table.name)));
    }
    syntax::with(s, w, &u.with, |w| {
        w.push("UPDATE ");
        prefixes(s, w, &u.prefixes)?;
        target(s, w, &u.table)?;
        scoped(w, &u.table, &u.from, |w| {
            w.push(" SET ");
            assignments(s, w, &u.table, &u.set)?;
            output(s, w, &u.table, "inserted", &u.returning)?;
            sources(s, w, &u.table, &u.from)?;
            u.filter.as_ref().map_or(Ok(()), |filter| {
                w.push(" WHERE ");
                condition(s, w, filter)
            })?;
            first_rows(s, w, &u.order_by, u.limit)
        })
    })
}

/// `DELETE FROM table OUTPUT deleted.… FROM table, others WHERE …`
pub(super) fn delete(s: &MsSql, w: &mut Writer, d: &Delete) -> Result {
    syntax::with(s, w, &d.with, |w| {
        w.push("DELETE ");
        prefixes(s, w, &d.prefixes)?;
        w.push("FROM ");
        target(s, w, &d.table)?;
        scoped(w, &d.table, &d.using, |w| {
            output(s, w, &d.table, "deleted", &d.returning)?;
            sources(s, w, &d.table, &d.using)?;
            d.filter.as_ref().map_or(Ok(()), |filter| {
                w.push(" WHERE ");
                condition(s, w, filter)
            })?;
            first_rows(s, w, &d.order_by, d.limit)
        })
    })
}

fn scoped(
    w: &mut Writer,
    table: &TableRef,
    others: &[From],
    write: impl FnOnce(&mut Writer) -> Result,
) -> Result {
    let own = From::Table(table.clone());
    w.scope(std::iter::once(&own).chain(others), write)
}

/// The table that is changed, by the name that FROM gives it.
fn target(s: &MsSql, w: &mut Writer, table: &TableRef) -> Result {
    match &table.alias {
        Some(alias) => s.identifier(w, alias),
        None => qualified(s, w, table.schema.as_deref(), &table.name),
    }
}

/// ` FROM table AS alias, others`; nothing where the table stands alone and has no alias.
fn sources(s: &MsSql, w: &mut Writer, table: &TableRef, others: &[From]) -> Result {
    if others.is_empty() && table.alias.is_none() {
        return Ok(());
    }
    w.push(" FROM ");
    let all: Vec<From> = std::iter::once(From::Table(table.clone())).chain(others.iter().cloned()).collect();
    from::list(s, w, &all)
}
