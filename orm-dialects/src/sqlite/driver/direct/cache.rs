use std::collections::HashMap;
use std::sync::Arc;

use super::batch::Heading;
use super::handle::{Handle, StatementId};
use crate::sqlite::scan::Scan;

/// A prepared statement, and what is known of it.
pub(super) struct Prepared {
    pub(super) id: StatementId,
    pub(super) found: Scan,
    pub(super) columns: Arc<[Heading]>,
    /// How often it had been prepared anew when its columns were read.
    times_prepared: i32,
    /// It reads, and gives rows.
    pub(super) is_query: bool,
    /// It was done in no time when it ran last.
    pub(super) is_quick: bool,
}

impl Prepared {
    pub(super) fn new(handle: &Handle, id: StatementId, found: Scan) -> Self {
        let columns = headings(handle, &id);
        let is_query = handle.is_readonly(&id) && !columns.is_empty() && !found.lasts;
        let times_prepared = handle.times_prepared(&id);
        Prepared { id, found, columns, times_prepared, is_query, is_quick: false }
    }

    /// The columns of the rows that the statement gives in this run.
    ///
    /// A change of the schema shows only when it has started.
    pub(super) fn columns(&mut self, handle: &Handle) -> &Arc<[Heading]> {
        let times_prepared = handle.times_prepared(&self.id);
        if times_prepared != self.times_prepared || handle.width(&self.id) != self.columns.len() {
            self.columns = headings(handle, &self.id);
            self.times_prepared = times_prepared;
        }
        &self.columns
    }
}

fn headings(handle: &Handle, id: &StatementId) -> Arc<[Heading]> {
    (0..handle.width(id))
        .map(|position| {
            let (name, declared) = handle.column(id, position);
            Heading { name, declared }
        })
        .collect()
}

/// The statements that were used last, by their text.
pub(super) struct Cache {
    capacity: usize,
    by_text: HashMap<Arc<str>, usize>,
    slots: Vec<Slot>,
    clock: u64,
}

struct Slot {
    text: Arc<str>,
    used: u64,
    prepared: Prepared,
}

impl Cache {
    pub(super) fn new(capacity: usize) -> Self {
        Cache { capacity, by_text: HashMap::new(), slots: Vec::new(), clock: 0 }
    }

    pub(super) fn holds(&self) -> bool {
        self.capacity > 0
    }

    /// The place of a statement.
    pub(super) fn find(&mut self, text: &str) -> Option<usize> {
        let place = *self.by_text.get(text)?;
        self.clock += 1;
        self.slots[place].used = self.clock;
        Some(place)
    }

    /// The statement at a place that `find` or `insert` gave since the cache was cleared.
    pub(super) fn at(&mut self, place: usize) -> &mut Prepared {
        &mut self.slots[place].prepared
    }

    /// The same, to look at.
    pub(super) fn peek(&self, place: usize) -> &Prepared {
        &self.slots[place].prepared
    }

    /// Keeps a statement, in the place of the one that was not used for longest.
    pub(super) fn insert(&mut self, handle: &mut Handle, text: Arc<str>, prepared: Prepared) -> usize {
        self.clock += 1;
        let slot = Slot { text: Arc::clone(&text), used: self.clock, prepared };
        let place = if self.slots.len() < self.capacity {
            self.slots.push(slot);
            self.slots.len() - 1
        } else {
            let oldest = (0..self.slots.len()).min_by_key(|place| self.slots[*place].used).unwrap_or(0);
            let old = std::mem::replace(&mut self.slots[oldest], slot);
            self.by_text.remove(&old.text);
            handle.finalize(old.prepared.id);
            oldest
        };
        self.by_text.insert(text, place);
        place
    }

    /// Forgets all.
    pub(super) fn clear(&mut self, handle: &mut Handle) {
        self.by_text.clear();
        for slot in self.slots.drain(..) {
            handle.finalize(slot.prepared.id);
        }
    }
}
