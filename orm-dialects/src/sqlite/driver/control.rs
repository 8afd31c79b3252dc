use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What can stop a running statement; SQLite asks for it again and again while it works.
#[derive(Debug)]
pub(super) struct Control {
    cancelled: AtomicBool,
    /// Nanoseconds after `origin`; `NEVER` without a limit.
    deadline: AtomicU64,
    origin: Instant,
}

const NEVER: u64 = u64::MAX;

/// How many steps of its machine SQLite makes between two questions: some tens of microseconds.
pub(super) const STEPS_BETWEEN: i32 = 1_000;

impl Control {
    pub(super) fn new() -> Self {
        Control { cancelled: AtomicBool::new(false), deadline: AtomicU64::new(NEVER), origin: Instant::now() }
    }

    /// A statement starts, and may take so long.
    pub(super) fn start(&self, timeout: Option<Duration>) {
        let deadline = timeout.map_or(NEVER, |timeout| {
            let end = self.origin.elapsed().saturating_add(timeout);
            u64::try_from(end.as_nanos()).unwrap_or(NEVER)
        });
        self.deadline.store(deadline, Ordering::Relaxed);
        self.cancelled.store(false, Ordering::Relaxed);
    }

    /// Nobody waits for the statement any more.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the statement has run past its limit.
    pub(super) fn is_late(&self) -> bool {
        let deadline = self.deadline.load(Ordering::Relaxed);
        deadline != NEVER && self.origin.elapsed().as_nanos() >= u128::from(deadline)
    }

    /// Whether the statement may go on.
    pub(super) fn goes_on(&self) -> bool {
        !self.cancelled.load(Ordering::Relaxed) && !self.is_late()
    }
}
