//! Keys that change: what references them follows, by the database (`ON UPDATE CASCADE`) or by the flush.

use orm_query::mapping::{EntityDef, JoinOn, RelationshipDef, SlotState};
use orm_query::schema::{ForeignKeyDef, ReferentialAction, TableDef};

use crate::session::graph::{Graph, Id, reverse};

/// A foreign key of the objects of `kind` that leads to an object whose key has changed.
pub(super) struct Reference {
    pub(super) kind: u32,
    pub(super) key: &'static ForeignKeyDef,
    /// A relationship that goes by it.
    pub(super) relationship: Option<&'static RelationshipDef>,
    /// Whether the database looks after it.
    pub(super) is_passive: bool,
}

/// Whether the database changes what references a key when that changes.
pub(super) fn is_passive(relationship: &RelationshipDef, key: &ForeignKeyDef) -> bool {
    let back = reverse(relationship).map(|back| &(relationship.target)().relationships[back]);
    let told = relationship.passive_updates.or_else(|| back.and_then(|back| back.passive_updates));
    told.unwrap_or(key.on_update == Some(ReferentialAction::Cascade))
}

/// Whether an object has another value now in one of the columns that a foreign key references.
pub(super) fn is_changed(graph: &Graph, id: Id, key: &ForeignKeyDef) -> bool {
    let (table, store) = (graph.entity(id).table, graph.store(id));
    let differs = |c: usize| store.value(id.slot, c) != store.stored_value(id.slot, c);
    graph.state(id) == SlotState::Persistent
        && key.target_columns.iter().filter_map(|name| table.position(name)).any(differs)
}

/// The foreign keys that reference the table of an entity, of the kinds that the session knows.
pub(super) fn references(graph: &Graph, entity: &EntityDef) -> Vec<Reference> {
    let mut found = Vec::new();
    for kind in graph.kinds() {
        let child = graph.entry(kind).entity;
        for key in child.table.foreign_keys.iter() {
            if key.target != entity.table.name || key.target_schema != entity.table.schema {
                continue;
            }
            let goes_by =
                |r: &&'static RelationshipDef| r.foreign_key().is_some_and(|k| std::ptr::eq(k, key));
            let relationships = entity.relationships.iter().chain(child.relationships);
            let relationship = relationships.filter(|r| !r.view_only).find(goes_by);
            let cascades = key.on_update == Some(ReferentialAction::Cascade);
            let is_passive = relationship.map_or(cascades, |relationship| is_passive(relationship, key));
            found.push(Reference { kind, key, relationship, is_passive });
        }
    }
    found
}

/// The relationships of an object through which a key that has changed reaches rows that the flush must change.
pub(super) fn to_load(graph: &Graph, id: Id) -> Vec<&'static RelationshipDef> {
    let is_wanted = |relationship: &&RelationshipDef| {
        matches!(relationship.join, JoinOn::TargetKey(_))
            && !relationship.view_only
            && relationship
                .foreign_key()
                .is_some_and(|key| !is_passive(relationship, key) && is_changed(graph, id, key))
    };
    graph.entity(id).relationships.iter().filter(is_wanted).collect()
}

/// The objects that reference `id` by a key, as the database has both.
pub(super) fn referrers(graph: &Graph, id: Id, reference: &Reference) -> Vec<Id> {
    let Some(wanted) = graph.stored_by_name(id, &reference.key.target_columns) else { return Vec::new() };
    let store = &graph.entry(reference.kind).store;
    (0..store.len())
        .map(|slot| Id { kind: reference.kind, slot })
        .filter(|&child| graph.state(child) == SlotState::Persistent)
        .filter(|&child| graph.stored_by_name(child, &reference.key.columns).as_ref() == Some(&wanted))
        .collect()
}

/// Whether a foreign key references one of the columns that were written.
pub(super) fn is_written(table: &TableDef, key: &ForeignKeyDef, written: &[usize]) -> bool {
    key.target_columns.iter().filter_map(|name| table.position(name)).any(|c| written.contains(&c))
}

/// The key of an object was changed: what the database has changed in other rows, their objects have, too.
pub(super) fn follow(graph: &mut Graph, id: Id, written: &[usize]) {
    let table = graph.entity(id).table;
    let references = references(graph, graph.entity(id));
    for reference in references.into_iter().filter(|r| r.is_passive && is_written(table, r.key, written)) {
        let children = referrers(graph, id, &reference);
        let Some(values) = graph.values(id, &reference.key.target_columns) else { continue };
        for child in children.into_iter().filter(|child| *child != id) {
            graph.log(child);
            graph.leave_identity(child);
            let child_table = graph.entity(child).table;
            let positions: Vec<usize> =
                reference.key.columns.iter().filter_map(|name| child_table.position(name)).collect();
            for (&position, value) in positions.iter().zip(&values) {
                // The types are those of both sides of a foreign key, which fit each other.
                let _ = graph.store_mut(child).put_stored(child.slot, position, value.clone());
            }
            graph.enter_identity(child);
            follow(graph, child, &positions);
        }
    }
}
