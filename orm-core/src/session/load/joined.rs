//! JOINs in the parents' own SELECT: those that are added to it, and those that it has itself.

mod names;
mod plan;
mod wrap;

use hashbrown::{HashMap, HashSet};
use orm_query::Row;
use orm_query::mapping::{JoinOn, RelationshipDef};
use orm_query::tree::{self, Criteria};
use orm_query::typed::{EntityAt, LoadPath};

use super::super::graph::{Graph, Id, reverse};
use super::{Reading, dedupe};
use crate::Result;

/// The joins by which a query loads relationships, and what was read through them.
#[derive(Default)]
pub(crate) struct Joins {
    /// Each one behind that which it starts from.
    nodes: Vec<Node>,
    /// What each parent leads to, for each node.
    found: Vec<Found>,
    only_one: bool,
    /// Whether the query is a further one, by which a relationship is loaded.
    is_further: bool,
}

struct Node {
    relationship: &'static RelationshipDef,
    /// The relationship's position among those of its source.
    index: usize,
    parent: Parent,
    /// The position of the target's first column in the row.
    at: usize,
    /// The position of the target's first key column among its columns.
    key: usize,
    /// Whether there may be more targets than the rows have.
    is_part: bool,
    /// Whether a parent without a target is left out.
    is_inner: bool,
    /// Whether the query has the join itself.
    is_contained: bool,
    /// What is loaded of the targets by other strategies.
    behind: Vec<LoadPath>,
}

#[derive(Clone, Copy)]
enum Parent {
    /// An entity of the select list.
    Root(usize),
    /// The target of another node.
    Node(usize),
}

/// What the rows had of a relationship: each parent in the order of its first row.
#[derive(Default)]
struct Found {
    places: HashMap<Id, usize>,
    lists: Vec<(Id, List)>,
}

impl Found {
    fn list(&mut self, parent: Id) -> &mut List {
        // Rows of one parent mostly come one after the other.
        let place = match self.lists.last() {
            Some((last, _)) if *last == parent => self.lists.len() - 1,
            _ => *self.places.entry(parent).or_insert_with(|| {
                self.lists.push((parent, List::default()));
                self.lists.len() - 1
            }),
        };
        &mut self.lists[place].1
    }
}

/// The targets of one parent, each once.
#[derive(Default)]
struct List {
    slots: Vec<u32>,
    /// The same, where there are many.
    seen: HashSet<u32>,
}

impl List {
    fn add(&mut self, slot: u32) {
        const FEW: usize = 16;
        if self.slots.len() < FEW {
            if !self.slots.contains(&slot) {
                self.slots.push(slot);
            }
            return;
        }
        if self.seen.is_empty() {
            self.seen.extend(&self.slots);
        }
        if self.seen.insert(slot) {
            self.slots.push(slot);
        }
    }
}

impl Joins {
    /// Adds joins to a query for the paths that ask for them, and takes these paths out of `load`. `criteria` are the
    /// conditions that are added to the statement later.
    ///
    /// # Errors
    /// [`SessionError::Misuse`](crate::SessionError::Misuse) where the query has not the join that a path reads.
    pub(crate) fn plan(
        select: &mut tree::Select,
        entities: &[EntityAt],
        load: &mut Vec<LoadPath>,
        criteria: &[Criteria],
    ) -> Result<Joins> {
        let width: usize = entities.iter().map(|at| at.entity.width()).sum();
        let only_one = entities.len() == 1 && select.columns.len() == width;
        plan::plan(select, entities, load, criteria, only_one)
    }

    /// The same for a further query, by which a relationship to `entity` is loaded; its rows may be several of one object.
    pub(super) fn plan_along(
        select: &mut tree::Select,
        entity: EntityAt,
        load: &mut Vec<LoadPath>,
        criteria: &[Criteria],
    ) -> Result<Joins> {
        let joins = plan::plan(select, &[entity], load, criteria, true)?;
        Ok(Joins { is_further: true, ..joins })
    }

