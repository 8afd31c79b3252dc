//! Before anything is collected: both sides in step, and everything loaded that a deletion reaches.

use hashbrown::HashSet;
use orm_query::mapping::{JoinOn, PassiveDeletes, RelationshipDef, SlotState};

use crate::connection::Connection;
use crate::session::graph::{Graph, Id, reverse};
use crate::session::key::Key;
use crate::session::load::load_relationship;
use crate::{Error, Result, SessionError};

pub(crate) async fn prepare(graph: &mut Graph, connection: &mut Connection) -> Result<()> {
    loop {
        reconcile(graph);
        let replacements = std::mem::take(&mut graph.replacements);
        if replacements.is_empty() {
            break;
        }
        for (id, index, wanted) in replacements {
            replace(graph, connection, id, index, &wanted).await?;
        }
    }
    let mut done = HashSet::new();
    loop {
        doom_orphans(graph);
        let next: Vec<Id> = graph.doomed.iter().copied().filter(|id| done.insert(*id)).collect();
        if next.is_empty() {
            return Ok(());
        }
        cascade(graph, connection, &next).await?;
    }
}

/// A collection that was assigned without being loaded: what the database has besides is taken out.
async fn replace(
    graph: &mut Graph,
    connection: &mut Connection,
    id: Id,
    index: usize,
    wanted: &[Id],
) -> Result<()> {
    if graph.state(id) != SlotState::Persistent {
        return Ok(());
    }
    let relationship = &graph.entity(id).relationships[index];
    *graph.store_mut(id).relation_mut(id.slot, index) = Default::default();
    for old in load_relationship(graph, connection, &[id], relationship).await? {
        if !wanted.contains(&old) {
            graph.unlink(id, index, old);
        }
    }
    for &child in wanted {
        graph.link(id, index, child);
    }
    Ok(())
}

/// Fields that were assigned through `session[handle]`: owned children move in, and the other side follows.
fn reconcile(graph: &mut Graph) {
    let mut work = Vec::new();
    for kind in graph.kinds() {
        let store = &graph.entry(kind).store;
        work.extend(store.touched().iter().map(|&slot| Id { kind, slot }));
    }
    let mut seen: HashSet<Id> = work.iter().copied().collect();
    while let Some(id) = work.pop() {
        if !matches!(graph.state(id), SlotState::Pending | SlotState::Persistent) {
            continue;
        }
        graph.adopt(id);
        follow_keys(graph, id);
        for index in 0..graph.entity(id).relationships.len() {
            let relationship = &graph.entity(id).relationships[index];
            let Some(target) = graph.find_kind((relationship.target)()) else { continue };
            let (added, removed) = difference(graph, id, index);
            for slot in removed {
                let old = Id { kind: target, slot };
                if graph.state(old) != SlotState::Vacant {
                    graph.unlink(id, index, old);
                    work.extend(seen.insert(old).then_some(old));
                }
            }
            for slot in added {
                let new = Id { kind: target, slot };
                graph.link(id, index, new);
                work.extend(seen.insert(new).then_some(new));
            }
        }
    }
}

/// Key columns that were set by hand: the to-one relationship over them follows.
fn follow_keys(graph: &mut Graph, id: Id) {
    if graph.state(id) != SlotState::Persistent {
        return;
    }
    for (index, relationship) in graph.entity(id).relationships.iter().enumerate() {
        let JoinOn::SourceKey(_) = relationship.join else { continue };
        let Some(key) = relationship.foreign_key() else { continue };
        let table = graph.entity(id).table;
        let positions: Vec<usize> = key.columns.iter().filter_map(|name| table.position(name)).collect();
        let store = graph.store(id);
        let changed = positions.iter().any(|&c| store.value(id.slot, c) != store.stored_value(id.slot, c));
        let links = graph.links(id, index);
        if !changed || links.is_none() || links != graph.stored_links(id, index) {
            continue;
        }
        let values: Option<Vec<_>> = positions.iter().map(|&c| store.value(id.slot, c)).collect();
        let target = values
            .and_then(Key::new)
            .and_then(|key| graph.lookup(graph.find_kind((relationship.target)())?, &key));
        match target {
            Some(target) if references_key(relationship) => graph.link(id, index, target),
            _ => graph.let_loose(id, index),
        }
    }
}

/// Whether the relationship's foreign key references the target's primary key, which the identity map knows.
fn references_key(relationship: &RelationshipDef) -> bool {
    let primary = (relationship.target)().table.primary_key().map(|(_, column)| &column.name);
    relationship.foreign_key().is_some_and(|key| primary.eq(key.target_columns.iter()))
}

