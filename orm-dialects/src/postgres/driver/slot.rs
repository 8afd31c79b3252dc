use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::postgres::PgRow;

/// Where rows lie between the work on a connection and its cursor, and what they tell each other.
///
/// They are handed over some at a time, so that the way through the work is not gone for each row.
#[derive(Default)]
pub(super) struct Slot {
    rows: Mutex<VecDeque<PgRow>>,
    /// The cursor is being dropped.
    is_left: AtomicBool,
    /// It was dropped, and more than a few rows are still to come.
    is_flooded: AtomicBool,
}

impl Slot {
    /// Puts the rows into `rows`, which is empty, and takes its room for the next ones.
    pub(super) fn exchange(&self, rows: &mut VecDeque<PgRow>) {
        std::mem::swap(&mut *self.rows(), rows);
    }

    pub(super) fn rows(&self) -> MutexGuard<'_, VecDeque<PgRow>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new cursor starts.
    pub(super) fn clear(&self) {
        self.rows().clear();
        self.is_left.store(false, Ordering::Relaxed);
        self.is_flooded.store(false, Ordering::Relaxed);
    }

    pub(super) fn leave(&self) {
        self.is_left.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_left(&self) -> bool {
        self.is_left.load(Ordering::Relaxed)
    }

    pub(super) fn flood(&self) {
        self.is_flooded.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_flooded(&self) -> bool {
        self.is_flooded.load(Ordering::Relaxed)
    }
}
