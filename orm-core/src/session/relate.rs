//! Edits of relationships in memory: both sides are kept in step, as SQLAlchemy's backrefs are.

use hashbrown::HashSet;
use orm_query::mapping::{Children, JoinOn, Links, Relation, RelationshipDef, SlotState};
use orm_query::schema::Name;

use super::graph::{Graph, Id, reverse};
use super::key::Key;
use super::link_edits::LinkEdit;

/// What stands in a relationship field that somebody has assigned.
enum Given {
    Owned,
    /// Objects of another session, which mean nothing here, or of this one that are gone.
    Stale(Vec<u32>),
    Nothing,
}

impl Graph {
    /// Moves the owned children of a new or changed object in, and theirs, and links both sides.
    pub(crate) fn adopt(&mut self, root: Id, is_new: bool) {
        let mut work = vec![(root, is_new)];
        while let Some((id, is_new)) = work.pop() {
            for index in 0..self.entity(id).relationships.len() {
                match self.given(id, index) {
                    Given::Owned => {
                        let children = self.adopt_field(id, index, is_new);
                        // The last one first, so that the work list takes them in their order.
                        work.extend(children.into_iter().rev().map(|child| (child, true)));
                    }
                    Given::Stale(slots) => self.set_side(id, index, slots),
                    Given::Nothing => {}
                }
                if is_new && self.links(id, index).is_none() && self.starts_empty(id, index) {
                    self.set_side(id, index, Vec::new());
                }
            }
        }
    }

    fn given(&mut self, id: Id, index: usize) -> Given {
        let target = self.find_kind((self.entity(id).relationships[index].target)());
        match self.store(id).relation(id.slot, index) {
            Relation::Owned(_) | Relation::Part(_) => Given::Owned,
            Relation::Linked(links) if links.session != self.links_tag => {
                *self.store_mut(id).relation_mut(id.slot, index) = Relation::Unloaded;
                Given::Nothing
            }
            Relation::Linked(links) => {
                let is_here = |slot: &u32| {
                    target.is_some_and(|kind| self.state(Id { kind, slot: *slot }) != SlotState::Vacant)
                };
                if links.slots.iter().all(is_here) {
                    return Given::Nothing;
                }
                Given::Stale(links.slots.iter().copied().filter(is_here).collect())
            }
            Relation::Unloaded => Given::Nothing,
        }
    }

    /// Moves the owned children of one field in; their own fields are still to be adopted.
    fn adopt_field(&mut self, id: Id, index: usize, is_new: bool) -> Vec<Id> {
        let relationship = &self.entity(id).relationships[index];
        let target = self.kind((relationship.target)());
        let (Relation::Owned(children) | Relation::Part(children)) =
            std::mem::take(self.store_mut(id).relation_mut(id.slot, index))
        else {
            return Vec::new();
        };
        let slots = children.move_into(&mut *self.entry_mut(target).store);
        let children: Vec<Id> = slots.iter().map(|&slot| self.enlist(target, slot)).collect();
        if !is_new {
            self.release(id, index);
        }
        let is_known = self.stored_links(id, index).is_some() && !self.was_partial(id, index);
        if self.state(id) == SlotState::Persistent && !is_known {
            // Assigned over a field that is not loaded, or in part: the flush finds what the database has.
            self.store_mut(id).set_loaded(id.slot, index, Relation::Unloaded);
            self.clear(id, index);
        } else {
            self.set_side(id, index, Vec::new());
        }
        for &child in &children {
            self.link(id, index, child);
        }
        children
    }

    /// Whatever led to `id` by the other side of a field leads there no longer: the field was assigned.
    pub(super) fn release(&mut self, id: Id, index: usize) {
        let relationship = &self.entity(id).relationships[index];
        let Some(kind) = self.find_kind((relationship.target)()) else { return };
        let mut old: Vec<Id> = match self.state(id) {
            SlotState::Persistent => self.stored_links(id, index).unwrap_or_default().to_vec(),
            _ => Vec::new(),
        }
        .into_iter()
        .map(|slot| Id { kind, slot })
        .collect();
        if let Some(back) = reverse(relationship) {
            let leads_here = |child: &Id| self.links(*child, back).is_some_and(|l| l.contains(&id.slot));
            old.extend(self.changed(kind).into_iter().filter(leads_here));
        }
        if !old.is_empty() {
            self.set_side(id, index, old.iter().map(|old| old.slot).collect());
            for old in old {
                self.unlink(id, index, old);
            }
        }
    }

