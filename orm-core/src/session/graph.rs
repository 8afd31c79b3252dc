//! The objects of a session without their types: stores, identity map, and what a rollback undoes.

use std::any::{Any, TypeId};
use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::{HashMap, HashSet};
use orm_query::mapping::{EntityDef, RelationshipDef, SlotState, Slots, Store};
use orm_query::{DecodeError, Mapped, Row, Value, read_value};

use super::Handle;
use super::key::Key;
use crate::{Error, Result};

/// The place of an object: which store, which slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) kind: u32,
    pub(crate) slot: u32,
}

/// All objects of one mapped struct.
pub(crate) struct Entry {
    pub(crate) entity: &'static EntityDef,
    pub(crate) store: Box<dyn Store>,
    /// The positions of the key's columns.
    pub(crate) key: Vec<usize>,
    identity: HashMap<Key, u32>,
    /// Pending slots, in the order in which they were added.
    pub(crate) new: Vec<u32>,
}

/// What an object was when the transaction or savepoint began.
struct Snapshot {
    value: Option<Box<dyn Any + Send + Sync>>,
    state: SlotState,
}

/// An edit of a collection that is not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinkEdit {
    pub(crate) parent: Id,
    pub(crate) relationship: usize,
    pub(crate) child: Id,
    pub(crate) added: bool,
}

pub(crate) struct Graph {
    pub(crate) tag: u32,
    entries: Vec<Entry>,
    by_type: HashMap<TypeId, u32>,
    /// One for the transaction and one for each savepoint inside it.
    undo: Vec<HashMap<Id, Snapshot>>,
    /// Objects that the next flush deletes, in the order in which they were named.
    pub(crate) doomed: Vec<Id>,
    doomed_set: HashSet<Id>,
    pub(crate) link_edits: Vec<LinkEdit>,
    /// Collections that were assigned while they were not loaded, with what was assigned.
    pub(crate) replacements: Vec<(Id, usize, Vec<Id>)>,
    /// To-one relationships that were set to nothing while they were not loaded.
    pub(crate) cleared: Vec<(Id, usize)>,
    /// Pending children that a parent with `delete-orphan` let go, with the relationship of that parent.
    pub(crate) let_go: Vec<(&'static RelationshipDef, Id)>,
}

static TAGS: AtomicU32 = AtomicU32::new(1);

impl Graph {
    pub(crate) fn new() -> Self {
        Graph {
            tag: TAGS.fetch_add(1, Ordering::Relaxed),
            entries: Vec::new(),
            by_type: HashMap::new(),
            undo: vec![HashMap::new()],
            doomed: Vec::new(),
            doomed_set: HashSet::new(),
            link_edits: Vec::new(),
            replacements: Vec::new(),
            cleared: Vec::new(),
            let_go: Vec::new(),
        }
    }

    pub(crate) fn kinds(&self) -> std::ops::Range<u32> {
        0..self.entries.len() as u32
    }

    pub(crate) fn kind(&mut self, entity: &'static EntityDef) -> u32 {
        let type_id = (entity.type_id)();
        if let Some(&kind) = self.by_type.get(&type_id) {
            return kind;
        }
        let kind = self.entries.len() as u32;
        self.entries.push(Entry {
            entity,
            store: (entity.store)(),
            key: entity.table.primary_key().map(|(position, _)| position).collect(),
            identity: HashMap::new(),
            new: Vec::new(),
        });
        self.by_type.insert(type_id, kind);
        kind
    }

    pub(crate) fn find_kind(&self, entity: &EntityDef) -> Option<u32> {
        self.by_type.get(&(entity.type_id)()).copied()
    }

    pub(crate) fn entry(&self, kind: u32) -> &Entry {
        &self.entries[kind as usize]
    }

    pub(crate) fn entry_mut(&mut self, kind: u32) -> &mut Entry {
        &mut self.entries[kind as usize]
    }

    pub(crate) fn store(&self, id: Id) -> &dyn Store {
        &*self.entries[id.kind as usize].store
    }

    pub(crate) fn store_mut(&mut self, id: Id) -> &mut dyn Store {
        &mut *self.entries[id.kind as usize].store
    }

    pub(crate) fn entity(&self, id: Id) -> &'static EntityDef {
        self.entries[id.kind as usize].entity
    }

