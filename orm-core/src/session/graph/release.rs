//! Objects that leave because nobody needs them any more.

use hashbrown::HashSet;
use orm_query::mapping::SlotState;

use super::{Graph, Id};

impl Graph {
    /// How many slots each kind has.
    pub(crate) fn marks(&self) -> Vec<u32> {
        self.entries.iter().map(|entry| entry.store.len()).collect()
    }

    /// The objects that came between two marks.
    pub(crate) fn between(&self, before: &[u32], behind: &[u32]) -> Vec<Id> {
        let mut came = Vec::new();
        for (kind, &end) in behind.iter().enumerate() {
            let first = before.get(kind).copied().unwrap_or(0);
            came.extend((first..end).map(|slot| Id { kind: kind as u32, slot }));
        }
        came
    }

    /// Drops those of the objects that stand for a row, have no change that a flush would write, and are not led to by
    /// one that has; how many that were. Those that stay remain in the list.
    pub(crate) fn release_unchanged(&mut self, objects: &mut Vec<Id>, waiting: &HashSet<Id>) -> usize {
        let busy = self.busy();
        let mut gone = HashSet::new();
        objects.retain(|&id| match self.state(id) {
            SlotState::Vacant => false,
            SlotState::Persistent
                if !self.store(id).is_touched(id.slot) && !busy.contains(&id) && !waiting.contains(&id) =>
            {
                gone.insert(id);
                false
            }
            SlotState::Persistent | SlotState::Pending | SlotState::Deleted => true,
        });
        self.forget(&gone);
        gone.len()
    }

    /// The objects that the next flush looks at, and what these lead to.
    fn busy(&self) -> HashSet<Id> {
        let mut busy: HashSet<Id> = self.doomed.iter().copied().collect();
        busy.extend(self.link_edits.all().iter().flat_map(|edit| [edit.parent, edit.child]));
        busy.extend(self.replacements.iter().chain(&self.cleared).map(|(id, _)| *id));
        busy.extend(self.owners.iter().flat_map(|((child, ..), parent)| [*child, *parent]));
        busy.extend(self.expressions.keys().map(|(id, _)| *id));
        busy.extend(self.let_go.iter().map(|(_, id)| *id));
        let changed: Vec<Id> = self.kinds().flat_map(|kind| self.changed(kind)).collect();
        for id in changed.into_iter().chain(self.doomed.iter().copied()) {
            busy.insert(id);
            for (index, relationship) in self.entity(id).relationships.iter().enumerate() {
                let Some(kind) = self.find_kind((relationship.target)()) else { continue };
                let links = [self.links(id, index), self.stored_links(id, index)];
                busy.extend(links.into_iter().flatten().flatten().map(|&slot| Id { kind, slot }));
            }
        }
        busy
    }
}