/// What a relationship leads to now and did not before, and the reverse.
pub(crate) fn difference(graph: &Graph, id: Id, index: usize) -> (Vec<u32>, Vec<u32>) {
    let Some(now) = graph.links(id, index) else { return Default::default() };
    let before = match graph.state(id) {
        SlotState::Pending => &[],
        _ => graph.stored_links(id, index).unwrap_or_default(),
    };
    if now == before {
        return Default::default();
    }
    // Small collections are searched, large ones hashed.
    let minus = |a: &[u32], b: &[u32]| -> Vec<u32> {
        if b.len() > 16 {
            let b: HashSet<u32> = b.iter().copied().collect();
            a.iter().copied().filter(|x| !b.contains(x)).collect()
        } else {
            a.iter().copied().filter(|x| !b.contains(x)).collect()
        }
    };
    (minus(now, before), minus(before, now))
}

/// Children that lost their parent under `delete-orphan`.
fn doom_orphans(graph: &mut Graph) {
    let mut orphans = Vec::new();
    for kind in graph.kinds() {
        let entry = graph.entry(kind);
        for (index, relationship) in entry.entity.relationships.iter().enumerate() {
            if !relationship.cascade.delete_orphan || relationship.view_only {
                continue;
            }
            let Some(target) = graph.find_kind((relationship.target)()) else { continue };
            for &slot in entry.store.touched() {
                let parent = Id { kind, slot };
                if graph.state(parent) == SlotState::Vacant {
                    continue;
                }
                let (_, removed) = difference(graph, parent, index);
                orphans.extend(removed.into_iter().map(|slot| (relationship, Id { kind: target, slot })));
            }
        }
    }
    for edit in graph.link_edits.iter().filter(|edit| !edit.added) {
        let relationship = &graph.entity(edit.parent).relationships[edit.relationship];
        if relationship.cascade.delete_orphan {
            orphans.push((relationship, edit.child));
        }
    }
    orphans.extend(std::mem::take(&mut graph.let_go));
    for (relationship, child) in orphans {
        if graph.state(child) == SlotState::Vacant {
            continue;
        }
        if !has_parent(graph, relationship, child) {
            match graph.state(child) {
                SlotState::Persistent => graph.doom(child),
                SlotState::Pending => graph.forget(child),
                SlotState::Vacant | SlotState::Deleted => {}
            }
        }
    }
}

/// Whether some parent leads to the child by this relationship.
fn has_parent(graph: &Graph, relationship: &RelationshipDef, child: Id) -> bool {
    if let Some(back) = reverse(relationship)
        && let Some(links) = graph.links(child, back)
    {
        return !links.is_empty();
    }
    let Some(kind) = graph.find_kind((relationship.source)()) else { return false };
    let Some(index) = (relationship.source)().relationship(relationship.name) else { return false };
    let store = &graph.entry(kind).store;
    store.touched().iter().any(|&slot| {
        let parent = Id { kind, slot };
        graph.state(parent) != SlotState::Vacant
            && graph.links(parent, index).is_some_and(|links| links.contains(&child.slot))
    })
}

/// What goes with the doomed objects, and what loses its parent.
async fn cascade(graph: &mut Graph, connection: &mut Connection, doomed: &[Id]) -> Result<()> {
    for kind in graph.kinds() {
        let ids: Vec<Id> = doomed.iter().copied().filter(|id| id.kind == kind).collect();
        if ids.is_empty() {
            continue;
        }
        for (index, relationship) in graph.entry(kind).entity.relationships.iter().enumerate() {
            if relationship.view_only || relationship.passive_deletes == PassiveDeletes::All {
                continue;
            }
            let by_key = matches!(relationship.join, JoinOn::TargetKey(_));
            if !relationship.cascade.delete && !by_key {
                continue;
            }
            if relationship.passive_deletes == PassiveDeletes::No {
                load_relationship(graph, connection, &ids, relationship).await?;
            }
            for &id in &ids {
                for child in children(graph, id, index) {
                    if relationship.cascade.delete {
                        match graph.state(child) {
                            SlotState::Persistent => graph.doom(child),
                            SlotState::Pending => graph.forget(child),
                            SlotState::Vacant | SlotState::Deleted => {}
                        }
                    } else {
                        graph.unlink(id, index, child);
                    }
                }
            }
        }
    }
    Ok(())
}

/// The children of a doomed object: those that it has and those that it had.
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