    pub(crate) fn state(&self, id: Id) -> SlotState {
        self.store(id).state(id.slot)
    }

    pub(crate) fn slots<T: Mapped>(&self) -> Option<&Slots<T>> {
        let kind = *self.by_type.get(&TypeId::of::<T>())?;
        Some(Slots::of(&*self.entries[kind as usize].store))
    }

    pub(crate) fn slots_mut<T: Mapped>(&mut self) -> &mut Slots<T> {
        let kind = self.kind(T::ENTITY);
        Slots::of_mut(&mut *self.entries[kind as usize].store)
    }

    /// The object behind a handle, unless the handle is of another session or its object is gone.
    pub(crate) fn resolve<T: Mapped>(&self, handle: Handle<T>) -> Result<Id, &'static str> {
        if handle.session != self.tag {
            return Err("it is of another session");
        }
        let kind = *self.by_type.get(&TypeId::of::<T>()).ok_or("it is of another session")?;
        let id = Id { kind, slot: handle.slot };
        match self.state(id) {
            SlotState::Vacant => Err("its object was expunged, rolled back, or deleted and committed"),
            SlotState::Pending | SlotState::Persistent | SlotState::Deleted => Ok(id),
        }
    }

    pub(crate) fn handle<T>(&self, id: Id) -> Handle<T> {
        Handle::new(id.slot, self.tag)
    }

    /// The value of the key now; `None` where a part is unset or NULL.
    pub(crate) fn key(&self, id: Id) -> Option<Key> {
        let entry = self.entry(id.kind);
        let values = entry.key.iter().map(|&c| entry.store.value(id.slot, c));
        Key::new(values.collect::<Option<Vec<_>>>()?)
    }

    /// The value of the key as the database has it.
    pub(crate) fn stored_key(&self, id: Id) -> Option<Key> {
        let entry = self.entry(id.kind);
        let values = entry.key.iter().map(|&c| entry.store.stored_value(id.slot, c));
        Key::new(values.collect::<Option<Vec<_>>>()?)
    }

    /// The values of columns, by name.
    pub(crate) fn values<N: AsRef<str>>(&self, id: Id, columns: &[N]) -> Option<Vec<Value>> {
        let entry = self.entry(id.kind);
        let value = |name: &N| entry.store.value(id.slot, entry.entity.table.position(name.as_ref())?);
        columns.iter().map(value).collect()
    }

    pub(crate) fn lookup(&self, kind: u32, key: &Key) -> Option<Id> {
        self.entry(kind).identity.get(key).map(|&slot| Id { kind, slot })
    }

    pub(crate) fn enter_identity(&mut self, id: Id) {
        if let Some(key) = self.stored_key(id) {
            self.entry_mut(id.kind).identity.insert(key, id.slot);
        }
    }

    pub(crate) fn leave_identity(&mut self, id: Id) {
        if self.state(id) == SlotState::Vacant {
            return;
        }
        if let Some(key) = self.stored_key(id) {
            let identity = &mut self.entry_mut(id.kind).identity;
            if identity.get(&key) == Some(&id.slot) {
                identity.remove(&key);
            }
        }
    }

    /// The object that a row stands for: the one that is here already, or a new one.
    pub(crate) fn read(
        &mut self,
        entity: &'static EntityDef,
        row: &dyn Row,
        at: usize,
        overwrite: bool,
    ) -> Result<Id, DecodeError> {
        let kind = self.kind(entity);
        let entry = &mut self.entries[kind as usize];
        let mut values = Vec::with_capacity(entry.key.len());
        for &position in &entry.key {
            values.push(read_value(row, at + position, &entity.table.columns[position].data_type)?);
        }
        let key = Key::new(values);
        if let Some(&slot) = key.as_ref().and_then(|key| entry.identity.get(key)) {
            if overwrite {
                entry.store.overwrite(slot, row, at)?;
            }
            return Ok(Id { kind, slot });
        }
        let slot = entry.store.push_row(row, at)?;
        if let Some(key) = key {
            entry.identity.insert(key, slot);
        }
        Ok(Id { kind, slot })
    }

    /// Remembers that an object was not here when the transaction began.
    pub(crate) fn log_new(&mut self, id: Id) {
        self.remember(id, None, SlotState::Vacant);
    }

    /// Remembers what an object was, from the copy that was kept when it was first touched.
    pub(crate) fn log_settled(&mut self, id: Id, value: Box<dyn Any + Send + Sync>) {
        self.remember(id, Some(value), SlotState::Persistent);
    }

    /// Remembers what an object is now, apart from changes that were not flushed.
    pub(crate) fn log(&mut self, id: Id) {
        if self.undo.last().is_some_and(|undo| !undo.contains_key(&id)) {
            let (value, state) = (self.store(id).snapshot(id.slot), self.state(id));
            self.remember(id, value, state);
        }
    }

    fn remember(&mut self, id: Id, value: Option<Box<dyn Any + Send + Sync>>, state: SlotState) {
        if let Some(undo) = self.undo.last_mut() {
            undo.entry(id).or_insert(Snapshot { value, state });
        }
    }

    /// Takes a new object in; its owned children are still to be adopted.
    pub(crate) fn enlist(&mut self, kind: u32, slot: u32) -> Id {
        let id = Id { kind, slot };
        self.entry_mut(kind).new.push(slot);
        self.log_new(id);
        id
    }

    pub(crate) fn doom(&mut self, id: Id) {
        if self.doomed_set.insert(id) {
            self.doomed.push(id);
        }
    }

    pub(crate) fn is_doomed(&self, id: Id) -> bool {
        self.doomed_set.contains(&id)
    }

    pub(crate) fn clear_doomed(&mut self) {
        self.doomed.clear();
        self.doomed_set.clear();
    }

    /// Drops an object that the database does not know.
    pub(crate) fn forget(&mut self, id: Id) {
        self.leave_identity(id);
        self.store_mut(id).vacate(id.slot);
        self.entry_mut(id.kind).new.retain(|&slot| slot != id.slot);
        self.link_edits.retain(|edit| edit.parent != id && edit.child != id);
    }

    pub(crate) fn push_scope(&mut self) {
        self.undo.push(HashMap::new());
    }

    pub(crate) fn depth(&self) -> usize {
        self.undo.len() - 1
    }

    /// Ends the innermost savepoint and keeps what was done in it.
    pub(crate) fn merge_scope(&mut self) {
        if self.undo.len() > 1
            && let Some(inner) = self.undo.pop()
            && let Some(outer) = self.undo.last_mut()
        {
            for (id, snapshot) in inner {
                outer.entry(id).or_insert(snapshot);
            }
        }
    }

    /// The transaction was committed: what is deleted is gone.
    pub(crate) fn commit(&mut self) {
        for undo in std::mem::replace(&mut self.undo, vec![HashMap::new()]) {
            for id in undo.into_keys() {
                if self.state(id) == SlotState::Deleted {
                    self.store_mut(id).vacate(id.slot);
                }
            }
        }
    }

    /// Puts every object back to what it was when the innermost scope began, and ends that scope; the outermost one
    /// starts anew.
    pub(crate) fn rollback_scope(&mut self) {
        for entry in &mut self.entries {
            for slot in entry.store.touched().to_vec() {
                entry.store.revert(slot);
            }
            entry.store.clear_touched();
            entry.new.clear();
        }
        let undone = self.undo.pop().unwrap_or_default();
        if self.undo.is_empty() {
            self.undo.push(HashMap::new());
        }
        for &id in undone.keys() {
            self.leave_identity(id);
        }
        for (id, snapshot) in undone {
            self.store_mut(id).restore(id.slot, snapshot.value, snapshot.state);
            if snapshot.state == SlotState::Persistent {
                self.enter_identity(id);
            }
        }
        self.clear_doomed();
        self.link_edits.clear();
        self.replacements.clear();
        self.cleared.clear();
        self.let_go.clear();
        self.unload_dangling();
    }

    /// A collection that was loaded with an object that is gone now was loaded from a world that is gone.
    fn unload_dangling(&mut self) {
        for kind in self.kinds() {
            let entity = self.entry(kind).entity;
            for (index, relationship) in entity.relationships.iter().enumerate() {
                let Some(target) = self.find_kind((relationship.target)()) else { continue };
                for slot in 0..self.entry(kind).store.len() {
                    let id = Id { kind, slot };
                    if self.state(id) == SlotState::Vacant {
                        continue;
                    }
                    let dangling = self.links(id, index).is_some_and(|links| {
                        links.iter().any(|&slot| self.state(Id { kind: target, slot }) == SlotState::Vacant)
                    });
                    if dangling {
                        self.store_mut(id).set_loaded(slot, index, Default::default());
                    }
                }
            }
        }
    }

    pub(crate) fn links(&self, id: Id, index: usize) -> Option<&[u32]> {
        self.store(id).relation(id.slot, index).links()
    }

    pub(crate) fn stored_links(&self, id: Id, index: usize) -> Option<&[u32]> {
        self.store(id).stored_relation(id.slot, index).links()
    }

    /// An object in words, for messages: `User(id = 5, name = "x")`.
    pub(crate) fn describe(&self, id: Id, hide_values: bool) -> String {
        let entry = self.entry(id.kind);
        if hide_values {
            return entry.entity.name.to_owned();
        }
        let columns = entry.entity.table.columns.iter().enumerate().filter_map(|(position, column)| {
            Some(format!("{} = {}", column.name, plain(&entry.store.value(id.slot, position)?)))
        });
        format!("{}({})", entry.entity.name, columns.collect::<Vec<_>>().join(", "))
    }
}