    /// The objects of a kind that the next flush looks at.
    pub(crate) fn changed(&self, kind: u32) -> Vec<Id> {
        let entry = self.entry(kind);
        let slots = entry.new.iter().chain(entry.store.touched());
        let ids = slots.map(|&slot| Id { kind, slot });
        ids.filter(|&id| matches!(self.state(id), SlotState::Pending | SlotState::Persistent)).collect()
    }

    /// A new row has no children in the database, and no parent where its key is not given.
    fn starts_empty(&self, id: Id, index: usize) -> bool {
        let relationship = &self.entity(id).relationships[index];
        match relationship.join {
            JoinOn::TargetKey(_) | JoinOn::Secondary { .. } => true,
            JoinOn::SourceKey(_) => false,
        }
    }

    pub(crate) fn set_side(&mut self, id: Id, index: usize, slots: Vec<u32>) {
        let partial = self.is_partial(id, index);
        let links = Links { session: self.links_tag, slots, partial };
        *self.store_mut(id).relation_mut(id.slot, index) = Relation::Linked(links);
    }

    /// `target` becomes (one of) what the relationship of `id` leads to; the other side follows.
    pub(crate) fn link(&mut self, id: Id, index: usize, target: Id) {
        let relationship = &self.entity(id).relationships[index];
        let back = reverse(relationship);
        self.forget_part_of_one(id, index);
        if let Some(back) = back {
            self.forget_part_of_one(target, back);
        }
        if !relationship.to_many {
            let old = self.target_of(id, index);
            if old == Some(target) && self.links(id, index).is_some() && self.has_back(target, back, id) {
                return;
            }
            if let (Some(old), Some(back)) = (old.filter(|old| *old != target), back) {
                self.note_detach(old, back, id);
                self.detach_side(old, back, id);
            }
        }
        if let Some(old) = self.source_of(id.kind, index, target).filter(|old| *old != id) {
            self.note_detach(old, index, target);
            self.detach_side(old, index, target);
        }
        self.note_attach(id, index, target);
        self.attach_side(id, index, target);
        match back {
            Some(back) => {
                self.note_attach(target, back, id);
                self.attach_side(target, back, id);
            }
            None if matches!(relationship.join, JoinOn::TargetKey(_)) => {
                self.owners.insert((target, id.kind, index), id);
            }
            None => {}
        }
    }

    /// `target` is no longer (one of) what the relationship of `id` leads to; the other side follows.
    pub(crate) fn unlink(&mut self, id: Id, index: usize, target: Id) {
        let back = reverse(&self.entity(id).relationships[index]);
        self.forget_part_of_one(id, index);
        if let Some(back) = back {
            self.forget_part_of_one(target, back);
        }
        self.note_detach(id, index, target);
        self.detach_side(id, index, target);
        if let Some(back) = back {
            self.note_detach(target, back, id);
            self.detach_side(target, back, id);
        }
    }

    pub(crate) fn first_link(&self, id: Id, index: usize) -> Option<Id> {
        let slot = *self.links(id, index)?.first()?;
        let kind = self.find_kind((self.entity(id).relationships[index].target)())?;
        Some(Id { kind, slot })
    }

    /// What a to-one relationship leads to: where it is not loaded, by the key that the row has.
    pub(crate) fn target_of(&self, id: Id, index: usize) -> Option<Id> {
        let relationship = &self.entity(id).relationships[index];
        match (self.links(id, index), relationship.join) {
            (Some(_), _) if !self.is_partial(id, index) => self.first_link(id, index),
            (_, JoinOn::SourceKey(_)) => self.parent_in_row(id, relationship),
            (_, JoinOn::TargetKey(_) | JoinOn::Secondary { .. }) => None,
        }
    }

