//! What changed: objects to insert, update and delete, keys to carry, link rows to write.

use hashbrown::{HashMap, HashSet};
use orm_query::mapping::{EntityDef, JoinOn, RelationshipDef, SlotState};
use orm_query::schema::ForeignKeyDef;

use super::bulk::{self, Bulk};
use super::prepare::not_null_children;
use super::rekey;
use crate::session::graph::{Graph, Id, reverse};
use crate::{Result, SessionError};

/// What a flush has to write.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) inserts: Vec<Id>,
    /// Persistent objects that were touched, or get a key carried.
    pub(crate) updates: Vec<Id>,
    pub(crate) deletes: Vec<Id>,
    pub(crate) carries: HashMap<Id, Vec<Carry>>,
    pub(crate) links_added: Vec<LinkRow>,
    pub(crate) links_removed: Vec<LinkRow>,
    /// Link rows of deleted objects, by the foreign key that leads to the object.
    pub(crate) links_cleared: Vec<LinkClear>,
    /// Objects whose key has changed, with the link table and its foreign key to them.
    pub(crate) links_rekeyed: Vec<(&'static EntityDef, usize, Id)>,
    /// Children of deleted objects that are not loaded.
    pub(crate) bulks: Vec<Bulk>,
}

/// A key that a child gets from its parent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Carry {
    pub(crate) key: &'static ForeignKeyDef,
    /// `None` sets the key to NULL.
    pub(crate) parent: Option<Id>,
    /// Written by an UPDATE of its own, after all rows are there.
    pub(crate) post_update: bool,
    relationship: &'static RelationshipDef,
}

impl Carry {
    /// `Address::user`
    pub(crate) fn relationship_name(&self) -> String {
        format!("{}::{}", (self.relationship.source)().name, self.relationship.name)
    }

    /// The same as the child has it, if it has it.
    pub(crate) fn name_of_child(&self) -> String {
        match (self.relationship.join, self.relationship.back_populates) {
            (JoinOn::TargetKey(_), Some(back)) => format!("{}::{back}", (self.relationship.target)().name),
            _ => self.relationship_name(),
        }
    }
}

/// A row of a link table: the object behind each of its two foreign keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct LinkRow {
    pub(crate) link: LinkTable,
    /// The objects, in the order of the positions of their foreign keys.
    pub(crate) ends: [(usize, Id); 2],
}

/// A link table, compared by its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LinkTable(pub(crate) &'static EntityDef);

impl PartialEq for LinkTable {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for LinkTable {}

impl std::hash::Hash for LinkTable {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.0.type_id)().hash(state);
    }
}

pub(crate) struct LinkClear {
    pub(crate) link: &'static EntityDef,
    pub(crate) key: usize,
    pub(crate) objects: Vec<Id>,
}

/// Collects what a flush has to write, out of a graph that was prepared.
pub(crate) fn collect(graph: &Graph) -> Result<Changes> {
    let mut collector = Collector::default();
    let mut candidates = Vec::new();
    let mut seen = HashSet::new();
    for kind in graph.kinds() {
        let entry = graph.entry(kind);
        for &slot in entry.new.iter().chain(entry.store.touched()) {
            if seen.insert(Id { kind, slot }) {
                candidates.push(Id { kind, slot });
            }
        }
    }
    collector.changes.deletes = graph.doomed.clone();
    collector.changes.deletes.retain(|&id| graph.state(id) == SlotState::Persistent);
    for &id in &candidates {
        match graph.state(id) {
            SlotState::Pending => collector.changes.inserts.push(id),
            SlotState::Persistent if !graph.is_doomed(id) => collector.changes.updates.push(id),
            SlotState::Persistent | SlotState::Vacant | SlotState::Deleted => {}
        }
        if matches!(graph.state(id), SlotState::Pending | SlotState::Persistent) {
            collector.relationships(graph, id)?;
        }
    }
    for edit in graph.link_edits.all() {
        let relationship = &graph.entity(edit.parent).relationships[edit.relationship];
        if edit.added {
            collector.added(graph, edit.parent, relationship, edit.child)?;
        } else {
            collector.removed(graph, edit.parent, relationship, edit.child);
        }
    }
    for &(id, index) in &graph.cleared {
        let relationship = &graph.entity(id).relationships[index];
        if let Some(key) = relationship.foreign_key()
            && graph.state(id) == SlotState::Persistent
            && !graph.is_doomed(id)
            && graph.links(id, index).is_some_and(<[u32]>::is_empty)
        {
            let carry = Carry { key, parent: None, post_update: post_update(relationship), relationship };
            collector.removed.push(Removed { child: id, carry, parent_deleted: false });
        }
    }
    let mut references = HashMap::new();
    for id in collector.changes.updates.clone() {
        let references =
            references.entry(id.kind).or_insert_with(|| rekey::references(graph, graph.entity(id)));
        collector.rekey(graph, id, references);
    }
    collector.changes.bulks = bulk::collect(graph, &collector.changes.deletes);
    collector.clear_links(graph);
    collector.finish(graph)
}

