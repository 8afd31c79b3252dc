use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::batch::Heading;
use super::handle::{Column, Handle, StatementId};
use crate::sqlite::driver::control::STEPS_BETWEEN;
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
    /// Its program has no loop, so that it takes as long whatever its values are; `None` while nobody has looked.
    pub(super) is_straight: Option<bool>,
    /// How long the last run has taken.
    last: Duration,
}

/// What a statement may have needed the last time, to run on an async thread the next time.
const QUICK: (i32, Duration) = (STEPS_BETWEEN, Duration::from_micros(100));

impl Prepared {
    pub(super) fn new(handle: &Handle, id: StatementId, found: Scan) -> Self {
        let columns = headings(handle, &id);
        let is_query = handle.is_readonly(&id) && !columns.is_empty() && !found.lasts;
        let times_prepared = handle.times_prepared(&id);
        Prepared {
            id,
            found,
            columns,
            times_prepared,
            is_query,
            is_quick: false,
            is_straight: None,
            last: Duration::MAX,
        }
    }

    /// The statement was done in so many steps of SQLite's machine and so much time.
    pub(super) fn took(&mut self, steps: i32, time: Duration) {
        // Once in a while it is the thread that had to wait, and not the statement that was long.
        let last = std::mem::replace(&mut self.last, time);
        self.is_quick = steps <= QUICK.0 && time.min(last) <= QUICK.1;
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

/// Whether the program of a statement runs from its start to its end.
fn is_straight(handle: &mut Handle, sql: &str) -> bool {
    /// What goes back, and what is many steps in one.
    const LOOPS: [&[u8]; 17] = [
        b"Next",
        b"Prev",
        b"SorterNext",
        b"VNext",
        b"RowSetRead",
        b"RowSetTest",
        b"Yield",
        b"Gosub",
        b"Program",
        b"Clear",
        b"Count",
        b"VFilter",
        b"VUpdate",
        b"Destroy",
        b"ParseSchema",
        b"SqlExec",
        b"Sort",
    ];
    let Ok((Some(id), _)) = handle.prepare(&format!("EXPLAIN {sql}"), false) else { return false };
    let (mut is_straight, mut is_known) = (true, false);
    // Each row is a step: its number, its name, and three parameters, of which the second is where it jumps to.
    while let Ok(true) = handle.step(&id) {
        is_known = true;
        let (mut position, mut number, mut goes) = (0, 0, false);
        let read = handle.read(&id, |column| {
            match (position, column) {
                (0, Column::Integer(v)) => number = v,
                (1, Column::Text(name)) => {
                    is_straight &= !LOOPS.contains(&name);
                    goes = name == b"Goto";
                }
                // The last step goes to the second one, when all that is done but once is done.
                (3, Column::Integer(target)) => is_straight &= !(goes && target > 1 && target <= number),
                _ => {}
            }
            position += 1;
        });
        is_straight &= read.is_ok();
    }
    handle.finalize(id);
    is_straight && is_known
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

    /// Looks at the program of a write that is quick, once.
    pub(super) fn look(&mut self, place: usize, handle: &mut Handle) {
        let Slot { text, prepared, .. } = &mut self.slots[place];
        if prepared.is_quick && prepared.found.changes && !prepared.is_query && prepared.is_straight.is_none()
        {
            prepared.is_straight = Some(is_straight(handle, text));
        }
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