    /// Whose relationship `index` leads to `child`, where only one object's can and it is known here.
    fn source_of(&self, kind: u32, index: usize, child: Id) -> Option<Id> {
        let relationship = &self.entry(kind).entity.relationships[index];
        let back = reverse(relationship);
        if let Some(back) = back.filter(|&back| !self.entity(child).relationships[back].to_many) {
            return self.target_of(child, back);
        }
        if back.is_none() && matches!(relationship.join, JoinOn::TargetKey(_)) {
            let owner = self.owners.get(&(child, kind, index)).copied();
            return owner.or_else(|| self.parent_in_row(child, relationship));
        }
        None
    }

    /// The object that the foreign key of a row references, as the database has the row.
    pub(crate) fn parent_in_row(&self, child: Id, relationship: &RelationshipDef) -> Option<Id> {
        if self.state(child) != SlotState::Persistent {
            return None;
        }
        self.parent_by_key(child, relationship, |position| {
            self.store(child).stored_value(child.slot, position)
        })
    }

    /// Whether the row of a child references a parent, be it here or not.
    fn has_parent_in_row(&self, child: Id, relationship: &RelationshipDef) -> bool {
        let table = self.entity(child).table;
        let value = |position| self.store(child).stored_value(child.slot, position);
        let is_set = |name: &Name| table.position(name).and_then(value).is_some_and(|value| !value.is_null());
        self.state(child) == SlotState::Persistent
            && relationship.foreign_key().is_some_and(|key| key.columns.iter().all(is_set))
    }

    /// The object that the foreign key of a child references, as it stands now.
    pub(crate) fn parent_of_key(&self, child: Id, relationship: &RelationshipDef) -> Option<Id> {
        self.parent_by_key(child, relationship, |position| self.store(child).value(child.slot, position))
    }

    fn parent_by_key(
        &self,
        child: Id,
        relationship: &RelationshipDef,
        value: impl Fn(usize) -> Option<orm_query::Value>,
    ) -> Option<Id> {
        let parent = match relationship.join {
            JoinOn::TargetKey(_) => (relationship.source)(),
            JoinOn::SourceKey(_) => (relationship.target)(),
            JoinOn::Secondary { .. } => return None,
        };
        let key = relationship.foreign_key()?;
        // Only the primary key is in the identity map.
        if !parent.table.primary_key().map(|(_, column)| &column.name).eq(key.target_columns.iter()) {
            return None;
        }
        let table = self.entity(child).table;
        let values = key.columns.iter().map(|name| value(table.position(name)?));
        self.lookup(self.find_kind(parent)?, &Key::new(values.collect::<Option<Vec<_>>>()?)?)
    }

    /// Whether the other side leads back, so that nothing is left to do.
    pub(crate) fn has_back(&self, target: Id, back: Option<usize>, id: Id) -> bool {
        back.is_none_or(|back| self.links(target, back).is_some_and(|links| links.contains(&id.slot)))
    }

    /// A to-one relationship of which a part is loaded leads to it or to something else: it is edited as one that is
    /// not loaded.
    fn forget_part_of_one(&mut self, id: Id, index: usize) {
        if !self.entity(id).relationships[index].to_many {
            self.forget_part(id, index);
        }
    }

    fn attach_side(&mut self, id: Id, index: usize, target: Id) {
        let relationship = &self.entity(id).relationships[index];
        self.forget_part_of_one(id, index);
        let edit = LinkEdit { parent: id, relationship: index, child: target, added: true };
        if self.is_partial(id, index) && self.link_edits.take_opposite(edit) {
            // It was taken out and is back, so that it is as the database has it.
            self.place(id, index, target, true);
            return;
        }
        match self.links(id, index) {
            Some(links) if links.contains(&target.slot) => return,
            Some(_) => {
                self.touch(id);
                if !relationship.to_many
                    && let Some(old) = self.first_link(id, index)
                {
                    self.let_go(relationship, old);
                }
            }
            None if relationship.to_many => {
                self.edit_unloaded(edit);
                return;
            }
            None => self.set_empty(id, index),
        }
        if let Relation::Linked(links) = self.store_mut(id).relation_mut(id.slot, index) {
            if !relationship.to_many {
                links.slots.clear();
            }
            links.slots.push(target.slot);
        }
    }