/// A child whose key is cut, unless it gets another.
struct Removed {
    child: Id,
    carry: Carry,
    parent_deleted: bool,
}

#[derive(Default)]
struct Collector {
    changes: Changes,
    /// Children that lost a parent and have perhaps got another.
    removed: Vec<Removed>,
    links: HashMap<LinkRow, bool>,
    link_order: Vec<LinkRow>,
}

impl Collector {
    fn relationships(&mut self, graph: &Graph, id: Id) -> Result<()> {
        for (index, relationship) in graph.entity(id).relationships.iter().enumerate() {
            let Some(target) = graph.find_kind((relationship.target)()) else { continue };
            let (added, removed) = graph.difference(id, index);
            for slot in removed {
                self.removed(graph, id, relationship, Id { kind: target, slot });
            }
            for slot in added {
                self.added(graph, id, relationship, Id { kind: target, slot })?;
            }
        }
        Ok(())
    }

    fn added(
        &mut self,
        graph: &Graph,
        id: Id,
        relationship: &'static RelationshipDef,
        target: Id,
    ) -> Result<()> {
        if relationship.view_only || graph.is_doomed(id) {
            return Ok(());
        }
        for end in [id, target] {
            if !matches!(graph.state(end), SlotState::Pending | SlotState::Persistent) {
                let entity = graph.entity(end).name;
                let reason = "it was deleted, and is still put into a relationship";
                return Err(SessionError::NotInSession { entity, reason }.into());
            }
        }
        match relationship.join {
            JoinOn::TargetKey(_) => self.carry(target, relationship, Some(id)),
            JoinOn::SourceKey(_) => self.carry(id, relationship, Some(target)),
            JoinOn::Secondary { .. } => self.link(id, relationship, target, true),
        }
        Ok(())
    }

    fn removed(&mut self, graph: &Graph, id: Id, relationship: &'static RelationshipDef, target: Id) {
        if relationship.view_only {
            return;
        }
        let (child, deleted) = match relationship.join {
            JoinOn::TargetKey(_) => (target, graph.is_doomed(id)),
            JoinOn::SourceKey(_) => (id, graph.is_doomed(target)),
            JoinOn::Secondary { .. } => {
                self.link(id, relationship, target, false);
                return;
            }
        };
        if graph.is_doomed(child) || graph.state(child) != SlotState::Persistent {
            return;
        }
        let Some(key) = relationship.foreign_key() else { return };
        let carry = Carry { key, parent: None, post_update: post_update(relationship), relationship };
        self.removed.push(Removed { child, carry, parent_deleted: deleted });
    }

    fn carry(&mut self, child: Id, relationship: &'static RelationshipDef, parent: Option<Id>) {
        let Some(key) = relationship.foreign_key() else { return };
        let carries = self.changes.carries.entry(child).or_default();
        carries.retain(|carry| carry.key != key);
        carries.push(Carry { key, parent, post_update: post_update(relationship), relationship });
    }

    fn link(&mut self, id: Id, relationship: &'static RelationshipDef, target: Id, added: bool) {
        let JoinOn::Secondary { link, source_key, target_key } = relationship.join else { return };
        let mut ends = [(source_key, id), (target_key, target)];
        ends.sort_by_key(|(key, _)| *key);
        let row = LinkRow { link: LinkTable(link()), ends };
        if self.links.insert(row, added).is_none() {
            self.link_order.push(row);
        }
    }

    /// What references an object by a key that has changed gets the new one, where the database does not see to it.
    fn rekey(&mut self, graph: &Graph, id: Id, references: &[rekey::Reference]) {
        let entity = graph.entity(id);
        for relationship in entity.relationships {
            if let JoinOn::Secondary { link, source_key, .. } = relationship.join {
                let (link, key) = (link(), &link().table.foreign_keys[source_key]);
                let known =
                    |&(l, k, object): &(&EntityDef, usize, Id)| (l, k, object) == (link, source_key, id);
                if rekey::is_changed(graph, id, key)
                    && !rekey::is_passive(relationship, key)
                    && !self.changes.links_rekeyed.iter().any(known)
                {
                    self.changes.links_rekeyed.push((link, source_key, id));
                }
            }
        }
        for reference in references {
            let Some(relationship) = reference.relationship else { continue };
            if reference.is_passive || !rekey::is_changed(graph, id, reference.key) {
                continue;
            }
            for child in rekey::referrers(graph, id, reference) {
                let carries = self.changes.carries.get(&child).map(Vec::as_slice).unwrap_or_default();
                let is_moved = carries.iter().any(|carry| carry.key == reference.key)
                    || self.removed.iter().any(|r| r.child == child && r.carry.key == reference.key);
                if !is_moved && !graph.is_doomed(child) {
                    self.carry(child, relationship, Some(id));
                }
            }
        }
    }

