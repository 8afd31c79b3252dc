use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What can stop a running statement; SQLite asks for it again and again while it works.
#[derive(Debug)]
pub(super) struct Control {
    cancelled: AtomicBool,
    /// Nanoseconds after `origin`; `NEVER` without a limit.
    deadline: AtomicU64,
    origin: Instant,
    /// How often the statement may go on without being asked why it takes so long; `UNASKED` for a thread that blocks.
    patience: AtomicU32,
}

const UNASKED: u32 = u32::MAX;

/// How many questions a statement on an async thread may live through: it was done before the first one last time.
const PATIENCE: u32 = 2;

const NEVER: u64 = u64::MAX;

/// How many steps of its machine SQLite makes between two questions: some tens of microseconds.
pub(super) const STEPS_BETWEEN: i32 = 1_000;

impl Control {
    pub(super) fn new() -> Self {
        Control {
            cancelled: AtomicBool::new(false),
            deadline: AtomicU64::new(NEVER),
            origin: Instant::now(),
            patience: AtomicU32::new(UNASKED),
        }
    }

    /// A statement starts, and may take so long.
    pub(super) fn start(&self, timeout: Option<Duration>) {
        let deadline = timeout.map_or(NEVER, |timeout| {
            let end = self.origin.elapsed().saturating_add(timeout);
            u64::try_from(end.as_nanos()).unwrap_or(NEVER)
        });
        self.deadline.store(deadline, Ordering::Relaxed);
        self.patience.store(UNASKED, Ordering::Relaxed);
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

    /// How much time the statement has left, where it has a limit.
    pub(super) fn remaining(&self) -> Option<Duration> {
        let deadline = self.deadline.load(Ordering::Relaxed);
        let end = (deadline != NEVER).then(|| Duration::from_nanos(deadline))?;
        Some(end.saturating_sub(self.origin.elapsed()))
    }

    /// Whether the statement is on a thread that must not block for long.
    pub(super) fn set_brief(&self, is_brief: bool) {
        self.patience.store(if is_brief { PATIENCE } else { UNASKED }, Ordering::Relaxed);
    }

    /// Whether the statement was stopped because it was to be brief.
    pub(super) fn was_too_long(&self) -> bool {
        self.patience.load(Ordering::Relaxed) == 0
    }

    /// Whether the statement may go on.
    pub(super) fn goes_on(&self) -> bool {
        match self.patience.load(Ordering::Relaxed) {
            UNASKED => {}
            0 => return false,
            patience => self.patience.store(patience - 1, Ordering::Relaxed),
        }
        !self.cancelled.load(Ordering::Relaxed) && !self.is_late()
    }
}
