//! Relationships that are loaded in part: by a filter, or a limit for each parent. The mark stands in the links
//! themselves, so that it comes and goes with them: by a rollback, an expiry, or an object that leaves.

use orm_query::mapping::{Links, Relation, SlotState};

use super::{Graph, Id};
use crate::session::link_edits::LinkEdit;

impl Graph {
    /// Sets a relationship to some of what it leads to. It reads as loaded, and what must know all of it loads it anew.
    pub(crate) fn load_part(&mut self, id: Id, index: usize, slots: Vec<u32>) {
        self.set_read(id, index, slots, true);
    }

    /// Whether only a part of the relationship may be loaded.
    pub(crate) fn is_partial(&self, id: Id, index: usize) -> bool {
        self.is_part(self.store(id).relation(id.slot, index))
    }

    /// Whether only a part of it was loaded, before somebody assigned the field.
    pub(crate) fn was_partial(&self, id: Id, index: usize) -> bool {
        self.is_part(self.store(id).stored_relation(id.slot, index))
    }

    fn is_part(&self, relation: &Relation) -> bool {
        matches!(relation, Relation::Linked(Links { session, partial: true, .. }) if *session == self.links_tag)
    }

    /// Whether all that the relationship leads to is loaded.
    pub(crate) fn is_whole(&self, id: Id, index: usize) -> bool {
        self.links(id, index).is_some() && !self.is_partial(id, index)
    }

    /// Takes back that a part was loaded. What was edited in it and not flushed stays an edit, as of a collection that
    /// is not loaded.
    pub(crate) fn forget_part(&mut self, id: Id, index: usize) {
        if !self.is_partial(id, index) {
            return;
        }
        let (added, removed) = self.difference(id, index);
        self.store_mut(id).set_loaded(id.slot, index, Relation::Unloaded);
        let Some(kind) = self.find_kind((self.entity(id).relationships[index].target)()) else { return };
        let edits = removed.into_iter().map(|slot| (slot, false));
        for (slot, added) in edits.chain(added.into_iter().map(|slot| (slot, true))) {
            let child = Id { kind, slot };
            self.link_edits.record(LinkEdit { parent: id, relationship: index, child, added });
        }
    }

    /// Whether a relationship is to be set: it is not loaded, or a part is and all is wanted, or a part is wanted. A collection with edits that were not flushed stays as it is where a part is wanted.
    pub(crate) fn is_wanted(&self, id: Id, index: usize, wants_part: bool) -> bool {
        if self.state(id) != SlotState::Persistent {
            return false;
        }
        match self.links(id, index) {
            None => true,
            Some(_) if wants_part => !self.has_edits(id, index),
            Some(_) => self.is_partial(id, index),
        }
    }

    /// Those of `parents` whose relationship is to be set. What is loaded of it is forgotten.
    pub(crate) fn begin_load(&mut self, parents: &[Id], index: usize, wants_part: bool) -> Vec<Id> {
        let wanted: Vec<Id> =
            parents.iter().copied().filter(|&id| self.is_wanted(id, index, wants_part)).collect();
        for &id in &wanted {
            self.forget_part(id, index);
            if self.links(id, index).is_some() {
                self.store_mut(id).set_loaded(id.slot, index, Relation::Unloaded);
            }
        }
        wanted
    }

    /// Whether it was edited and not flushed.
    pub(crate) fn has_edits(&self, id: Id, index: usize) -> bool {
        let (added, removed) = self.difference(id, index);
        !added.is_empty() || !removed.is_empty() || self.link_edits.has(id, index)
    }
}
