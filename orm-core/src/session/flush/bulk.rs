//! Children of write-only collections whose parents are deleted: the flush deletes or cuts them by one statement, where
//! nothing else hangs on them.

use orm_query::mapping::{EntityDef, JoinOn, Lazy, PassiveDeletes, RelationshipDef, SlotState};
use orm_query::schema::{ForeignKeyDef, Name, TableDef};

use crate::session::events::ObjectEvent;
use crate::session::graph::{Graph, Id};

/// The rows of a child table that reference deleted parents.
#[derive(Debug, Clone)]
pub(crate) struct Bulk {
    pub(crate) child: &'static EntityDef,
    pub(crate) key: &'static ForeignKeyDef,
    /// Whether they are deleted; else their key is set to NULL.
    pub(crate) deletes: bool,
    pub(crate) parents: Vec<Id>,
}

/// Whether the children of a deleted parent can be left to one statement, and need not be loaded.
pub(super) fn is_bulk(graph: &Graph, relationship: &RelationshipDef) -> bool {
    let JoinOn::TargetKey(_) = relationship.join else { return false };
    let Some(key) = relationship.foreign_key() else { return false };
    // A new object may take the row of a deleted one: then the children of both are told apart as objects.
    let is_taken = |kind: u32| !graph.entry(kind).new.is_empty();
    relationship.lazy == Lazy::WriteOnly
        && !graph.find_kind((relationship.source)()).is_some_and(is_taken)
        && !relationship.view_only
        && relationship.passive_deletes == PassiveDeletes::No
        && !references((relationship.source)().table, (relationship.target)().table)
        && match relationship.cascade.delete {
            true => is_leaf(graph, (relationship.target)()),
            false => can_be_cut(graph, (relationship.target)(), &key.columns),
        }
}

fn references(from: &TableDef, to: &TableDef) -> bool {
    from.foreign_keys.iter().any(|key| key.target == to.name && key.target_schema == to.schema)
}

/// Whether nothing is to be done for a deleted row but to delete it.
fn is_leaf(graph: &Graph, entity: &EntityDef) -> bool {
    let hangs_on = |relationship: &RelationshipDef| {
        let is_parent = matches!(relationship.join, JoinOn::TargetKey(_) | JoinOn::Secondary { .. });
        !relationship.view_only
            && relationship.passive_deletes != PassiveDeletes::All
            && (relationship.cascade.delete || is_parent)
    };
    let is_heard = graph.find_kind(entity).is_some_and(|kind| {
        graph.hears(ObjectEvent::BeforeDelete, kind) || graph.hears(ObjectEvent::AfterDelete, kind)
    });
    !is_heard && !entity.relationships.iter().any(hangs_on)
}

/// Whether the key of rows may be set to NULL, and nothing else of them changes with it.
fn can_be_cut(graph: &Graph, entity: &EntityDef, key: &[Name]) -> bool {
    let may_be_null = |name: &Name| {
        let column = entity.table.position(name).map(|at| &entity.table.columns[at]);
        column.is_some_and(|column| column.nullable && !column.primary_key)
    };
    let follows =
        entity.table.columns.iter().any(|column| column.on_update.is_some() || column.version.is_some());
    let is_heard = graph.find_kind(entity).is_some_and(|kind| graph.hears_updates(kind));
    key.iter().all(may_be_null) && !follows && !is_heard
}

/// What a flush does for the deleted parents, in the order of their kinds.
pub(super) fn collect(graph: &Graph, deleted: &[Id]) -> Vec<Bulk> {
    let mut found = Vec::new();
    for kind in graph.kinds() {
        let parents: Vec<Id> = deleted.iter().copied().filter(|id| id.kind == kind).collect();
        if parents.is_empty() {
            continue;
        }
        for relationship in graph.entry(kind).entity.relationships {
            if let Some(key) = relationship.foreign_key().filter(|_| is_bulk(graph, relationship)) {
                let (child, deletes) = ((relationship.target)(), relationship.cascade.delete);
                found.push(Bulk { child, key, deletes, parents: parents.clone() });
            }
        }
    }
    found
}

/// The children that the session holds come along with their parents as if these had loaded them; whatever else there
/// is, is left to the statement.
pub(super) fn take_held(graph: &mut Graph, parents: &[Id], index: usize, relationship: &RelationshipDef) {
    let Some(key) = relationship.foreign_key() else { return };
    let kind = graph.kind((relationship.target)());
    for &parent in parents {
        let Some(wanted) = graph.stored_by_name(parent, &key.target_columns) else { continue };
        let store = &graph.entry(kind).store;
        let held = (0..store.len()).filter(|&slot| {
            let child = Id { kind, slot };
            graph.state(child) == SlotState::Persistent
                && graph.stored_by_name(child, &key.columns).as_ref() == Some(&wanted)
        });
        let held = held.collect();
        graph.forget_part(parent, index);
        graph.load_part(parent, index, held);
    }
    graph.edit_loaded(parents, index);
}
