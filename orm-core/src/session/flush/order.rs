//! The order of tables and rows: whoever is referenced comes first.

use hashbrown::{HashMap, HashSet};
use orm_query::schema::{ForeignKeyDef, Name};

use super::collect::Changes;
use crate::session::graph::{Graph, Id};
use crate::{Result, SessionError};

/// A rank for each kind of object: tables that reference each other in a circle share one.
pub(crate) fn rank_tables(graph: &Graph) -> HashMap<u32, usize> {
    let kinds: Vec<u32> = graph.kinds().collect();
    let references = |from: u32, to: u32| {
        let target = graph.entry(to).entity.table;
        graph
            .entry(from)
            .entity
            .table
            .foreign_keys
            .iter()
            .any(|key| key.target == target.name && key.target_schema == target.schema)
    };
    let edges: HashMap<u32, Vec<u32>> = kinds
        .iter()
        .map(|&from| {
            let to = kinds.iter().copied().filter(|&to| to != from && references(from, to));
            (from, to.collect())
        })
        .collect();
    let mut ranks: HashMap<u32, usize> = HashMap::new();
    for (rank, component) in components(&kinds, &edges).into_iter().enumerate() {
        ranks.extend(component.into_iter().map(|kind| (kind, rank)));
    }
    ranks
}

/// The strongly connected components, each behind those that it references (Tarjan 1972, without recursion).
fn components(nodes: &[u32], edges: &HashMap<u32, Vec<u32>>) -> Vec<Vec<u32>> {
    #[derive(Clone, Copy)]
    struct Mark {
        index: usize,
        low: usize,
        on_stack: bool,
    }
    let mut marks: HashMap<u32, Mark> = HashMap::new();
    let (mut stack, mut found) = (Vec::new(), Vec::new());
    for &root in nodes {
        if marks.contains_key(&root) {
            continue;
        }
        let mut calls: Vec<(u32, usize)> = vec![(root, 0)];
        while let Some((node, next)) = calls.pop() {
            if next == 0 {
                let index = marks.len();
                marks.insert(node, Mark { index, low: index, on_stack: true });
                stack.push(node);
            }
            let targets = edges.get(&node).map(Vec::as_slice).unwrap_or_default();
            if let Some(&target) = targets.get(next) {
                calls.push((node, next + 1));
                match marks.get(&target).copied() {
                    None => calls.push((target, 0)),
                    Some(mark) if mark.on_stack => {
                        if let Some(m) = marks.get_mut(&node) {
                            m.low = m.low.min(mark.index);
                        }
                    }
                    Some(_) => {}
                }
                continue;
            }
            let Some(mark) = marks.get(&node).copied() else { continue };
            if mark.low == mark.index {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    if let Some(m) = marks.get_mut(&member) {
                        m.on_stack = false;
                    }
                    component.push(member);
                    if member == node {
                        break;
                    }
                }
                component.sort_unstable();
                found.push(component);
            }
            if let Some((caller, _)) = calls.last()
                && let Some(m) = marks.get_mut(caller)
            {
                m.low = m.low.min(mark.low);
            }
        }
    }
    found
}

/// How many pending ancestors of its own rank each pending object has above it.
///
/// # Errors
/// `CircularDependency`, where objects wait for each other.
pub(crate) fn levels(changes: &Changes, ranks: &HashMap<u32, usize>) -> Result<HashMap<Id, usize>> {
    let pending: HashSet<Id> = changes.inserts.iter().copied().collect();
    let parents = |id: Id| {
        let carries = changes.carries.get(&id).map(Vec::as_slice).unwrap_or_default();
        carries
            .iter()
            .filter(|carry| !carry.post_update)
            .filter_map(|carry| carry.parent)
            .filter(|parent| pending.contains(parent) && ranks.get(&parent.kind) == ranks.get(&id.kind))
            .collect::<Vec<Id>>()
    };
    let mut levels: HashMap<Id, usize> = HashMap::new();
    let mut open: HashSet<Id> = HashSet::new();
    for &start in &changes.inserts {
        let mut calls = vec![start];
        while let Some(&id) = calls.last() {
            if levels.contains_key(&id) {
                calls.pop();
                continue;
            }
            let above = parents(id);
            if open.insert(id) {
                for parent in above {
                    if open.contains(&parent) && !levels.contains_key(&parent) {
                        let waits = waits_in_circle(changes, id, parent);
                        return Err(SessionError::CircularDependency(waits.join(", ")).into());
                    }
                    calls.push(parent);
                }
            } else {
                let level = above.iter().filter_map(|parent| levels.get(parent)).max().map_or(0, |l| l + 1);
                levels.insert(id, level);
                calls.pop();
            }
        }
    }
    Ok(levels)
}

