//! Edits of collections that are not loaded.

use hashbrown::{HashMap, HashSet};

use super::graph::Id;

/// What was added to or taken out of collections that are not loaded, where the other side does not tell it.
#[derive(Debug, Clone, Default)]
pub(crate) struct LinkEdits {
    edits: HashMap<(Id, usize, Id), Edit>,
    next: u64,
}

#[derive(Debug, Clone, Copy)]
struct Edit {
    number: u64,
    added: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinkEdit {
    pub(crate) parent: Id,
    pub(crate) relationship: usize,
    pub(crate) child: Id,
    pub(crate) added: bool,
}

impl LinkEdits {
    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.edits.clear();
    }

    pub(crate) fn record(&mut self, edit: LinkEdit) {
        let LinkEdit { parent, relationship, child, added } = edit;
        self.next += 1;
        let edit = Edit { number: self.next, added };
        self.edits.entry((parent, relationship, child)).or_insert(edit);
    }

    /// Whether there is one of that relationship of an object.
    pub(crate) fn has(&self, parent: Id, relationship: usize) -> bool {
        self.edits.keys().any(|&(of, by, _)| (of, by) == (parent, relationship))
    }

    /// Takes back the opposite of an edit; whether there was one.
    pub(crate) fn take_opposite(&mut self, opposite_of: LinkEdit) -> bool {
        let LinkEdit { parent, relationship, child, added } = opposite_of;
        let key = (parent, relationship, child);
        let is_opposite = self.edits.get(&key).is_some_and(|edit| edit.added != added);
        if is_opposite {
            self.edits.remove(&key);
        }
        is_opposite
    }

    /// All, in the order in which they were made.
    pub(crate) fn all(&self) -> Vec<LinkEdit> {
        let mut all: Vec<(u64, LinkEdit)> = self
            .edits
            .iter()
            .map(|(&(parent, relationship, child), edit)| {
                (edit.number, LinkEdit { parent, relationship, child, added: edit.added })
            })
            .collect();
        all.sort_unstable_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, edit)| edit).collect()
    }

    /// Takes those of a relationship of these parents, which is loaded now.
    pub(crate) fn take(&mut self, relationship: usize, parents: &HashSet<Id>) -> Vec<LinkEdit> {
        let mut taken = self.all();
        taken.retain(|edit| edit.relationship == relationship && parents.contains(&edit.parent));
        for edit in &taken {
            self.edits.remove(&(edit.parent, edit.relationship, edit.child));
        }
        taken
    }

    pub(crate) fn forget(&mut self, gone: &HashSet<Id>) {
        self.edits.retain(|(parent, _, child), _| !gone.contains(parent) && !gone.contains(child));
    }

    /// Drops the edits of one relationship of an object.
    pub(crate) fn forget_relationship(&mut self, id: Id, relationship: usize) {
        self.edits.retain(|(parent, by, _), _| (*parent, *by) != (id, relationship));
    }
}
