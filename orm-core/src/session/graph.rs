//! The objects of a session without their types.

mod absent;
mod identity;
mod leaving;
mod partial;
mod refused;
mod release;
mod scope;

use std::any::TypeId;
use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::{HashMap, HashSet};
use orm_query::mapping::{EntityDef, Lazy, Relation, RelationshipDef, SlotState, Slots, Store};
use orm_query::schema::Name;
use orm_query::{Mapped, Value, ValueError, tree};

use super::Handle;
use super::events::Listening;
use super::expire::Expiry;
use super::key::Key;
use super::link_edits::LinkEdits;
use crate::{Error, Result};
use scope::Scope;

pub(crate) use refused::Permission;

/// The place of an object: which store, which slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) kind: u32,
    pub(crate) slot: u32,
}

/// All objects of one mapped struct.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) entity: &'static EntityDef,
    pub(crate) store: Box<dyn Store>,
    /// The positions of the key's columns.
    pub(crate) key: Vec<usize>,
    /// The position of the version column.
    pub(crate) version: Option<usize>,
    identity: HashMap<Key, u32>,
    /// Pending slots, in the order in which they were added.
    pub(crate) new: Vec<u32>,
}

/// What is cloned is only to be looked at: nothing of it can be rolled back.
#[derive(Clone)]
pub(crate) struct Graph {
    pub(crate) tag: u32,
    /// What loaded relationships are marked with; those with a former mark count as unloaded.
    pub(crate) links_tag: u32,
    entries: Vec<Entry>,
    by_type: HashMap<TypeId, u32>,
    /// One for the transaction and one for each savepoint inside it.
    scopes: Vec<Scope>,
    /// Objects that the next flush deletes, in the order in which they were named.
    pub(crate) doomed: Vec<Id>,
    doomed_set: HashSet<Id>,
    pub(crate) link_edits: LinkEdits,
    /// Relationships that were assigned while they were not loaded: the flush finds what the database has.
    pub(crate) replacements: Vec<(Id, usize)>,
    /// The parents that children got since the last flush, by relationships without another side to ask.
    pub(crate) owners: HashMap<(Id, u32, usize), Id>,
    /// To-one relationships that were set to nothing while they were not loaded.
    pub(crate) cleared: Vec<(Id, usize)>,
    /// SQL expressions that the next flush writes into columns.
    pub(crate) expressions: HashMap<(Id, usize), tree::Expr>,
    /// Pending children that a parent with `delete-orphan` let go, with the relationship of that parent.
    pub(crate) let_go: Vec<(&'static RelationshipDef, Id)>,
    pub(crate) listening: Listening,
    pub(crate) expiry: Expiry,
    /// What the options of queries said of later loads, where that differs from the mapping.
    permissions: HashMap<(Id, usize), Permission>,
    refused: absent::Refused,
}

static TAGS: AtomicU32 = AtomicU32::new(1);

impl Graph {
    pub(crate) fn new() -> Self {
        let tag = TAGS.fetch_add(1, Ordering::Relaxed);
        Graph {
            tag,
            links_tag: tag,
            entries: Vec::new(),
            by_type: HashMap::new(),
            scopes: vec![Scope::default()],
            doomed: Vec::new(),
            doomed_set: HashSet::new(),
            link_edits: LinkEdits::default(),
            replacements: Vec::new(),
            owners: HashMap::new(),
            cleared: Vec::new(),
            expressions: HashMap::new(),
            let_go: Vec::new(),
            listening: Listening::default(),
            expiry: Expiry::default(),
            permissions: HashMap::new(),
            refused: HashSet::new(),
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
            version: entity.table.columns.iter().position(|column| column.version.is_some()),
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

    pub(crate) fn is_persistent(&self, id: Id) -> bool {
        self.state(id) == SlotState::Persistent
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

    /// The values of columns now, NULL where one is unset.
    pub(crate) fn values_now(&self, id: Id, columns: &[usize]) -> Vec<Value> {
        let store = self.store(id);
        columns.iter().map(|&c| store.value(id.slot, c).unwrap_or(Value::Null)).collect()
    }

    /// The values of columns as the database has them.
    pub(crate) fn stored_values(&self, id: Id, columns: &[usize]) -> Vec<Value> {
        let store = self.store(id);
        columns.iter().map(|&c| store.stored_value(id.slot, c).unwrap_or(Value::Null)).collect()
    }

    /// The values of columns as the database has them, by name.
    pub(crate) fn stored_by_name(&self, id: Id, columns: &[Name]) -> Option<Vec<Value>> {
        let (store, table) = (self.store(id), self.entity(id).table);
        columns.iter().map(|name| store.stored_value(id.slot, table.position(name)?)).collect()
    }

    /// What tells a row: the columns of its key, and its version behind them.
    pub(crate) fn row_key(&self, kind: u32) -> Vec<usize> {
        let entry = self.entry(kind);
        entry.key.iter().copied().chain(entry.version).collect()
    }

    /// The SQL expression that the next flush writes into a column.
    pub(crate) fn expression(&self, id: Id, column: usize) -> Option<&tree::Expr> {
        if self.expressions.is_empty() { None } else { self.expressions.get(&(id, column)) }
    }

    /// Takes a new object in; its owned children are still to be adopted.
    pub(crate) fn enlist(&mut self, kind: u32, slot: u32) -> Id {
        let id = Id { kind, slot };
        self.entry_mut(kind).new.push(slot);
        self.log_new(id);
        id
    }

    pub(super) fn set_both(&mut self, id: Id, index: usize, before: Vec<u32>, now: Vec<u32>) {
        let changed = before != now;
        self.set_loaded(id, index, before);
        if changed {
            self.touch(id);
            self.set_side(id, index, now);
        }
    }

    /// Keeps a copy of an object that has a row, from which changes are told; a pending one is new altogether.
    pub(crate) fn touch(&mut self, id: Id) {
        if self.state(id) != SlotState::Pending {
            self.store_mut(id).touch(id.slot);
        }
    }

    pub(crate) fn links(&self, id: Id, index: usize) -> Option<&[u32]> {
        self.store(id).relation(id.slot, index).links_of(self.links_tag)
    }

    pub(crate) fn stored_links(&self, id: Id, index: usize) -> Option<&[u32]> {
        self.store(id).stored_relation(id.slot, index).links_of(self.links_tag)
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

/// The object of a key in words, for messages: `User(id = 5)`.
pub(crate) fn describe_key(entity: &EntityDef, key: &[Value], hide_values: bool) -> String {
    if hide_values {
        return entity.name.to_owned();
    }
    let columns = entity.table.primary_key().zip(key);
    let columns = columns.map(|((_, column), value)| format!("{} = {}", column.name, plain(value)));
    format!("{}({})", entity.name, columns.collect::<Vec<_>>().join(", "))
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

/// Sets a column without marking a change; an error for a value that does not fit it.
pub(crate) fn put(graph: &mut Graph, id: Id, position: usize, value: Value) -> Result<()> {
    graph.store_mut(id).put(id.slot, position, value).map_err(|error| misfit(graph, id, position, error))
}

/// Sets a column to what the database has; an error for a value that does not fit it.
pub(crate) fn put_stored(graph: &mut Graph, id: Id, position: usize, value: Value) -> Result<()> {
    let put = graph.store_mut(id).put_stored(id.slot, position, value);
    put.map_err(|error| misfit(graph, id, position, error))
}

fn misfit(graph: &Graph, id: Id, position: usize, error: ValueError) -> Error {
    let table = graph.entity(id).table;
    Error::Value { table: table.full_name(), column: table.columns[position].name.to_string(), error }
}

impl Graph {
    /// Whether a flush may have something to write.
    pub(crate) fn is_dirty(&self) -> bool {
        let pending = |entry: &Entry| !entry.new.is_empty() || !entry.store.touched().is_empty();
        !self.doomed.is_empty()
            || !self.link_edits.is_empty()
            || !self.replacements.is_empty()
            || !self.owners.is_empty()
            || !self.expressions.is_empty()
            || self.entries.iter().any(pending)
    }

    /// Whether a flush has nothing to do but to insert.
    pub(crate) fn is_all_new(&self) -> bool {
        self.doomed.is_empty()
            && self.replacements.is_empty()
            && self.link_edits.is_empty()
            && self.cleared.is_empty()
            && self.entries.iter().all(|entry| entry.store.touched().is_empty())
    }

    /// After a flush: what was written is how things are, and what they were is kept for a rollback.
    pub(crate) fn settle(&mut self) {
        for kind in self.kinds() {
            for slot in self.entry(kind).store.touched().to_vec() {
                let id = Id { kind, slot };
                let is_written = !self.entity(id).properties.is_empty() && {
                    let store = self.store(id);
                    (0..store.entity().table.columns.len()).any(|column| store.is_changed(slot, column))
                };
                if let Some(before) = self.store_mut(id).settle(slot) {
                    self.log_settled(id, before);
                }
                // Behind what is kept for a rollback.
                if is_written && self.state(id) == SlotState::Persistent {
                    self.forget_properties(id);
                }
            }
            self.unload_write_only(kind);
            let entry = self.entry_mut(kind);
            entry.store.clear_touched();
            // A listener may have added objects behind the flush.
            entry.new.retain(|&slot| entry.store.state(slot) == SlotState::Pending);
        }
        let deleted =
            self.doomed.iter().copied().filter(|&id| self.state(id) == SlotState::Deleted).collect();
        self.unlink_deleted(&deleted);
        // A listener may have marked others behind the flush.
        self.keep_doomed();
        self.link_edits.clear();
        self.owners.clear();
        self.cleared.clear();
        self.let_go.clear();
        self.expressions.clear();
        self.listening.settle();
    }

    /// A write-only collection is known as long as its parent has no row.
    fn unload_write_only(&mut self, kind: u32) {
        let entity = self.entry(kind).entity;
        if !entity.relationships.iter().any(|relationship| relationship.lazy == Lazy::WriteOnly) {
            return;
        }
        for slot in self.entry(kind).new.clone() {
            for (index, relationship) in entity.relationships.iter().enumerate() {
                let id = Id { kind, slot };
                if relationship.lazy == Lazy::WriteOnly && self.is_persistent(id) {
                    self.store_mut(id).set_loaded(slot, index, Relation::Unloaded);
                }
            }
        }
    }

    pub(crate) fn stored_key_values(&self, id: Id) -> Vec<Value> {
        self.stored_values(id, &self.entry(id.kind).key)
    }
}
