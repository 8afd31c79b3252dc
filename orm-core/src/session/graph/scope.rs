//! What a rollback of the transaction, or of a savepoint, undoes.

use std::any::Any;
use std::sync::atomic::Ordering;

use hashbrown::{HashMap, HashSet};
use orm_query::mapping::{Links, Relation, SlotState};

use super::{Graph, Id, TAGS};
use crate::session::expire::Expired;

/// What an object was when the transaction or savepoint began.
pub(super) struct Snapshot {
    value: Option<Box<dyn Any + Send + Sync>>,
    state: SlotState,
    expired: Option<Expired>,
}

/// What a rollback of the transaction, or of one savepoint, undoes.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) undo: HashMap<Id, Snapshot>,
    /// Where rows were written in it, how many slots each kind had then: what is read afterwards may be gone after a
    /// rollback.
    wrote: Option<Vec<u32>>,
    /// Relationships that were loaded afterwards, of objects that have no snapshot from before.
    loaded: Vec<(Id, usize)>,
}

impl Scope {
    /// Objects have left.
    pub(super) fn forget(&mut self, gone: &HashSet<Id>) {
        if !self.loaded.is_empty() {
            self.loaded.retain(|(id, _)| !gone.contains(id));
        }
    }
}

impl Clone for Scope {
    fn clone(&self) -> Self {
        Scope::default()
    }
}

impl Graph {
    /// Remembers that an object was not here when the transaction began.
    pub(crate) fn log_new(&mut self, id: Id) {
        self.remember(id, None, SlotState::Vacant);
    }

    /// Remembers what an object was, from the copy that was kept when it was first touched.
    pub(super) fn log_settled(&mut self, id: Id, value: Box<dyn Any + Send + Sync>) {
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

    pub(super) fn is_logged(&self, id: Id) -> bool {
        self.scopes.last().is_some_and(|scope| scope.undo.contains_key(&id))
    }

    pub(super) fn remember(&mut self, id: Id, value: Option<Box<dyn Any + Send + Sync>>, state: SlotState) {
        let expired = self.expiry.of(id).cloned();
        if let Some(scope) = self.scopes.last_mut() {
            scope.undo.entry(id).or_insert(Snapshot { value, state, expired });
        }
    }

    /// Whether rows were written in the transaction.
    pub(super) fn wrote(&self) -> bool {
        self.scopes.iter().any(|scope| scope.wrote.is_some())
    }

    /// Keeps what an object is, before a row is read over it.
    pub(crate) fn log_read(&mut self, id: Id) {
        // What is read before anything is written stays true after a rollback.
        if self.wrote() {
            self.log(id);
        }
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
        self.set_read(id, index, slots, false);
    }

    /// Sets a relationship to what was just read of it: all, or a part.
    pub(super) fn set_read(&mut self, id: Id, index: usize, slots: Vec<u32>, partial: bool) {
        let links = Links { session: self.links_tag, slots, partial };
        self.store_mut(id).set_loaded(id.slot, index, Relation::Linked(links));
        if self.wrote()
            && !self.is_logged(id)
            && let Some(scope) = self.scopes.last_mut()
        {
            scope.loaded.push((id, index));
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
    pub(super) fn expire_read_since(&mut self, lens: &[u32], restored: &HashSet<Id>) {
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
    pub(super) fn enter_identity_again(&mut self, id: Id) {
        let other = self.stored_key(id).and_then(|key| self.lookup(id.kind, &key));
        if let Some(other) = other.filter(|other| *other != id) {
            self.store_mut(other).vacate(other.slot);
        }
        self.enter_identity(id);
    }

    /// A collection that was loaded with an object that is gone now was loaded from a world that is gone.
    pub(super) fn unload_dangling(&mut self) {
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
}