    /// Whether nothing is joined.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn new(nodes: Vec<Node>, only_one: bool) -> Joins {
        let mut found = Vec::new();
        found.resize_with(nodes.len(), Found::default);
        Joins { nodes, found, only_one, is_further: false }
    }

    /// Whether the rows are one entity, which may come in several of them.
    pub(crate) fn fans_out(&self) -> bool {
        // A child's key may stand in two rows even where the mapping says one-to-one.
        let is_fan = |node: &Node| !matches!(node.relationship.join, JoinOn::SourceKey(_));
        self.only_one && self.nodes.iter().any(is_fan)
    }

    /// Reads the joined objects of a row.
    pub(crate) fn read(
        &mut self,
        graph: &mut Graph,
        row: &dyn Row,
        roots: &[Option<Id>],
        reading: &mut Reading,
    ) -> Result<()> {
        let mut read: Vec<Option<Id>> = Vec::with_capacity(self.nodes.len());
        for (node, found) in self.nodes.iter().zip(&mut self.found) {
            let parent = match node.parent {
                Parent::Root(root) => roots.get(root).copied().flatten(),
                Parent::Node(node) => read[node],
            };
            let Some(parent) = parent else {
                read.push(None);
                continue;
            };
            let list = found.list(parent);
            if row.is_null(node.at + node.key)? {
                read.push(None);
                continue;
            }
            let target = (node.relationship.target)();
            let child = match self.is_further {
                true => reading.read_related(graph, target, row, node.at)?,
                false => reading.read(graph, target, row, node.at)?,
            };
            list.add(child.slot);
            read.push(Some(child));
        }
        Ok(())
    }

    /// Sets the relationships that were read, where they were not loaded before.
    pub(crate) fn finish(&mut self, graph: &mut Graph) {
        for (node, found) in self.nodes.iter().zip(&mut self.found) {
            let target = (node.relationship.target)();
            let back = reverse(node.relationship).filter(|&back| {
                !target.relationships[back].to_many && matches!(node.relationship.join, JoinOn::TargetKey(_))
            });
            let kind = graph.kind(target);
            let mut parents = Vec::new();
            for (parent, list) in std::mem::take(found).lists {
                if !node.is_wanted(graph, parent) {
                    continue;
                }
                graph.forget_part(parent, node.index);
                if let Some(back) = back {
                    for &slot in &list.slots {
                        node.set_back(graph, Id { kind, slot }, back, parent);
                    }
                }
                // A to-one relationship that leads somewhere leads nowhere else.
                if node.is_part && (node.relationship.to_many || list.slots.is_empty()) {
                    graph.load_part(parent, node.index, list.slots);
                } else {
                    graph.load_links(parent, node.index, list.slots);
                }
                parents.push(parent);
            }
            graph.edit_loaded(&parents, node.index);
        }
    }

    /// What is loaded by other strategies of the targets that these objects of the select list lead to.
    pub(crate) fn behind(&self, graph: &Graph, roots: &[Vec<Id>]) -> Vec<(Vec<Id>, &LoadPath)> {
        if self.nodes.iter().all(|node| node.behind.is_empty()) {
            return Vec::new();
        }
        let mut work = Vec::new();
        let mut reached: Vec<Vec<Id>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let parents = match node.parent {
                Parent::Root(root) => roots.get(root),
                Parent::Node(node) => reached.get(node),
            };
            let mut targets = Vec::new();
            if let Some(kind) = graph.find_kind((node.relationship.target)()) {
                for &parent in parents.into_iter().flatten() {
                    let slots = graph.links(parent, node.index).unwrap_or_default();
                    targets.extend(slots.iter().map(|&slot| Id { kind, slot }));
                }
            }
            dedupe(&mut targets);
            work.extend(node.behind.iter().map(|path| (targets.clone(), path)));
            reached.push(targets);
        }
        work
    }
}

impl Node {
    /// Whether what was read takes the place of what is here. A part is asked for anew each time, and all takes the place
    /// of a part; but what was edited and not flushed stays.
    fn is_wanted(&self, graph: &Graph, parent: Id) -> bool {
        match graph.links(parent, self.index) {
            None => true,
            Some(_) if self.is_part => !graph.has_edits(parent, self.index),
            Some(_) => graph.is_partial(parent, self.index),
        }
    }

    /// Sets the way back of a child. A join of the query's own may be along something else than the key.
    fn set_back(&self, graph: &mut Graph, child: Id, back: usize, parent: Id) {
        let is_its = !self.is_contained
            || self.relationship.foreign_key().is_some_and(|key| {
                graph.referenced(child, key, parent.kind, (self.relationship.source)()) == Some(parent)
            });
        if is_its {
            graph.load_back(child, back, parent);
        }
    }
}
