//! Objects that leave: those that the next flush deletes, and those that the session drops.

use hashbrown::HashSet;
use orm_query::mapping::{JoinOn, Relation, RelationshipDef, SlotState};

use super::{Graph, Id, reverse};

/// Objects of one kind, the relationship of theirs at `index`, and the kind that it leads to.
struct Referrers {
    index: usize,
    target: u32,
    objects: Vec<Id>,
}

impl Graph {
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

    /// Forgets those that were deleted.
    pub(super) fn keep_doomed(&mut self) {
        let doomed = std::mem::take(&mut self.doomed);
        self.doomed = doomed.into_iter().filter(|&id| self.state(id) == SlotState::Persistent).collect();
        self.doomed_set = self.doomed.iter().copied().collect();
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
            self.expiry.forget(id);
            for scope in &mut self.scopes {
                scope.undo.remove(&id);
            }
        }
        for scope in &mut self.scopes {
            scope.forget(gone);
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

    /// The row of an object turned out to be gone: it is as if it had been deleted in this transaction.
    pub(crate) fn lose(&mut self, id: Id) {
        self.log(id);
        self.leave_identity(id);
        self.store_mut(id).revert(id.slot);
        self.store_mut(id).set_state(id.slot, SlotState::Deleted);
        self.unlink_deleted(&[id].into_iter().collect());
    }

    /// Takes deleted objects out of the loaded collections that still lead to them.
    pub(crate) fn unlink_deleted(&mut self, deleted: &HashSet<Id>) {
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
    pub(crate) fn forget_changes_of(&mut self, gone: &HashSet<Id>) {
        self.link_edits.forget(gone);
        self.owners.retain(|(child, ..), parent| !gone.contains(child) && !gone.contains(parent));
        self.replacements.retain(|(id, _)| !gone.contains(id));
        self.cleared.retain(|(id, _)| !gone.contains(id));
        self.let_go.retain(|(_, id)| !gone.contains(id));
        self.expressions.retain(|(id, _), _| !gone.contains(id));
        self.permissions.retain(|(id, _), _| !gone.contains(id));
        self.doomed.retain(|id| !gone.contains(id));
        self.doomed_set.retain(|id| !gone.contains(id));
    }
}