    fn detach_side(&mut self, id: Id, index: usize, target: Id) {
        let relationship = &self.entity(id).relationships[index];
        self.forget_part_of_one(id, index);
        let had = self.links(id, index).is_some_and(|links| links.contains(&target.slot));
        if had || self.source_of(id.kind, index, target) == Some(id) {
            self.let_go(relationship, target);
        }
        if self.owners.get(&(target, id.kind, index)) == Some(&id) {
            self.owners.remove(&(target, id.kind, index));
        }
        match self.links(id, index) {
            // What the part left out is taken out as of a collection that is not loaded.
            Some(_) if !had && self.is_partial(id, index) => {
                self.edit_unloaded(LinkEdit { parent: id, relationship: index, child: target, added: false });
            }
            Some(_) if !had => {}
            Some(_) => {
                self.touch(id);
                if let Relation::Linked(links) = self.store_mut(id).relation_mut(id.slot, index)
                    && let Some(at) = links.slots.iter().position(|&slot| slot == target.slot)
                {
                    links.slots.remove(at);
                }
            }
            None if relationship.to_many => {
                self.edit_unloaded(LinkEdit { parent: id, relationship: index, child: target, added: false });
            }
            // The key that the row has is of the one that it loses.
            None if self.target_of(id, index) == Some(target) => self.set_empty(id, index),
            None => {}
        }
    }

    /// A pending child that loses a parent with `delete-orphan` is perhaps not to be inserted.
    fn let_go(&mut self, relationship: &'static RelationshipDef, child: Id) {
        if relationship.cascade.delete_orphan && self.state(child) == SlotState::Pending {
            self.let_go.push((relationship, child));
        }
    }

    /// Keeps an edit of a collection that is not loaded, where the other side does not tell it.
    fn edit_unloaded(&mut self, edit: LinkEdit) {
        let LinkEdit { parent, relationship, child, added } = edit;
        let definition = &self.entity(parent).relationships[relationship];
        let by_key = matches!(definition.join, JoinOn::TargetKey(_));
        let undone = self.link_edits.take_opposite(edit);
        // What was added and taken out again is as it was; but for a child that had another parent before.
        if undone && !(by_key && self.has_parent_in_row(child, definition)) {
            return;
        }
        let told = reverse(definition).is_some_and(|back| {
            // The other side tells by its own difference: a to-one always, a collection where it is loaded.
            let tells =
                |links: &[u32]| added || !self.is_partial(child, back) || links.contains(&parent.slot);
            (by_key && added) || self.links(child, back).is_some_and(tells)
        });
        // What is not in the collection cannot be taken out of it.
        let is_other = by_key && !added && !undone && self.parent_in_row(child, definition) != Some(parent);
        if !told && !is_other {
            self.link_edits.record(edit);
        }
    }

    /// Sets what a loaded relationship leads to, without a change to be flushed.
    pub(crate) fn set_loaded(&mut self, id: Id, index: usize, slots: Vec<u32>) {
        let partial = self.is_partial(id, index);
        let links = Links { session: self.links_tag, slots, partial };
        self.store_mut(id).set_loaded(id.slot, index, Relation::Linked(links));
    }

