//! Before anything is collected: both sides in step, and everything loaded that a deletion reaches.

use hashbrown::HashSet;
use orm_query::mapping::{JoinOn, Lazy, PassiveDeletes, RelationshipDef, SlotState};

use super::{bulk, rekey};
use crate::connection::Connection;
use crate::session::graph::{Graph, Id, reverse};
use crate::session::load::{load_relationship, read_again};
use crate::{Error, Result, SessionError};

pub(crate) async fn prepare(graph: &mut Graph, connection: &mut Connection) -> Result<()> {
    graph.listening.is_quiet = true;
    let prepared = reach(graph, connection).await;
    graph.listening.is_quiet = false;
    prepared
}

async fn reach(graph: &mut Graph, connection: &mut Connection) -> Result<()> {
    loop {
        reconcile(graph);
        let replacements = std::mem::take(&mut graph.replacements);
        if replacements.is_empty() {
            break;
        }
        for (id, index) in replacements {
            check_replaced(graph, id, index)?;
            replace(graph, connection, id, index).await?;
        }
    }
    graph.note_assigned();
    let changed: Vec<Id> = graph.kinds().flat_map(|kind| graph.changed(kind)).collect();
    for id in changed {
        for relationship in rekey::to_load(graph, id) {
            load_relationship(graph, connection, &[id], relationship).await?;
        }
    }
    let mut done = HashSet::new();
    while let Some(next) = doomed(graph, &mut done) {
        for Reached { parents, index, relationship } in reached(graph, &next) {
            if bulk::is_bulk(graph, relationship) {
                bulk::take_held(graph, &parents, index, relationship);
            } else if relationship.passive_deletes == PassiveDeletes::No {
                load_relationship(graph, connection, &parents, relationship).await?;
            }
        }
        graph.quietly(|graph| cascade(graph, &next));
    }
    // The row is told by its version: one that is not to be trusted must be read before.
    for objects in graph.expired_versions() {
        read_again(graph, connection, &objects).await?;
    }
    Ok(())
}

/// What a write-only collection leads to is not known, so that it is not replaced.
fn check_replaced(graph: &Graph, id: Id, index: usize) -> Result<()> {
    let (entity, relationship) = (graph.entity(id).name, &graph.entity(id).relationships[index]);
    if relationship.lazy != Lazy::WriteOnly || graph.state(id) != SlotState::Persistent {
        return Ok(());
    }
    let name = relationship.name;
    let message = format!(
        "`{entity}::{name}` is write-only and was assigned, of an object that has a row: what it leads to is not loaded, so \
         that it cannot be replaced; put objects in by `session.collection(handle, {entity}::{name}).add(…)`, and take \
         others out by `remove(…)` or by its `delete()`"
    );
    Err(SessionError::Misuse(message).into())
}

/// As [`prepare`], as far as it goes without asking the database.
pub(crate) fn prepare_offline(graph: &mut Graph) {
    reconcile(graph);
    let mut done = HashSet::new();
    while let Some(next) = doomed(graph, &mut done) {
        cascade(graph, &next);
    }
}

/// Those doomed since the last call.
fn doomed(graph: &mut Graph, done: &mut HashSet<Id>) -> Option<Vec<Id>> {
    // One that is dropped may leave orphans of its own.
    while doom_orphans(graph) {}
    let next: Vec<Id> = graph.doomed.iter().copied().filter(|id| done.insert(*id)).collect();
    (!next.is_empty()).then_some(next)
}

/// A relationship that was assigned without being loaded: what the database has besides is taken out.
async fn replace(graph: &mut Graph, connection: &mut Connection, id: Id, index: usize) -> Result<()> {
    if graph.state(id) != SlotState::Persistent {
        return Ok(());
    }
    let Some(wanted) = graph.links(id, index).map(<[u32]>::to_vec) else { return Ok(()) };
    let relationship = &graph.entity(id).relationships[index];
    *graph.store_mut(id).relation_mut(id.slot, index) = Default::default();
    for old in load_relationship(graph, connection, &[id], relationship).await? {
        if !wanted.contains(&old.slot) {
            graph.unlink(id, index, old);
        }
    }
    let kind = graph.kind((relationship.target)());
    for &slot in &wanted {
        graph.quietly(|graph| graph.link(id, index, Id { kind, slot }));
    }
    if graph.links(id, index).is_some_and(|links| links.len() == wanted.len()) {
        graph.set_side(id, index, wanted); // in the order in which they were given
    }
    Ok(())
}

/// Fields that were assigned through `session[handle]`: owned children move in, and the other side follows.
fn reconcile(graph: &mut Graph) {
    let mut work: Vec<Id> = graph.kinds().flat_map(|kind| graph.changed(kind)).collect();
    let mut seen: HashSet<Id> = work.iter().copied().collect();
    while let Some(id) = work.pop() {
        graph.adopt(id, false);
        graph.follow_keys(id);
        for index in 0..graph.entity(id).relationships.len() {
            let relationship = &graph.entity(id).relationships[index];
            let Some(target) = graph.find_kind((relationship.target)()) else { continue };
            let back = reverse(relationship);
            let (added, removed) = graph.difference(id, index);
            for slot in removed {
                let old = Id { kind: target, slot };
                if graph.state(old) != SlotState::Vacant {
                    graph.unlink(id, index, old);
                    work.extend(seen.insert(old).then_some(old));
                }
            }
            for slot in added {
                let new = Id { kind: target, slot };
                if back.is_none() || !graph.has_back(new, back, id) {
                    graph.link(id, index, new);
                    work.extend(seen.insert(new).then_some(new));
                }
            }
        }
    }
}

