//! The order of tables and rows: whoever is referenced comes first.

use std::hash::Hash;

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
fn components<N: Copy + Eq + Hash + Ord>(nodes: &[N], edges: &HashMap<N, Vec<N>>) -> Vec<Vec<N>> {
    #[derive(Clone, Copy)]
    struct Mark {
        index: usize,
        low: usize,
        on_stack: bool,
    }
    let mut marks: HashMap<N, Mark> = HashMap::new();
    let (mut stack, mut found) = (Vec::new(), Vec::new());
    for &root in nodes {
        if marks.contains_key(&root) {
            continue;
        }
        let mut calls: Vec<(N, usize)> = vec![(root, 0)];
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
pub(crate) fn levels(
    graph: &Graph,
    changes: &Changes,
    ranks: &HashMap<u32, usize>,
) -> Result<HashMap<Id, usize>> {
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
                        let names: Vec<String> = calls.iter().map(|&id| graph.describe(id, true)).collect();
                        return Err(SessionError::CircularDependency(names.join(" → ")).into());
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

/// Keys by which doomed rows reference each other in a circle, or themselves. They are cut before the rows are deleted.
pub(crate) struct Circle {
    pub(crate) id: Id,
    key: &'static ForeignKeyDef,
    /// The columns of the key that may be NULL.
    pub(crate) columns: Vec<Name>,
    /// All rows of the circle are of one table, and one statement deletes them.
    pub(crate) is_one_statement: bool,
}

/// The circles among doomed objects, as far as they can be cut.
pub(crate) fn circles(graph: &Graph, deletes: &[Id], ranks: &HashMap<u32, usize>) -> Vec<Circle> {
    let doomed: HashSet<Id> = deletes.iter().copied().collect();
    let references: HashMap<Id, Vec<(&'static ForeignKeyDef, Id)>> =
        deletes.iter().map(|&id| (id, doomed_parents(graph, id, &doomed, ranks))).collect();
    let parents = |references: &Vec<(_, Id)>| references.iter().map(|(_, parent)| *parent).collect();
    let edges = references.iter().map(|(&id, references)| (id, parents(references))).collect();
    let mut component: HashMap<Id, usize> = HashMap::new();
    for (number, ids) in components(deletes, &edges).into_iter().enumerate() {
        component.extend(ids.into_iter().map(|id| (id, number)));
    }
    let mut found = Vec::new();
    for &id in deletes {
        let table = graph.entity(id).table;
        let is_alone = graph.kinds().filter(|kind| ranks.get(kind) == ranks.get(&id.kind)).count() == 1;
        for &(key, parent) in references.get(&id).into_iter().flatten() {
            let nullable = |name: &&Name| table.position(name).is_some_and(|at| table.columns[at].nullable);
            let columns: Vec<Name> = key.columns.iter().filter(nullable).cloned().collect();
            if component.get(&id) == component.get(&parent) && !columns.is_empty() {
                found.push(Circle { id, key, columns, is_one_statement: is_alone });
            }
        }
    }
    found
}

/// How many doomed objects of its own rank each doomed object references, one above the other: the deepest row is
/// deleted first. Circles are cut.
pub(crate) fn delete_depths(
    graph: &Graph,
    deletes: &[Id],
    ranks: &HashMap<u32, usize>,
    circles: &[Circle],
) -> HashMap<Id, usize> {
    let doomed: HashSet<Id> = deletes.iter().copied().collect();
    let mut cut: HashMap<Id, Vec<&ForeignKeyDef>> = HashMap::new();
    for circle in circles {
        cut.entry(circle.id).or_default().push(circle.key);
    }
    let parents = |id: Id| -> Vec<Id> {
        let is_cut = |key: &&ForeignKeyDef| cut.get(&id).is_some_and(|keys| keys.contains(key));
        let parents = doomed_parents(graph, id, &doomed, ranks).into_iter();
        parents.filter(|(key, parent)| !is_cut(key) && *parent != id).map(|(_, parent)| parent).collect()
    };
    let mut depths: HashMap<Id, usize> = HashMap::new();
    let mut open: HashSet<Id> = HashSet::new();
    for &start in deletes {
        let mut calls = vec![start];
        while let Some(&id) = calls.last() {
            if depths.contains_key(&id) {
                calls.pop();
                continue;
            }
            let above = parents(id);
            if open.insert(id) {
                // Rows in a circle that cannot be cut have no order; a statement that deletes them all needs none.
                calls.extend(above.into_iter().filter(|parent| !open.contains(parent)));
            } else {
                let depth = above.iter().filter_map(|parent| depths.get(parent)).max().map_or(0, |d| d + 1);
                depths.insert(id, depth);
                calls.pop();
            }
        }
    }
    depths
}

/// What a doomed object references of its own rank that is doomed, too, and by which key.
fn doomed_parents(
    graph: &Graph,
    id: Id,
    doomed: &HashSet<Id>,
    ranks: &HashMap<u32, usize>,
) -> Vec<(&'static ForeignKeyDef, Id)> {
    let keys = graph.entity(id).table.foreign_keys.iter();
    let in_rank: Vec<u32> = graph.kinds().filter(|kind| ranks.get(kind) == ranks.get(&id.kind)).collect();
    keys.flat_map(|key| {
        let referenced = |&kind: &u32| graph.referenced(id, key, kind, graph.entry(kind).entity);
        in_rank.iter().filter_map(referenced).map(move |parent| (key, parent)).collect::<Vec<_>>()
    })
    .filter(|(_, parent)| doomed.contains(parent))
    .collect()
}