    /// Edits that were made before a relationship of these parents was loaded are in it afterwards.
    pub(crate) fn edit_loaded(&mut self, parents: &[Id], index: usize) {
        let Some(&Id { kind, .. }) = parents.first() else { return };
        let parents: HashSet<Id> = parents.iter().copied().collect();
        for edit in self.link_edits.take(index, &parents) {
            if edit.added {
                self.attach_side(edit.parent, index, edit.child);
            } else {
                self.detach_side(edit.parent, index, edit.child);
            }
        }
        let relationship = &self.entry(kind).entity.relationships[index];
        let Some(target) = self.find_kind((relationship.target)()) else { return };
        // A child that has got another parent, when nobody knew whose it was.
        let moved: Vec<(Id, Id)> = self
            .owners
            .iter()
            .filter(|((_, of, by), _)| (*of, *by) == (kind, index))
            .filter_map(|(&(child, ..), &owner)| {
                let old = self.parent_in_row(child, relationship)?;
                (old != owner && parents.contains(&old)).then_some((old, child))
            })
            .collect();
        for (old, child) in moved {
            self.detach_side(old, index, child);
        }
        let back = reverse(relationship);
        for child in self.changed(target) {
            if matches!(relationship.join, JoinOn::TargetKey(_))
                && self.state(child) == SlotState::Persistent
                && self.set_by_hand(child, relationship, back)
            {
                let here = |id: &Id| parents.contains(id);
                let (old, new) =
                    (self.parent_in_row(child, relationship), self.parent_of_key(child, relationship));
                if old != new {
                    old.filter(here).into_iter().for_each(|old| self.place(old, index, child, false));
                    new.filter(here).into_iter().for_each(|new| self.place(new, index, child, true));
                }
                continue;
            }
            let Some(back) = back else { continue };
            // A to-one that was set while it was not loaded does not know what it led to before.
            if self.links(child, back).is_some()
                && let Some(old) = self.parent_in_row(child, relationship)
                && parents.contains(&old)
                && !self.has_back(child, Some(back), old)
            {
                self.detach_side(old, index, child);
            }
            let (added, removed) = self.difference(child, back);
            let here = |slot: &u32| parents.contains(&Id { kind, slot: *slot });
            for slot in removed.into_iter().filter(here) {
                self.detach_side(Id { kind, slot }, index, child);
            }
            for slot in added.into_iter().filter(here) {
                self.attach_side(Id { kind, slot }, index, child);
            }
        }
    }

    /// What a relationship leads to now and did not before, and the reverse.
    pub(crate) fn difference(&self, id: Id, index: usize) -> (Vec<u32>, Vec<u32>) {
        let Some(now) = self.links(id, index) else { return Default::default() };
        let before = match self.state(id) {
            SlotState::Pending => &[],
            _ => self.stored_links(id, index).unwrap_or_default(),
        };
        if now == before {
            return Default::default();
        }
        // Small collections are searched, large ones hashed.
        let minus = |a: &[u32], b: &[u32]| -> Vec<u32> {
            if b.len() > 16 {
                let b: HashSet<u32> = b.iter().copied().collect();
                a.iter().copied().filter(|x| !b.contains(x)).collect()
            } else {
                a.iter().copied().filter(|x| !b.contains(x)).collect()
            }
        };
        (minus(now, before), minus(before, now))
    }

    /// Drops pending objects, with what their `delete` cascades reach; what else they led to loses them.
    pub(crate) fn discard(&mut self, mut gone: HashSet<Id>) {
        let mut work: Vec<Id> = gone.iter().copied().collect();
        while let Some(id) = work.pop() {
            for (index, relationship) in self.entity(id).relationships.iter().enumerate() {
                let Some(kind) = self.find_kind((relationship.target)()) else { continue };
                let links = self.links(id, index).map(<[u32]>::to_vec).unwrap_or_default();
                for target in links.into_iter().map(|slot| Id { kind, slot }) {
                    let goes_too = relationship.cascade.delete && !relationship.view_only;
                    match self.state(target) {
                        SlotState::Pending if goes_too => work.extend(gone.insert(target).then_some(target)),
                        SlotState::Persistent if goes_too => self.doom(target),
                        _ => self.quietly(|graph| graph.unlink(id, index, target)),
                    }
                }
            }
        }
        self.forget(&gone);
    }

    /// Key columns that were set by hand: loaded relationships over them follow, without a change to be flushed.
    pub(crate) fn follow_keys(&mut self, id: Id) {
        let is_new = self.state(id) == SlotState::Pending;
        for (index, relationship) in self.entity(id).relationships.iter().enumerate() {
            let JoinOn::SourceKey(_) = relationship.join else { continue };
            if !self.set_by_hand(id, relationship, Some(index)) {
                continue;
            }
            match self.parent_of_key(id, relationship) {
                Some(target) => self.link(id, index, target),
                None if is_new => {}
                None => self.let_loose(id, index),
            }
        }
        for kind in self.kinds() {
            for (index, relationship) in self.entry(kind).entity.relationships.iter().enumerate() {
                let is_alone =
                    matches!(relationship.join, JoinOn::TargetKey(_)) && reverse(relationship).is_none();
                if is_alone
                    && (relationship.target)() == self.entity(id)
                    && !self.owners.contains_key(&(id, kind, index))
                    && self.set_by_hand(id, relationship, None)
                {
                    let (old, new) =
                        (self.parent_in_row(id, relationship), self.parent_of_key(id, relationship));
                    if old != new {
                        old.into_iter().for_each(|old| self.place(old, index, id, false));
                        new.into_iter().for_each(|new| self.place(new, index, id, true));
                    }
                }
            }
        }
    }

