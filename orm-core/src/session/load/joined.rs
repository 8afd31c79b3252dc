//! A LEFT OUTER JOIN in the parents' own SELECT.

use hashbrown::{HashMap, HashSet};
use orm_query::Row;
use orm_query::mapping::{EntityDef, JoinOn, RelationshipDef, equate};
use orm_query::tree::{self, JoinKind, SourceRef, TableRef};
use orm_query::typed::{EntityAt, LoadPath, Strategy};

use super::super::graph::{Graph, Id, reverse};
use super::Reading;
use super::selectin::order_by;
use crate::Result;

/// The joins that were added to a query, and what was read through them.
#[derive(Default)]
pub(crate) struct Joins {
    nodes: Vec<Node>,
    /// What each parent leads to, for each node.
    found: Vec<HashMap<Id, Found>>,
}

#[derive(Default)]
struct Found {
    slots: Vec<u32>,
    seen: HashSet<u32>,
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
}

#[derive(Clone, Copy)]
enum Parent {
    /// An entity of the select list.
    Root(usize),
    /// The target of another node.
    Node(usize),
}

impl Joins {
    /// Adds joins for the paths that ask for them and takes these paths out of `load`; what lies behind a joined path
    /// by another strategy stays there.
    ///
    /// A collection multiplies rows: where that would change what the query counts, or where several things are
    /// selected, it is left to `selectin`, which gives the same objects.
    pub(crate) fn plan(select: &mut tree::Select, entities: &[EntityAt], load: &mut Vec<LoadPath>) -> Joins {
        let mut joins = Joins::default();
        let counts_rows = select.limit.is_some()
            || select.distinct.is_some()
            || !select.group_by.is_empty()
            || select.lock.is_some();
        let width: usize = entities.iter().map(|e| e.entity.table.columns.len()).sum();
        let only_one = entities.len() == 1 && select.columns.len() == width;
        let may_fan_out = only_one && !counts_rows;
        let mut rest = Vec::new();
        for path in load.drain(..) {
            let root = entities
                .iter()
                .position(|e| e.source == path.source && e.entity == (path.relationship.source)());
            match root {
                Some(root) if select.distinct.is_none() && select.group_by.is_empty() => {
                    let source = entities[root].source.clone();
                    joins.add(select, Parent::Root(root), &source, path, may_fan_out, &mut rest);
                }
                _ => rest.push(path),
            }
        }
        *load = rest;
        joins.found.resize_with(joins.nodes.len(), HashMap::new);
        joins
    }

    fn add(
        &mut self,
        select: &mut tree::Select,
        parent: Parent,
        parent_source: &SourceRef,
        mut path: LoadPath,
        may_fan_out: bool,
        rest: &mut Vec<LoadPath>,
    ) {
        let relationship = path.relationship;
        let source_entity = (relationship.source)();
        let splits = relationship.to_many && !may_fan_out;
        let Some(index) = source_entity.relationship(relationship.name) else { return };
        if !matches!(path.strategy, Strategy::Joined { .. }) || splits {
            if matches!(path.strategy, Strategy::Joined { .. }) {
                path.strategy = Strategy::Selectin;
            }
            rest.push(path);
            return;
        }
        let target = (relationship.target)();
        let number = select.from.len() + select.joins.len();
        let alias = SourceRef::named(format!("{}_{number}", target.table.name));
        join(select, relationship, source_entity, parent_source, target, &alias, number);
        let at = select.columns.len();
        let columns = target.table.columns.iter();
        select.columns.extend(columns.map(|c| tree::Expr::Column(target.column_ref(&alias, &c.name)).into()));
        select.order_by.extend(order_by(relationship, &alias));
        let key = target.table.primary_key().next().map_or(0, |(position, _)| position);
        self.nodes.push(Node { relationship, index, parent, at, key });
        let node = self.nodes.len() - 1;
        let mut behind = Vec::new();
        for then in std::mem::take(&mut path.then) {
            self.add(select, Parent::Node(node), &alias, then, may_fan_out, &mut behind);
        }
        if !behind.is_empty() {
            // Walked again by `selectin`, which finds this relationship loaded and goes on behind it.
            path.then = behind;
            rest.push(path);
        }
    }

    /// Whether one parent may come in several rows.
    pub(crate) fn fans_out(&self) -> bool {
        self.nodes.iter().any(|node| node.relationship.to_many)
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
            let list = found.entry(parent).or_default();
            if row.is_null(node.at + node.key)? {
                read.push(None);
                continue;
            }
            let child = reading.read(graph, (node.relationship.target)(), row, node.at)?;
            if list.seen.insert(child.slot) {
                list.slots.push(child.slot);
            }
            read.push(Some(child));
        }
        Ok(())
    }

    /// Sets the relationships that were read, where they were not loaded before.
    pub(crate) fn finish(self, graph: &mut Graph) {
        for (node, found) in self.nodes.iter().zip(self.found) {
            let target = (node.relationship.target)();
            let back = reverse(node.relationship).filter(|&back| {
                !target.relationships[back].to_many && matches!(node.relationship.join, JoinOn::TargetKey(_))
            });
            let kind = graph.kind(target);
            let mut parents = Vec::new();
            for (parent, list) in found {
                if graph.links(parent, node.index).is_some() {
                    continue;
                }
                if let Some(back) = back {
                    list.slots.iter().for_each(|&slot| graph.load_back(Id { kind, slot }, back, parent));
                }
                graph.load_links(parent, node.index, list.slots);
                parents.push(parent);
            }
            graph.edit_loaded(&parents, node.index);
        }
    }
}

fn join(
    select: &mut tree::Select,
    relationship: &RelationshipDef,
    source_entity: &'static EntityDef,
    source: &SourceRef,
    target: &'static EntityDef,
    alias: &SourceRef,
    number: usize,
) {
    let left = |table: TableRef, on: Option<tree::Expr>| tree::Join {
        kind: JoinKind::Left,
        to: tree::From::Table(table),
        on,
    };
    let target_table = TableRef::new(target.table).alias(alias.name.clone());
    if let JoinOn::Secondary { link, source_key, target_key } = relationship.join {
        let link = link();
        let link_alias = SourceRef::named(format!("{}_{number}", link.table.name));
        let keys = &link.table.foreign_keys;
        let near = equate(link, &link_alias, &keys[source_key], source_entity, source);
        let far = equate(link, &link_alias, &keys[target_key], target, alias);
        let link_table = TableRef::new(link.table).alias(link_alias.name);
        select.join(left(link_table, Some(near)));
        select.join(left(target_table, Some(far)));
    } else {
        select.join(left(target_table, relationship.on(source, alias)));
    }
}
