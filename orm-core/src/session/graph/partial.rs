//! Relationships that are loaded in part: by a filter, or a limit for each parent.

use super::{Graph, Id};

impl Graph {
    /// Sets a relationship to some of what it leads to. It reads as loaded, and what must know all of it loads it anew.
    pub(crate) fn load_part(&mut self, id: Id, index: usize, slots: Vec<u32>) {
        self.load_links(id, index, slots);
        self.partial.insert((id, index));
    }

    /// Whether only a part of the relationship may be loaded.
    pub(crate) fn is_partial(&self, id: Id, index: usize) -> bool {
        !self.partial.is_empty() && self.partial.contains(&(id, index))
    }
}
