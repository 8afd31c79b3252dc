//! Edits of relationships in memory: both sides are kept in step, as SQLAlchemy's backrefs are.

use orm_query::mapping::{Children, JoinOn, Links, Relation, SlotState};

use super::graph::{Graph, Id, LinkEdit, reverse};

impl Graph {
    /// Moves the owned children of a new or changed object in, and theirs, and links both sides.
    pub(crate) fn adopt(&mut self, root: Id) {
        let mut work = vec![root];
        while let Some(id) = work.pop() {
            let entity = self.entity(id);
            for (index, relationship) in entity.relationships.iter().enumerate() {
                let pending = self.state(id) == SlotState::Pending;
                match self.store(id).relation(id.slot, index) {
                    Relation::Owned(_) => {}
                    Relation::Unloaded if pending && self.starts_empty(id, index) => {
                        self.set_side(id, index, Vec::new());
                        continue;
                    }
                    Relation::Linked(links) if links.session != self.tag => {
                        // Links into another session mean nothing here.
                        *self.store_mut(id).relation_mut(id.slot, index) = Relation::Unloaded;
                        continue;
                    }
                    Relation::Unloaded | Relation::Linked(_) => continue,
                }
                let target = self.kind((relationship.target)());
                let Relation::Owned(children) =
                    std::mem::take(self.store_mut(id).relation_mut(id.slot, index))
                else {
                    continue;
                };
                let slots = children.move_into(&mut *self.entry_mut(target).store);
                let children: Vec<Id> = slots.iter().map(|&slot| self.enlist(target, slot)).collect();
                match self.stored_links(id, index).map(<[u32]>::to_vec) {
                    // Assigned over a loaded field: what stood there goes, what stands there now comes.
                    Some(before) => {
                        self.set_side(id, index, before.clone());
                        for slot in before {
                            self.unlink(id, index, Id { kind: target, slot });
                        }
                    }
                    None if pending => self.set_side(id, index, Vec::new()),
                    // Assigned over a field that is not loaded: the flush loads it and takes the rest out.
                    None if relationship.to_many => self.replacements.push((id, index, children.clone())),
                    None => {}
                }
                // The last one first, so that the work list takes them in their order.
                work.extend(children.iter().rev());
                for child in children {
                    self.link(id, index, child);
                }
            }
        }
    }

    /// A new row has no children in the database, and no parent where its key is not given.
    fn starts_empty(&self, id: Id, index: usize) -> bool {
        let relationship = &self.entity(id).relationships[index];
        match relationship.join {
            JoinOn::TargetKey(_) | JoinOn::Secondary { .. } => true,
            JoinOn::SourceKey(_) => false,
        }
    }

    fn set_side(&mut self, id: Id, index: usize, slots: Vec<u32>) {
        let links = Links { session: self.tag, slots };
        *self.store_mut(id).relation_mut(id.slot, index) = Relation::Linked(links);
    }

    /// `target` becomes (one of) what the relationship of `id` leads to; the other side follows.
    pub(crate) fn link(&mut self, id: Id, index: usize, target: Id) {
        let relationship = &self.entity(id).relationships[index];
        let back = reverse(relationship);
        if !relationship.to_many {
            let old = self.first_link(id, index);
            if old == Some(target) && self.has_back(target, back, id) {
                return;
            }
            if let (Some(old), Some(back)) = (old.filter(|old| *old != target), back) {
                self.detach_side(old, back, id);
            }
        }
        if let Some(back) = back
            && !self.entity(target).relationships[back].to_many
            && let Some(old_parent) = self.first_link(target, back)
            && old_parent != id
        {
            self.detach_side(old_parent, index, target);
        }
        self.attach_side(id, index, target);
        if let Some(back) = back {
            self.attach_side(target, back, id);
        }
    }

    /// `target` is no longer (one of) what the relationship of `id` leads to; the other side follows.
    pub(crate) fn unlink(&mut self, id: Id, index: usize, target: Id) {
        self.detach_side(id, index, target);
        if let Some(back) = reverse(&self.entity(id).relationships[index]) {
            self.detach_side(target, back, id);
        }
    }

    pub(crate) fn first_link(&self, id: Id, index: usize) -> Option<Id> {
        let slot = *self.links(id, index)?.first()?;
        let kind = self.find_kind((self.entity(id).relationships[index].target)())?;
        Some(Id { kind, slot })
    }