    /// Whether the key of a child was set by hand and its relationship, at `index` of its own, was not.
    fn set_by_hand(&self, id: Id, relationship: &RelationshipDef, index: Option<usize>) -> bool {
        if self.state(id) == SlotState::Pending {
            return index.is_none_or(|index| self.links(id, index).is_none());
        }
        if !self.store(id).is_touched(id.slot) {
            return false;
        }
        let Some(key) = relationship.foreign_key() else { return false };
        let (table, store) = (self.entity(id).table, self.store(id));
        let mut positions = key.columns.iter().filter_map(|name| table.position(name));
        positions.any(|c| store.value(id.slot, c) != store.stored_value(id.slot, c))
            && index.is_none_or(|index| self.links(id, index) == self.stored_links(id, index))
    }

    /// Sets the way back of a child that was read with its parent, unless its key says otherwise meanwhile.
    pub(crate) fn load_back(&mut self, child: Id, back: usize, parent: Id) {
        let relationship = &self.entity(child).relationships[back];
        if self.links(child, back).is_none() && !self.set_by_hand(child, relationship, None) {
            self.load_links(child, back, vec![parent.slot]);
        }
    }

    /// Puts a child into a loaded relationship, or takes it out, as if it had been read so.
    fn place(&mut self, parent: Id, index: usize, child: Id, is_in: bool) {
        let Some(now) = self.links(parent, index) else { return };
        let place = |links: &[u32]| {
            let others = links.iter().copied().filter(|&slot| slot != child.slot);
            others.chain(is_in.then_some(child.slot)).collect::<Vec<u32>>()
        };
        let now = place(now);
        let before = self.stored_links(parent, index).map(place);
        self.log(parent);
        match before {
            Some(before) => self.set_both(parent, index, before, now),
            None => self.set_side(parent, index, now),
        }
    }

    /// Copies of linked objects as owned children.
    pub(crate) fn copies(&self, kind: u32, slots: &[u32]) -> Box<dyn Children> {
        self.entry(kind).store.copy_out(slots)
    }

    /// Sets a to-one relationship to nothing, or one that is not loaded.
    pub(crate) fn clear(&mut self, id: Id, index: usize) {
        self.forget_part_of_one(id, index);
        match self.target_of(id, index) {
            Some(old) => self.unlink(id, index, old),
            None => self.note_clear(id, index),
        }
        self.set_empty(id, index);
    }

    /// Sets a relationship that is not loaded to nothing.
    fn set_empty(&mut self, id: Id, index: usize) {
        if self.links(id, index).is_some() {
            return;
        }
        self.touch(id);
        self.set_side(id, index, Vec::new());
        if self.state(id) != SlotState::Persistent {
            return;
        }
        match self.entity(id).relationships[index].join {
            JoinOn::SourceKey(_) => self.cleared.push((id, index)),
            // What the database has must go; the flush finds it.
            JoinOn::TargetKey(_) | JoinOn::Secondary { .. } => self.replacements.push((id, index)),
        }
    }

    /// Forgets what a to-one relationship leads to, on both sides, without a change to be flushed: its key was set by
    /// hand to that of an object that is not here.
    pub(crate) fn let_loose(&mut self, id: Id, index: usize) {
        let old = self.target_of(id, index);
        if let (Some(old), Some(back)) = (old, reverse(&self.entity(id).relationships[index])) {
            self.place(old, back, id, false);
        }
        self.log(id);
        self.store_mut(id).set_loaded(id.slot, index, Relation::Unloaded);
    }
}