/// Children that lost their parent under `delete-orphan`; whether pending ones were dropped.
fn doom_orphans(graph: &mut Graph) -> bool {
    let mut orphans = std::mem::take(&mut graph.let_go);
    for kind in graph.kinds() {
        for (index, relationship) in graph.entry(kind).entity.relationships.iter().enumerate() {
            let back = reverse(relationship).map(|back| &(relationship.target)().relationships[back]);
            let is_parent = relationship.cascade.delete_orphan && !relationship.view_only;
            // A child may tell that it has left a collection that is not loaded.
            let is_child = matches!(relationship.join, JoinOn::SourceKey(_))
                && back.is_some_and(|back| !back.view_only && back.cascade.delete_orphan);
            let Some(target) = graph.find_kind((relationship.target)()) else { continue };
            if !is_parent && !is_child {
                continue;
            }
            for id in graph.changed(kind) {
                let (_, removed) = graph.difference(id, index);
                if is_parent {
                    let child = |slot: &u32| (relationship, Id { kind: target, slot: *slot });
                    orphans.extend(removed.iter().map(child));
                }
                if let Some(back) = back.filter(|_| is_child && !removed.is_empty()) {
                    orphans.push((back, id));
                }
            }
        }
    }
    for &(child, index) in &graph.cleared {
        let relationship = &graph.entity(child).relationships[index];
        if let Some(back) = reverse(relationship) {
            let back = &(relationship.target)().relationships[back];
            orphans.extend(back.cascade.delete_orphan.then_some((back, child)));
        }
    }
    for edit in graph.link_edits.all().into_iter().filter(|edit| !edit.added) {
        let relationship = &graph.entity(edit.parent).relationships[edit.relationship];
        if relationship.cascade.delete_orphan {
            orphans.push((relationship, edit.child));
        }
    }
    let mut unborn = HashSet::new();
    for (relationship, child) in orphans {
        match graph.state(child) {
            SlotState::Persistent if !has_parent(graph, relationship, child) => graph.doom(child),
            SlotState::Pending if !has_parent(graph, relationship, child) => {
                unborn.insert(child);
            }
            _ => {}
        }
    }
    let dropped = !unborn.is_empty();
    graph.discard(unborn);
    dropped
}

/// Whether some parent leads to a child that lost one, by this relationship.
fn has_parent(graph: &Graph, relationship: &RelationshipDef, child: Id) -> bool {
    match reverse(relationship) {
        Some(back) => graph.links(child, back).is_some_and(|links| !links.is_empty()),
        None => {
            let source = (relationship.source)();
            let index = source.relationship(relationship.name);
            let kind = graph.find_kind(source);
            kind.zip(index).is_some_and(|(kind, index)| graph.owners.contains_key(&(child, kind, index)))
        }
    }
}

/// A relationship of doomed objects whose targets go with them, or lose their parent.
struct Reached {
    parents: Vec<Id>,
    index: usize,
    relationship: &'static RelationshipDef,
}

fn reached(graph: &Graph, doomed: &[Id]) -> Vec<Reached> {
    let mut found = Vec::new();
    for kind in graph.kinds() {
        let parents: Vec<Id> = doomed.iter().copied().filter(|id| id.kind == kind).collect();
        if parents.is_empty() {
            continue;
        }
        for (index, relationship) in graph.entry(kind).entity.relationships.iter().enumerate() {
            let by_key = matches!(relationship.join, JoinOn::TargetKey(_));
            let is_written = !relationship.view_only && relationship.passive_deletes != PassiveDeletes::All;
            if is_written && (relationship.cascade.delete || by_key) {
                found.push(Reached { parents: parents.clone(), index, relationship });
            }
        }
    }
    found
}

/// What goes with the doomed objects, and what loses its parent.
fn cascade(graph: &mut Graph, doomed: &[Id]) {
    let mut unborn = HashSet::new();
    for Reached { parents, index, relationship } in reached(graph, doomed) {
        for id in parents {
            for child in children(graph, id, index) {
                if !relationship.cascade.delete {
                    graph.unlink(id, index, child);
                    continue;
                }
                match graph.state(child) {
                    SlotState::Persistent => graph.doom(child),
                    SlotState::Pending => {
                        unborn.insert(child);
                    }
                    SlotState::Vacant | SlotState::Deleted => {}
                }
            }
        }
    }
    graph.discard(unborn);
}

fn children(graph: &Graph, id: Id, index: usize) -> Vec<Id> {
    let relationship = &graph.entity(id).relationships[index];
    let Some(kind) = graph.find_kind((relationship.target)()) else { return Vec::new() };
    graph.links(id, index).unwrap_or_default().iter().map(|&slot| Id { kind, slot }).collect()
}

/// The error for a parent that is deleted while children need it.
pub(crate) fn not_null_children(
    graph: &Graph,
    relationship: &RelationshipDef,
    child: Id,
    column: &str,
) -> Error {
    SessionError::NotNullChildren {
        entity: (relationship.source)().name,
        relationship: relationship.name,
        child: graph.entity(child).name,
        column: column.to_owned(),
    }
    .into()
}
