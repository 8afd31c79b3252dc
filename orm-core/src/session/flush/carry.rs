//! Keys on their way from parents to children.

use orm_query::Value;
use orm_query::schema::{ForeignKeyDef, TableDef};

use super::collect::Carry;
use super::plan::Plan;
use crate::session::graph::{Graph, Id, put};
use crate::{Error, Result, SessionError};

/// The keys that an object gets just before it is written.
pub(super) fn early(plan: &Plan, id: Id) -> Vec<Carry> {
    carries(plan, id, false)
}

/// The keys that an object gets when all rows are there.
pub(super) fn late(plan: &Plan, id: Id) -> Vec<Carry> {
    carries(plan, id, true)
}

fn carries(plan: &Plan, id: Id, post_update: bool) -> Vec<Carry> {
    let carries = plan.carries.get(&id).map(Vec::as_slice).unwrap_or_default();
    carries.iter().copied().filter(|carry| carry.post_update == post_update).collect()
}

/// Gives an object the keys of its parents.
pub(super) fn carry_keys(graph: &mut Graph, id: Id, carries: &[Carry]) -> Result<()> {
    if !carries.is_empty() {
        graph.touch(id);
    }
    // Cut keys first: another key may share a column with one.
    for carry in carries.iter().filter(|carry| carry.parent.is_none()) {
        for position in cut_columns(graph.entity(id).table, carry.key) {
            put(graph, id, position, Value::Null)?;
        }
    }
    for carry in carries {
        let Some(parent) = carry.parent else { continue };
        let values = graph.values(parent, &carry.key.target_columns).ok_or_else(|| {
            Error::from(SessionError::Misuse(format!(
                "`{}` has no key to carry to `{}` yet",
                graph.entity(parent).name,
                graph.entity(id).name
            )))
        })?;
        let table = graph.entity(id).table;
        for (name, value) in carry.key.columns.iter().zip(values) {
            let Some(position) = table.position(name) else { continue };
            put(graph, id, position, value)?;
        }
    }
    Ok(())
}

/// The columns of a key that are set to NULL to cut it: those that may be NULL, and of them rather those that no
/// other key shares.
fn cut_columns(table: &TableDef, key: &ForeignKeyDef) -> Vec<usize> {
    let positions = key.columns.iter().filter_map(|name| table.position(name));
    let nullable: Vec<usize> =
        positions.filter(|&c| table.columns[c].nullable && !table.columns[c].primary_key).collect();
    let is_shared = |c: usize| {
        let name = &table.columns[c].name;
        table.foreign_keys.iter().any(|other| other != key && other.columns.contains(name))
    };
    let own: Vec<usize> = nullable.iter().copied().filter(|&c| !is_shared(c)).collect();
    if own.is_empty() { nullable } else { own }
}
