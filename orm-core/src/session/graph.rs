//! The objects of a session without their types: stores, identity map, and what a rollback undoes.

use std::any::{Any, TypeId};
use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::{HashMap, HashSet};
use orm_query::mapping::{EntityDef, JoinOn, Relation, RelationshipDef, SlotState, Slots, Store};
use orm_query::schema::{ForeignKeyDef, Name};
use orm_query::{Mapped, Row, Value, ValueError, read_value, tree};

use super::Handle;
use super::events::{Listening, ObjectEvent};
use super::expire::{Expired, Expiry};
use super::key::Key;
use super::link_edits::LinkEdits;
use crate::{Error, Result};

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

/// What an object was when the transaction or savepoint began.
struct Snapshot {
    value: Option<Box<dyn Any + Send + Sync>>,
    state: SlotState,
    expired: Option<Expired>,
}

/// What a rollback of the transaction, or of one savepoint, undoes.
#[derive(Default)]
struct Scope {
    undo: HashMap<Id, Snapshot>,
    /// Where rows were written in it, how many slots each kind had then: what is read afterwards may be gone after a
    /// rollback.
    wrote: Option<Vec<u32>>,
    /// Relationships that were loaded afterwards, of objects that have no snapshot from before.
    loaded: Vec<(Id, usize)>,
}

/// Objects of one kind, the relationship of theirs at `index`, and the kind that it leads to.
struct Referrers {
    index: usize,
    target: u32,
    objects: Vec<Id>,
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
}

static TAGS: AtomicU32 = AtomicU32::new(1);