    /// The link rows of deleted objects go with them, whether or not they were loaded.
    fn clear_links(&mut self, graph: &Graph) {
        for kind in graph.kinds() {
            let objects: Vec<Id> =
                self.changes.deletes.iter().copied().filter(|id| id.kind == kind).collect();
            if objects.is_empty() {
                continue;
            }
            for relationship in graph.entry(kind).entity.relationships {
                if let JoinOn::Secondary { link, source_key, .. } = relationship.join
                    && !relationship.view_only
                    && relationship.passive_deletes != orm_query::mapping::PassiveDeletes::All
                {
                    let link = link();
                    let known = self.changes.links_cleared.iter().any(|c| {
                        c.link == link
                            && c.key == source_key
                            && c.objects.first().map(|o| o.kind) == Some(kind)
                    });
                    if !known {
                        let objects = objects.clone();
                        self.changes.links_cleared.push(LinkClear { link, key: source_key, objects });
                    }
                }
            }
        }
    }

    fn finish(mut self, graph: &Graph) -> Result<Changes> {
        for Removed { child, carry, parent_deleted } in std::mem::take(&mut self.removed) {
            let carries = self.changes.carries.entry(child).or_default();
            if carries.iter().any(|c| c.key == carry.key) {
                continue;
            }
            if parent_deleted && let Some(column) = not_null(graph, child, carry.key) {
                return Err(not_null_children(graph, parent_side(carry.relationship), child, &column));
            }
            carries.push(carry);
        }
        let mut updated: HashSet<Id> = self.changes.updates.iter().copied().collect();
        let mut children: Vec<Id> = self.changes.carries.keys().copied().collect();
        children.sort_unstable();
        for child in children {
            if graph.state(child) == SlotState::Persistent && !graph.is_doomed(child) && updated.insert(child)
            {
                self.changes.updates.push(child);
            }
        }
        for (child, carries) in &self.changes.carries {
            for carry in carries {
                // A key of several columns is cut by setting those that may be NULL.
                if carry.parent.is_none()
                    && graph.state(*child) == SlotState::Persistent
                    && let Some(column) = not_null(graph, *child, carry.key)
                {
                    return Err(no_longer(graph, *child, carry, column));
                }
            }
        }
        for row in std::mem::take(&mut self.link_order) {
            let gone = row.ends.iter().any(|(_, id)| graph.is_doomed(*id));
            match self.links.get(&row) {
                Some(true) if !gone => self.changes.links_added.push(row),
                Some(false) if !gone => self.changes.links_removed.push(row),
                _ => {}
            }
        }
        Ok(self.changes)
    }
}

/// The relationship as the parent has it, if it has one.
fn parent_side(relationship: &'static RelationshipDef) -> &'static RelationshipDef {
    match (relationship.join, reverse(relationship)) {
        (JoinOn::SourceKey(_), Some(back)) => &(relationship.target)().relationships[back],
        _ => relationship,
    }
}

/// Said on one side, it holds for both: they write one key.
fn post_update(relationship: &RelationshipDef) -> bool {
    let back = reverse(relationship).map(|back| &(relationship.target)().relationships[back]);
    relationship.post_update || back.is_some_and(|back| back.post_update)
}

/// The first column of the key, where none of its columns may be NULL.
fn not_null(graph: &Graph, child: Id, key: &ForeignKeyDef) -> Option<String> {
    let table = graph.entity(child).table;
    let nullable = |name: &orm_query::schema::Name| {
        table
            .position(name)
            .is_some_and(|position| table.columns[position].nullable && !table.columns[position].primary_key)
    };
    if key.columns.iter().any(nullable) { None } else { key.columns.first().map(ToString::to_string) }
}

fn no_longer(graph: &Graph, child: Id, carry: &Carry, column: String) -> crate::Error {
    SessionError::NoParent {
        entity: graph.entity(child).name,
        relationship: carry.relationship_name(),
        column,
    }
    .into()
}