fn plain(value: &Value) -> String {
    let text = format!("{value:?}");
    match text.split_once('(') {
        Some((_, inner)) => inner.strip_suffix(')').unwrap_or(inner).to_owned(),
        None => text.to_uppercase(),
    }
}

/// The position of the relationship that is the other side of `relationship`, among the target's.
pub(crate) fn reverse(relationship: &RelationshipDef) -> Option<usize> {
    (relationship.target)().relationship(relationship.back_populates?)
}

/// A value that does not fit the column that it is carried to.
pub(crate) fn put(graph: &mut Graph, id: Id, position: usize, value: Value) -> Result<()> {
    let entity = graph.entity(id);
    graph.store_mut(id).put(id.slot, position, value).map_err(|error| Error::Value {
        table: entity.table.full_name(),
        column: entity.table.columns[position].name.to_string(),
        error,
    })
}

impl Graph {
    /// Whether a flush may have something to write.
    pub(crate) fn is_dirty(&self) -> bool {
        let pending = |entry: &Entry| !entry.new.is_empty() || !entry.store.touched().is_empty();
        !self.doomed.is_empty()
            || !self.link_edits.is_empty()
            || !self.replacements.is_empty()
            || self.entries.iter().any(pending)
    }

    /// After a flush: what was written is how things are, and what they were is kept for a rollback.
    pub(crate) fn settle(&mut self) {
        for kind in self.kinds() {
            for slot in self.entry(kind).store.touched().to_vec() {
                let id = Id { kind, slot };
                if let Some(before) = self.store_mut(id).settle(slot) {
                    self.log_settled(id, before);
                }
            }
            let entry = self.entry_mut(kind);
            entry.store.clear_touched();
            entry.new.clear();
        }
        self.unlink_deleted();
        self.clear_doomed();
        self.link_edits.clear();
        self.cleared.clear();
        self.let_go.clear();
    }