impl Clone for Scope {
    fn clone(&self) -> Self {
        Scope::default()
    }
}

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
        // Both, since a flush that failed may have changed the key.
        for key in [self.stored_key(id), self.key(id)].into_iter().flatten() {
            let identity = &mut self.entry_mut(id.kind).identity;
            if identity.get(&key) == Some(&id.slot) {
                identity.remove(&key);
            }
        }
    }

    /// An UPDATE gave the row another key.
    pub(crate) fn change_identity(&mut self, id: Id) {
        self.log(id);
        self.leave_identity(id);
        if let Some(key) = self.key(id) {
            self.entry_mut(id.kind).identity.insert(key, id.slot);
        }
    }

    /// The object that a row stands for: the one that is here already, or a new one.
    pub(crate) fn read(
        &mut self,
        entity: &'static EntityDef,
        row: &dyn Row,
        at: usize,
        overwrite: bool,
    ) -> Result<Id> {
        let kind = self.kind(entity);
        let entry = &mut self.entries[kind as usize];
        let mut values = Vec::with_capacity(entry.key.len());
        for &position in &entry.key {
            values.push(read_value(row, at + position, &entity.table.columns[position].data_type)?);
        }
        let key = Key::new(values);
        if let Some(&slot) = key.as_ref().and_then(|key| entry.identity.get(key)) {
            let id = Id { kind, slot };
            if overwrite {
                self.log(id);
                self.store_mut(id).overwrite(slot, row, at)?;
                self.expiry.clear(id);
                self.tell_objects(ObjectEvent::Refresh, kind, &[slot])?;
            } else if let Some(expired) = self.expiry.of(id).cloned() {
                self.read_expired(id, &expired, row, at)?;
                self.tell_objects(ObjectEvent::Refresh, kind, &[slot])?;
            }
            return Ok(id);
        }
        let slot = entry.store.push_row(row, at)?;
        if let Some(key) = key {
            entry.identity.insert(key, slot);
        }
        self.tell_objects(ObjectEvent::Load, kind, &[slot])?;
        Ok(Id { kind, slot })
    }

    /// Reads a row over what is expired of an object.
    fn read_expired(&mut self, id: Id, expired: &Expired, row: &dyn Row, at: usize) -> Result<()> {
        // What is read before anything is written stays true after a rollback.
        if self.wrote() {
            self.log(id);
        }
        let columns = match expired {
            Expired::All => None,
            Expired::Columns(columns) => Some(columns.as_slice()),
        };
        self.store_mut(id).overwrite_unchanged(id.slot, columns, row, at)?;
        self.expiry.clear(id);
        Ok(())
    }

    /// Remembers that an object was not here when the transaction began.
    pub(crate) fn log_new(&mut self, id: Id) {
        self.remember(id, None, SlotState::Vacant);
    }

    /// Remembers what an object was, from the copy that was kept when it was first touched.
    fn log_settled(&mut self, id: Id, value: Box<dyn Any + Send + Sync>) {
        let state = self.state(id);
        self.remember(id, Some(value), state);
    }

    /// Remembers what an object is now, apart from changes that were not flushed.
    pub(crate) fn log(&mut self, id: Id) {
        if !self.is_logged(id) {
            let (value, state) = (self.store(id).snapshot(id.slot), self.state(id));
            self.remember(id, value, state);
        }
    }

    fn is_logged(&self, id: Id) -> bool {
        self.scopes.last().is_some_and(|scope| scope.undo.contains_key(&id))
    }

    fn remember(&mut self, id: Id, value: Option<Box<dyn Any + Send + Sync>>, state: SlotState) {
        let expired = self.expiry.of(id).cloned();
        if let Some(scope) = self.scopes.last_mut() {
            scope.undo.entry(id).or_insert(Snapshot { value, state, expired });
        }
    }

    /// Whether rows were written in the transaction.
    fn wrote(&self) -> bool {
        self.scopes.iter().any(|scope| scope.wrote.is_some())
    }

    /// Rows were written: what is loaded from now on is of this transaction, and not of the time before.
    pub(crate) fn note_write(&mut self) {
        let lens = || self.entries.iter().map(|entry| entry.store.len()).collect();
        if let Some(scope) = self.scopes.last_mut() {
            scope.wrote.get_or_insert_with(lens);
        }
    }

    /// Sets a relationship that was just read; a rollback of what was written before unloads it again.
    pub(crate) fn load_links(&mut self, id: Id, index: usize, slots: Vec<u32>) {
        self.set_loaded(id, index, slots);
        if self.wrote()
            && !self.is_logged(id)
            && let Some(scope) = self.scopes.last_mut()
        {
            scope.loaded.push((id, index));
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

    /// Drops objects: nothing leads to them afterwards. What led to an object that has a row is not loaded any more,
    /// and a child keeps the key of such a parent.
    pub(crate) fn forget(&mut self, gone: &HashSet<Id>) {
        if gone.is_empty() {
            return;
        }
        self.drop_links_to(gone);
        for &id in gone {
            self.leave_identity(id);
            self.store_mut(id).vacate(id.slot);
            for scope in &mut self.scopes {
                scope.undo.remove(&id);
            }
        }
        for (kind, entry) in self.entries.iter_mut().enumerate() {
            let kind = kind as u32;
            entry.new.retain(|&slot| !gone.contains(&Id { kind, slot }));
        }
        self.forget_changes_of(gone);
    }

    fn drop_links_to(&mut self, gone: &HashSet<Id>) {
        for Referrers { index, target, objects } in self.referrers(gone) {
            for id in objects {
                if gone.contains(&id) || self.state(id) == SlotState::Vacant {
                    continue;
                }
                let relationship = &self.entity(id).relationships[index];
                let is_gone = |slot: &u32| gone.contains(&Id { kind: target, slot: *slot });
                let Some(links) = self.links(id, index) else { continue };
                let Some(&lost) = links.iter().find(|slot| is_gone(slot)) else { continue };
                let lost = Id { kind: target, slot: lost };
                let left: Vec<u32> = links.iter().copied().filter(|slot| !is_gone(slot)).collect();
                if self.state(lost) == SlotState::Persistent {
                    self.keep_key(id, relationship, lost);
                    let is_parent = matches!(relationship.join, JoinOn::SourceKey(_));
                    if is_parent || self.links(id, index) == self.stored_links(id, index) {
                        self.store_mut(id).set_loaded(id.slot, index, Relation::Unloaded);
                        continue;
                    }
                }
                let before = self.stored_links(id, index).unwrap_or_default();
                let before = before.iter().copied().filter(|slot| !is_gone(slot)).collect();
                self.set_both(id, index, before, left);
            }
        }
    }

    /// The objects that may lead to one of `gone`: few, where keys or the other side tell them, or all of a kind.
    fn referrers(&self, gone: &HashSet<Id>) -> Vec<Referrers> {
        let mut found = Vec::new();
        for kind in self.kinds() {
            for (index, relationship) in self.entry(kind).entity.relationships.iter().enumerate() {
                let Some(target) = self.find_kind((relationship.target)()) else { continue };
                let of_target: Vec<Id> = gone.iter().copied().filter(|id| id.kind == target).collect();
                if of_target.is_empty() {
                    continue;
                }
                let mut objects: HashSet<Id> = self.changed(kind).into_iter().collect();
                let told = of_target.iter().all(|&id| {
                    let referrers = self.referrers_of(id, kind, index);
                    objects.extend(referrers.iter().flatten());
                    referrers.is_some()
                });
                let all = || (0..self.entry(kind).store.len()).map(|slot| Id { kind, slot }).collect();
                let objects = if told { objects.into_iter().collect() } else { all() };
                found.push(Referrers { index, target, objects });
            }
        }
        found
    }

    /// The unchanged objects whose relationship leads to `id`; `None` where nothing tells them.
    fn referrers_of(&self, id: Id, kind: u32, index: usize) -> Option<Vec<Id>> {
        if self.state(id) == SlotState::Pending {
            return Some(Vec::new());
        }
        let relationship = &self.entry(kind).entity.relationships[index];
        if let Some(back) = reverse(relationship)
            && let Some(links) = self.links(id, back)
        {
            let links = links.iter().chain(self.stored_links(id, back).unwrap_or_default());
            return Some(links.map(|&slot| Id { kind, slot }).collect());
        }
        let by_key = matches!(relationship.join, JoinOn::TargetKey(_));
        let key = relationship.foreign_key().filter(|_| by_key)?;
        // Another key than the primary one is not in the identity map.
        self.references_primary_key(key, kind).then(|| {
            let owner = self.owners.get(&(id, kind, index)).copied();
            owner.into_iter().chain(self.referenced(id, key, kind, self.entry(kind).entity)).collect()
        })
    }

    pub(super) fn set_both(&mut self, id: Id, index: usize, before: Vec<u32>, now: Vec<u32>) {
        let changed = before != now;
        self.set_loaded(id, index, before);
        if changed {
            self.touch(id);
            self.set_side(id, index, now);
        }
    }

    /// The key of a parent that leaves stays with a child that was to get it by the flush.
    fn keep_key(&mut self, child: Id, relationship: &RelationshipDef, parent: Id) {
        let JoinOn::SourceKey(_) = relationship.join else { return };
        let Some(key) = relationship.foreign_key() else { return };
        let Some(values) = self.values(parent, &key.target_columns) else { return };
        let table = self.entity(child).table;
        for (name, value) in key.columns.iter().zip(values) {
            let Some(position) = table.position(name) else { continue };
            if self.store(child).value(child.slot, position).as_ref() != Some(&value) {
                self.touch(child);
                // A value that does not fit would not have been carried by a flush either.
                let _ = self.store_mut(child).put(child.slot, position, value);
            }
        }
    }

    /// Keeps a copy of an object that has a row, from which changes are told; a pending one is new altogether.
    pub(crate) fn touch(&mut self, id: Id) {
        if self.state(id) != SlotState::Pending {
            self.store_mut(id).touch(id.slot);
        }
    }

    pub(crate) fn push_scope(&mut self) {
        self.scopes.push(Scope::default());
    }

    pub(crate) fn depth(&self) -> usize {
        self.scopes.len() - 1
    }

    /// Ends the innermost savepoint and keeps what was done in it.
    pub(crate) fn merge_scope(&mut self) {
        if self.scopes.len() > 1
            && let Some(inner) = self.scopes.pop()
            && let Some(outer) = self.scopes.last_mut()
        {
            outer.wrote = outer.wrote.take().or(inner.wrote);
            outer.loaded.extend(inner.loaded.into_iter().filter(|(id, _)| !outer.undo.contains_key(id)));
            for (id, snapshot) in inner.undo {
                outer.undo.entry(id).or_insert(snapshot);
            }
        }
    }

    /// The transaction was committed: what is deleted is gone.
    pub(crate) fn commit(&mut self) {
        for scope in std::mem::replace(&mut self.scopes, vec![Scope::default()]) {
            for id in scope.undo.into_keys() {
                if self.state(id) == SlotState::Deleted {
                    self.store_mut(id).vacate(id.slot);
                }
            }
        }
    }

    /// Puts every object back to what it was when the innermost scope began, and ends that scope; the outermost one
    /// starts anew.
    pub(crate) fn rollback_scope(&mut self) {
        let undone = self.scopes.pop().unwrap_or_default();
        if self.scopes.is_empty() {
            self.scopes.push(Scope::default());
        }
        let mut restored: Vec<Id> = undone.undo.keys().copied().collect();
        for kind in self.kinds() {
            restored.extend(self.entry(kind).store.touched().iter().map(|&slot| Id { kind, slot }));
        }
        for &id in &restored {
            self.leave_identity(id);
        }
        for entry in &mut self.entries {
            for slot in entry.store.touched().to_vec() {
                entry.store.revert(slot);
            }
            entry.store.clear_touched();
            entry.new.clear();
        }
        let restored_from: HashSet<Id> = undone.undo.keys().copied().collect();
        for (id, snapshot) in undone.undo {
            self.store_mut(id).restore(id.slot, snapshot.value, snapshot.state);
            match snapshot.expired {
                Some(expired) => self.expiry.set(id, expired),
                None => self.expiry.clear(id),
            }
        }
        for id in restored {
            if self.state(id) == SlotState::Persistent {
                self.enter_identity_again(id);
            }
        }
        if let Some(lens) = undone.wrote {
            for (id, index) in undone.loaded {
                if self.state(id) != SlotState::Vacant {
                    self.store_mut(id).set_loaded(id.slot, index, Relation::Unloaded);
                }
            }
            self.expire_read_since(&lens, &restored_from);
        } else if let Some(outer) = self.scopes.last_mut() {
            outer.loaded.extend(undone.loaded.into_iter().filter(|(id, _)| !outer.undo.contains_key(id)));
        }
        self.clear_doomed();
        self.link_edits.clear();
        self.owners.clear();
        self.replacements.clear();
        self.cleared.clear();
        self.let_go.clear();
        self.expressions.clear();
        self.listening.reset();
        self.unload_dangling();
    }

    /// After a rollback of what was written when each kind had so many slots: objects that were read first after
    /// that may be of a world that is gone.
    fn expire_read_since(&mut self, lens: &[u32], restored: &HashSet<Id>) {
        for kind in self.kinds() {
            for slot in lens.get(kind as usize).copied().unwrap_or(0)..self.entry(kind).store.len() {
                let id = Id { kind, slot };
                if self.state(id) == SlotState::Persistent && !restored.contains(&id) {
                    self.expire(id);
                }
            }
        }
    }

    /// After a rollback: an object that was read for the same row meanwhile is of a world that is gone.
    fn enter_identity_again(&mut self, id: Id) {
        let other = self.stored_key(id).and_then(|key| self.lookup(id.kind, &key));
        if let Some(other) = other.filter(|other| *other != id) {
            self.store_mut(other).vacate(other.slot);
        }
        self.enter_identity(id);
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

    /// Unloads the relationships of all objects that have a row: no link is of a mark that counts any more.
    pub(crate) fn unload_all(&mut self) {
        let before = std::mem::replace(&mut self.links_tag, TAGS.fetch_add(1, Ordering::Relaxed));
        for kind in self.kinds() {
            for slot in self.entry(kind).new.clone() {
                let id = Id { kind, slot };
                for index in 0..self.entity(id).relationships.len() {
                    let tag = self.links_tag;
                    if let Relation::Linked(links) = self.store_mut(id).relation_mut(slot, index)
                        && links.session == before
                    {
                        links.session = tag;
                    }
                }
            }
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
            // A listener may have added objects behind the flush.
            entry.new.retain(|&slot| entry.store.state(slot) == SlotState::Pending);
        }
        let deleted =
            self.doomed.iter().copied().filter(|&id| self.state(id) == SlotState::Deleted).collect();
        self.unlink_deleted(&deleted);
        self.clear_doomed();
        self.link_edits.clear();
        self.owners.clear();
        self.cleared.clear();
        self.let_go.clear();
        self.expressions.clear();
        self.listening.settle();
    }

    /// The row of an object turned out to be gone: it is as if it had been deleted in this transaction.
    pub(crate) fn lose(&mut self, id: Id) {
        self.log(id);
        self.leave_identity(id);
        self.store_mut(id).revert(id.slot);
        self.store_mut(id).set_state(id.slot, SlotState::Deleted);
        self.unlink_deleted(&[id].into_iter().collect());
    }

    /// Takes deleted objects out of the loaded collections that still lead to them.
    pub(super) fn unlink_deleted(&mut self, deleted: &HashSet<Id>) {
        if deleted.is_empty() {
            return;
        }
        for Referrers { index, target, objects } in self.referrers(deleted) {
            let is_left = |slot: &u32| !deleted.contains(&Id { kind: target, slot: *slot });
            for id in objects {
                if self.state(id) != SlotState::Persistent {
                    continue;
                }
                let Some(links) = self.links(id, index) else { continue };
                let before = self.stored_links(id, index).unwrap_or_default();
                if links.iter().chain(before).all(is_left) {
                    continue;
                }
                let left = links.iter().copied().filter(is_left).collect();
                let before = before.iter().copied().filter(is_left).collect();
                self.log(id);
                self.set_both(id, index, before, left);
            }
        }
    }

    /// Forgets what was marked of objects and not flushed, because their rows are gone.
    pub(super) fn forget_changes_of(&mut self, gone: &HashSet<Id>) {
        self.link_edits.forget(gone);
        self.owners.retain(|(child, ..), parent| !gone.contains(child) && !gone.contains(parent));
        self.replacements.retain(|(id, _)| !gone.contains(id));
        self.cleared.retain(|(id, _)| !gone.contains(id));
        self.let_go.retain(|(_, id)| !gone.contains(id));
        self.expressions.retain(|(id, _), _| !gone.contains(id));
        self.doomed.retain(|id| !gone.contains(id));
        self.doomed_set.retain(|id| !gone.contains(id));
    }

    /// The object of `kind` that a foreign key of a row references by its primary key.
    pub(crate) fn referenced(
        &self,
        id: Id,
        key: &ForeignKeyDef,
        kind: u32,
        target: &EntityDef,
    ) -> Option<Id> {
        let is_target = key.target == target.table.name && key.target_schema == target.table.schema;
        if !is_target || !self.references_primary_key(key, kind) {
            return None;
        }
        let table = self.entity(id).table;
        let values = key.columns.iter().map(|c| self.store(id).stored_value(id.slot, table.position(c)?));
        self.lookup(kind, &Key::new(values.collect::<Option<Vec<_>>>()?)?)
    }

    fn references_primary_key(&self, key: &ForeignKeyDef, kind: u32) -> bool {
        let primary = self.entry(kind).entity.table.primary_key().map(|(_, column)| &column.name);
        primary.eq(key.target_columns.iter())
    }

    pub(crate) fn stored_key_values(&self, id: Id) -> Vec<Value> {
        self.stored_values(id, &self.entry(id.kind).key)
    }
}
