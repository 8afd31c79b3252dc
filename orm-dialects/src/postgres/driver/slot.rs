use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use sqlx::postgres::PgRow;

/// Where a row lies between the work on a connection and its cursor, and what they tell each other.
#[derive(Default)]
pub(super) struct Slot {
    row: Mutex<Option<PgRow>>,
    /// The cursor is being dropped.
    is_left: AtomicBool,
    /// It was dropped, and more than a few rows are still to come.
    is_flooded: AtomicBool,
}

impl Slot {
    /// Hands a row over, and waits for the next poll.
    pub(super) async fn give(&self, row: PgRow) {
        *self.row() = Some(row);
        let mut given = false;
        // No one has to be woken: the cursor finds the row when this returns.
        let once = |_: &mut std::task::Context<'_>| {
            if std::mem::replace(&mut given, true) { Poll::Ready(()) } else { Poll::Pending }
        };
        std::future::poll_fn(once).await;
    }

    pub(super) fn take(&self) -> Option<PgRow> {
        self.row().take()
    }

    fn row(&self) -> MutexGuard<'_, Option<PgRow>> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new cursor starts.
    pub(super) fn clear(&self) {
        *self.row() = None;
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