    /// Takes deleted objects out of the loaded collections that still lead to them.
    fn unlink_deleted(&mut self) {
        let deleted: HashSet<Id> =
            self.doomed.iter().copied().filter(|&id| self.state(id) == SlotState::Deleted).collect();
        if deleted.is_empty() {
            return;
        }
        for kind in self.kinds() {
            let entity = self.entry(kind).entity;
            for (index, relationship) in entity.relationships.iter().enumerate() {
                let Some(target) = self.find_kind((relationship.target)()) else { continue };
                if !deleted.iter().any(|id| id.kind == target) {
                    continue;
                }
                for slot in 0..self.entry(kind).store.len() {
                    let id = Id { kind, slot };
                    if self.state(id) != SlotState::Persistent {
                        continue;
                    }
                    let Some(links) = self.links(id, index) else { continue };
                    let left: Vec<u32> = links
                        .iter()
                        .copied()
                        .filter(|&slot| !deleted.contains(&Id { kind: target, slot }))
                        .collect();
                    if left.len() != links.len() {
                        self.log(id);
                        self.set_loaded(id, index, left);
                    }
                }
            }
        }
    }

    pub(crate) fn stored_key_values(&self, id: Id) -> Vec<Value> {
        let entry = self.entry(id.kind);
        let value = |&c: &usize| entry.store.stored_value(id.slot, c).unwrap_or(Value::Null);
        entry.key.iter().map(value).collect()
    }
}