/// The relationships by which new objects wait for each other in a circle: `id` for `parent`, and in the end that for `id`.
fn waits_in_circle(changes: &Changes, id: Id, parent: Id) -> Vec<String> {
    let waits = |id: Id| {
        let carries = changes.carries.get(&id).map(Vec::as_slice).unwrap_or_default();
        carries.iter().filter(|carry| !carry.post_update && carry.parent.is_some())
    };
    // Who waits for what, found from `parent` on, until it comes to `id`.
    let mut reached: HashMap<Id, Id> = HashMap::new();
    let mut work = vec![parent];
    while let Some(from) = work.pop() {
        for to in waits(from).filter_map(|carry| carry.parent) {
            if to != parent && !reached.contains_key(&to) {
                reached.insert(to, from);
                work.push(to);
            }
        }
    }
    let mut path = vec![parent, id];
    let mut last = id;
    while last != parent
        && let Some(&from) = reached.get(&last)
    {
        path.push(from);
        last = from;
    }
    path.reverse();
    let mut names: Vec<String> = Vec::new();
    for pair in path.windows(2) {
        let relationship = waits(pair[0]).find(|carry| carry.parent == Some(pair[1]));
        names.extend(relationship.map(|carry| format!("`{}`", carry.name_of_child())));
    }
    names.sort();
    names.dedup();
    names
}

/// A row that is deleted, and a key of it by which it references another one in a circle, or itself: no row of the
/// circle can go first while it holds.
pub(crate) struct Circle {
    pub(crate) id: Id,
    pub(crate) columns: Vec<Name>,
    /// Whether one statement deletes the whole circle.
    pub(crate) in_one_statement: bool,
}

/// How many doomed objects of its own rank each doomed object references, one above the other: the deepest row is
/// deleted first. And the circles among them.
pub(crate) fn delete_order(
    graph: &Graph,
    deletes: &[Id],
    ranks: &HashMap<u32, usize>,
) -> (HashMap<Id, usize>, Vec<Circle>) {
    let places: HashMap<Id, u32> = deletes.iter().copied().zip(0..).collect();
    let references: Vec<Vec<(&ForeignKeyDef, u32)>> =
        deletes.iter().map(|&id| doomed_parents(graph, id, &places, ranks)).collect();
    let nodes: Vec<u32> = (0..deletes.len() as u32).collect();
    let edges: HashMap<u32, Vec<u32>> = nodes
        .iter()
        .map(|&node| (node, references[node as usize].iter().map(|(_, parent)| *parent).collect()))
        .collect();
    let mut component_of: HashMap<u32, usize> = HashMap::new();
    for (number, component) in components(&nodes, &edges).into_iter().enumerate() {
        component_of.extend(component.into_iter().map(|node| (node, number)));
    }
    let (mut circles, mut parents) = (Vec::new(), vec![Vec::new(); deletes.len()]);
    for (node, references) in references.iter().enumerate() {
        let id = deletes[node];
        // Where a rank has several tables, their rows may go in turn.
        let in_one_statement =
            !ranks.iter().any(|(kind, rank)| *kind != id.kind && Some(rank) == ranks.get(&id.kind));
        for (key, parent) in references {
            if component_of.get(&(node as u32)) != component_of.get(parent) {
                parents[node].push(*parent);
                continue;
            }
            let column = |name: &Name| graph.entity(id).table.position(name);
            let can_be_cut =
                key.columns.iter().filter_map(column).any(|c| graph.entity(id).table.columns[c].nullable);
            if can_be_cut {
                circles.push(Circle { id, columns: key.columns.to_vec(), in_one_statement });
            } else {
                parents[node].push(*parent);
            }
        }
    }
    let mut depths: HashMap<u32, usize> = HashMap::new();
    let mut open: HashSet<u32> = HashSet::new();
    for &start in &nodes {
        let mut calls = vec![start];
        while let Some(&node) = calls.last() {
            if depths.contains_key(&node) {
                calls.pop();
                continue;
            }
            let above = &parents[node as usize];
            if open.insert(node) {
                // Rows in a circle that cannot be cut have no order; a statement that deletes them all needs none.
                calls.extend(above.iter().filter(|parent| !open.contains(*parent)));
            } else {
                let depth = above.iter().filter_map(|parent| depths.get(parent)).max().map_or(0, |d| d + 1);
                depths.insert(node, depth);
                calls.pop();
            }
        }
    }
    let depths = depths.into_iter().map(|(node, depth)| (deletes[node as usize], depth)).collect();
    (depths, circles)
}

/// The places of the doomed objects of its own rank that a doomed object references, and by which key.
fn doomed_parents<'g>(
    graph: &'g Graph,
    id: Id,
    doomed: &HashMap<Id, u32>,
    ranks: &HashMap<u32, usize>,
) -> Vec<(&'g ForeignKeyDef, u32)> {
    let in_rank: Vec<u32> = graph.kinds().filter(|kind| ranks.get(kind) == ranks.get(&id.kind)).collect();
    let mut found = Vec::new();
    for key in graph.entity(id).table.foreign_keys.iter() {
        for &kind in &in_rank {
            let parent = graph.referenced(id, key, kind, graph.entry(kind).entity);
            found.extend(parent.and_then(|parent| doomed.get(&parent)).map(|&place| (key, place)));
        }
    }
    found
}