    fn has_back(&self, target: Id, back: Option<usize>, id: Id) -> bool {
        back.is_none_or(|back| self.links(target, back).is_some_and(|links| links.contains(&id.slot)))
    }

    fn attach_side(&mut self, id: Id, index: usize, target: Id) {
        let to_many = self.entity(id).relationships[index].to_many;
        match self.links(id, index) {
            Some(links) if links.contains(&target.slot) => {}
            Some(links) => {
                let mut slots = if to_many { links.to_vec() } else { Vec::new() };
                slots.push(target.slot);
                self.store_mut(id).touch(id.slot);
                self.set_side(id, index, slots);
            }
            None if !to_many => {
                let by_target = matches!(self.entity(id).relationships[index].join, JoinOn::TargetKey(_));
                if by_target && self.state(id) == SlotState::Persistent {
                    // The one that the database has must go; the flush finds it.
                    self.replacements.push((id, index, vec![target]));
                }
                self.store_mut(id).touch(id.slot);
                self.set_side(id, index, vec![target.slot]);
            }
            None => self.edit_unloaded(id, index, target, true),
        }
    }

    fn detach_side(&mut self, id: Id, index: usize, target: Id) {
        let relationship = &self.entity(id).relationships[index];
        if relationship.cascade.delete_orphan && self.state(target) == SlotState::Pending {
            self.let_go.push((relationship, target));
        }
        match self.links(id, index) {
            Some(links) if !links.contains(&target.slot) => {}
            Some(links) => {
                let slots = links.iter().copied().filter(|&slot| slot != target.slot).collect();
                self.store_mut(id).touch(id.slot);
                self.set_side(id, index, slots);
            }
            None if self.entity(id).relationships[index].to_many => {
                self.edit_unloaded(id, index, target, false);
            }
            None => {}
        }
    }

    /// Keeps an edit of a collection that is not loaded, where the other side does not tell it.
    fn edit_unloaded(&mut self, parent: Id, relationship: usize, child: Id, added: bool) {
        let definition = &self.entity(parent).relationships[relationship];
        let told = reverse(definition).is_some_and(|back| {
            let by_key = matches!(definition.join, JoinOn::TargetKey(_));
            // The other side tells by its own difference: a to-one always, a collection where it is loaded.
            (by_key && added) || self.links(child, back).is_some()
        });
        if told {
            return;
        }
        let edit = LinkEdit { parent, relationship, child, added };
        let opposite = LinkEdit { added: !added, ..edit };
        if let Some(position) = self.link_edits.iter().position(|e| *e == opposite) {
            self.link_edits.remove(position);
        } else if !self.link_edits.contains(&edit) {
            self.link_edits.push(edit);
        }
    }

    /// Sets what a loaded relationship leads to, without a change to be flushed.
    pub(crate) fn set_loaded(&mut self, id: Id, index: usize, slots: Vec<u32>) {
        let links = Links { session: self.tag, slots };
        self.store_mut(id).set_loaded(id.slot, index, Relation::Linked(links));
    }

    /// Copies of linked objects as owned children.
    pub(crate) fn copies(&self, kind: u32, slots: &[u32]) -> Box<dyn Children> {
        self.entry(kind).store.copy_out(slots)
    }
}

impl Graph {
    /// Sets a to-one relationship that is not loaded to nothing.
    pub(crate) fn set_empty(&mut self, id: Id, index: usize) {
        if self.links(id, index).is_some() {
            return;
        }
        match self.entity(id).relationships[index].join {
            JoinOn::SourceKey(_) => {
                self.store_mut(id).touch(id.slot);
                self.set_side(id, index, Vec::new());
                self.cleared.push((id, index));
            }
            JoinOn::TargetKey(_) | JoinOn::Secondary { .. } => {
                self.replacements.push((id, index, Vec::new()))
            }
        }
    }

    /// Forgets what a to-one relationship leads to, on both sides, without a change to be flushed: its key was set by
    /// hand to that of an object that is not here.
    pub(crate) fn let_loose(&mut self, id: Id, index: usize) {
        let old = self.first_link(id, index);
        if let (Some(old), Some(back)) = (old, reverse(&self.entity(id).relationships[index]))
            && let Some(links) = self.links(old, back)
        {
            let left = links.iter().copied().filter(|&slot| slot != id.slot).collect();
            self.log(old);
            self.set_loaded(old, back, left);
        }
        self.store_mut(id).set_loaded(id.slot, index, Relation::Unloaded);
    }
}
