//! The pool of an engine's connections.
//!
//! A connection that comes back clean is idle at once, without a word to the server; one that was left in a transaction
//! or in the middle of something is reset first, by a task of its own. Whoever waits is served in the order of asking.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::driver::{Driver, DriverConnection};
use crate::events::EventList;
use crate::{Error, Result, TimeoutKind};

/// How many connections there are, how long they live and how they are looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PoolOptions {
    pub(crate) max_connections: u32,
    pub(crate) min_connections: u32,
    pub(crate) acquire_timeout: Duration,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) max_lifetime: Option<Duration>,
    pub(crate) ping_after: Option<Duration>,
}

impl Default for PoolOptions {
    fn default() -> Self {
        PoolOptions {
            max_connections: 10,
            min_connections: 0,
            acquire_timeout: Duration::from_secs(30),
            idle_timeout: Some(Duration::from_secs(600)),
            max_lifetime: Some(Duration::from_secs(1800)),
            ping_after: Some(Duration::from_secs(30)),
        }
    }
}

/// The state of a pool, and what it has done since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PoolStatus {
    /// The connections that are open.
    pub open: usize,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// The most that may be open.
    pub max: usize,
    /// Those who wait for a connection.
    pub waiting: usize,
    /// How often a connection was taken out.
    pub acquired: u64,
    /// How many connections were opened.
    pub opened: u64,
    /// How many were closed or lost.
    pub closed: u64,
    /// How often someone waited in vain.
    pub timed_out: u64,
    /// How long all together have waited for a connection.
    pub waited: Duration,
}

/// How long a connection may take to be reset before it is dropped.
const RESET_LIMIT: Duration = Duration::from_secs(10);

pub(crate) struct Pool {
    driver: Arc<dyn Driver>,
    options: PoolOptions,
    events: EventList,
    permits: Arc<Semaphore>,
    state: Mutex<State>,
    /// A connection was closed.
    closed_one: Notify,
}

#[derive(Default)]
struct State {
    /// The one used last is at the back, and is taken first, so that those that are not needed grow old.
    idle: VecDeque<Idle>,
    status: PoolStatus,
    /// Connections of an earlier generation are not used again.
    generation: u64,
    disposed: bool,
    is_reaping: bool,
}

struct Idle {
    raw: Box<dyn DriverConnection>,
    birth: Birth,
    since: Instant,
}

/// When a connection was opened.
#[derive(Debug, Clone, Copy)]
struct Birth {
    at: Instant,
    generation: u64,
}

impl Pool {
    pub(crate) fn new(driver: Arc<dyn Driver>, options: PoolOptions, events: EventList) -> Arc<Pool> {
        let max = options.max_connections.max(1) as usize;
        let status = PoolStatus { max, ..PoolStatus::default() };
        Arc::new(Pool {
            driver,
            options,
            events,
            permits: Arc::new(Semaphore::new(max)),
            state: Mutex::new(State { status, ..State::default() }),
            closed_one: Notify::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn status(&self) -> PoolStatus {
        let state = self.state();
        PoolStatus { idle: state.idle.len(), ..state.status }
    }

    /// Takes a connection out, opening one where none is idle.
    pub(crate) async fn acquire(self: &Arc<Pool>) -> Result<Pooled> {
        if Handle::try_current().is_err() {
            return Err(Error::Connection { message: "connections need a Tokio runtime".into() });
        }
        let limit = self.options.acquire_timeout;
        let start = Instant::now();
        let permit = match self.permits.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.wait(limit, start).await?,
        };
        let left = limit.saturating_sub(start.elapsed());
        match timeout(left.max(Duration::from_millis(1)), self.take_or_open(permit)).await {
            Ok(taken) => taken,
            Err(_) => {
                self.state().status.timed_out += 1;
                let message = format!("no connection could be opened within {limit:?}");
                Err(Error::Timeout { what: TimeoutKind::Pool, message, statement: None })
            }
        }
    }

    async fn wait(&self, limit: Duration, start: Instant) -> Result<OwnedSemaphorePermit> {
        let waiting = Waiting::new(self);
        let permit = timeout(limit, self.permits.clone().acquire_owned()).await;
        drop(waiting);
        self.state().status.waited += start.elapsed();
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(disposed()),
            Err(_) => {
                self.state().status.timed_out += 1;
                let max = self.options.max_connections;
                let message = format!(
                    "all {max} connections were in use for {limit:?}; is one held while another is awaited?"
                );
                Err(Error::Timeout { what: TimeoutKind::Pool, message, statement: None })
            }
        }
    }

    async fn take_or_open(self: &Arc<Pool>, permit: OwnedSemaphorePermit) -> Result<Pooled> {
        while let Some(idle) = self.pop()? {
            let idle_for = idle.since.elapsed();
            let mut pooled = Pooled::new(self.clone(), None, idle.raw, idle.birth);
            // Until it is found alive, dropping it closes it.
            pooled.is_reused = true;
            pooled.is_doomed = true;
            let raw = pooled.raw()?;
            let mut alive = !raw.is_broken();
            if alive && self.options.ping_after.is_some_and(|after| idle_for >= after) {
                alive = raw.ping().await.is_ok();
            }
            if alive && !self.events.is_empty() {
                alive = self.events.before_acquire(raw, idle_for).await?;
            }
            if alive {
                pooled.is_doomed = false;
                pooled.permit = Some(permit);
                self.state().status.acquired += 1;
                return Ok(pooled);
            }
        }
        self.open(permit).await
    }

    /// The idle connection that was used last, if it is young enough.
    fn pop(self: &Arc<Pool>) -> Result<Option<Idle>> {
        let mut gone = Vec::new();
        let popped = {
            let mut state = self.state();
            if state.disposed {
                return Err(disposed());
            }
            loop {
                match state.idle.pop_back() {
                    Some(idle) if self.is_over(&state, &idle) => gone.push(idle),
                    popped => break popped,
                }
            }
        };
        gone.into_iter().for_each(|idle| self.close_soon(idle.raw));
        Ok(popped)
    }

    fn is_over(&self, state: &State, idle: &Idle) -> bool {
        idle.birth.generation != state.generation
            || self.options.max_lifetime.is_some_and(|limit| idle.birth.at.elapsed() >= limit)
            || self.options.idle_timeout.is_some_and(|limit| idle.since.elapsed() >= limit)
    }

    async fn open(self: &Arc<Pool>, permit: OwnedSemaphorePermit) -> Result<Pooled> {
        let mut pooled = self.open_without_permit().await?;
        pooled.permit = Some(permit);
        Ok(pooled)
    }

    async fn open_without_permit(self: &Arc<Pool>) -> Result<Pooled> {
        let generation = self.state().generation;
        let raw = self.driver.connect().await?;
        {
            let mut state = self.state();
            state.status.open += 1;
            state.status.opened += 1;
        }
        let birth = Birth { at: Instant::now(), generation };
        let mut pooled = Pooled::new(self.clone(), None, raw, birth);
        pooled.is_doomed = true;
        if !self.events.is_empty() {
            self.events.on_connect(pooled.raw()?).await?;
            pooled.raw()?.keep_changes();
        }
        pooled.is_doomed = false;
        self.state().status.acquired += 1;
        self.fill();
        Ok(pooled)
    }

    /// Opens connections in the background until there are as many as shall be.
    fn fill(self: &Arc<Pool>) {
        let Ok(runtime) = Handle::try_current() else { return };
        let pool = Arc::downgrade(self);
        if self.state().status.open >= self.options.min_connections as usize {
            return;
        }
        runtime.spawn(async move {
            while let Some(pool) = pool.upgrade() {
                let (open, disposed) = {
                    let state = pool.state();
                    (state.status.open, state.disposed)
                };
                if disposed || open >= pool.options.min_connections.min(pool.options.max_connections) as usize
                {
                    return;
                }
                let Ok(permit) = pool.permits.clone().try_acquire_owned() else { return };
                // It goes to the idle ones by being dropped.
                if let Err(error) = Box::pin(pool.open(permit)).await {
                    tracing::warn!(%error, "a connection that should be kept ready cannot be opened");
                    return;
                }
            }
        });
    }

    /// No connection that is open now is used by anyone else after it has come back.
    pub(crate) fn invalidate(self: &Arc<Pool>) {
        let idle = {
            let mut state = self.state();
            state.generation += 1;
            std::mem::take(&mut state.idle)
        };
        idle.into_iter().for_each(|idle| self.close_soon(idle.raw));
    }

    /// Refuses everyone who asks from now on, waits for the connections that are out, and closes all.
    pub(crate) async fn dispose(self: &Arc<Pool>) {
        self.permits.close();
        loop {
            let mut closed_one = std::pin::pin!(self.closed_one.notified());
            closed_one.as_mut().enable();
            let idle = {
                let mut state = self.state();
                state.disposed = true;
                state.idle.pop_front()
            };
            if let Some(idle) = idle {
                let _closing = Closing(self);
                // A server that does not answer is not waited for.
                _ = timeout(RESET_LIMIT, idle.raw.close()).await;
                continue;
            }
            if self.state().status.open == 0 {
                break;
            }
            closed_one.await;
        }
        self.driver.close().await;
    }

    fn count_closed(&self) {
        {
            let mut state = self.state();
            state.status.open = state.status.open.saturating_sub(1);
            state.status.closed += 1;
        }
        self.closed_one.notify_waiters();
    }

    /// Says goodbye to the server in a task; without a runtime the connection is cut.
    fn close_soon(self: &Arc<Pool>, raw: Box<dyn DriverConnection>) {
        match Handle::try_current() {
            Ok(runtime) => {
                let leaving = Leaving(Some(self.clone()));
                runtime.spawn(async move {
                    // Counted also where the runtime ends before this task does.
                    let _leaving = leaving;
                    if !raw.is_broken() {
                        // A server that does not answer is not waited for.
                        _ = timeout(RESET_LIMIT, raw.close()).await;
                    }
                });
            }
            Err(_) => {
                drop(raw);
                self.count_closed();
            }
        }
    }

    /// Takes a clean connection back.
    fn keep(self: &Arc<Pool>, raw: Box<dyn DriverConnection>, birth: Birth) {
        let idle = Idle { raw, birth, since: Instant::now() };
        let refused = {
            let mut state = self.state();
            if state.disposed || self.is_over(&state, &idle) {
                Some(idle)
            } else {
                state.idle.push_back(idle);
                None
            }
        };
        match refused {
            Some(idle) => self.close_soon(idle.raw),
            None => self.reap(),
        }
    }

    /// Closes connections that nobody has used for long, while there are any.
    fn reap(self: &Arc<Pool>) {
        let (Some(limit), Ok(runtime)) = (self.options.idle_timeout, Handle::try_current()) else { return };
        if std::mem::replace(&mut self.state().is_reaping, true) {
            return;
        }
        let pool = Arc::downgrade(self);
        runtime.spawn(async move {
            let _reaping = Reaping(pool.clone());
            loop {
                tokio::time::sleep((limit / 2).clamp(Duration::from_millis(10), Duration::from_secs(30)))
                    .await;
                let Some(pool) = pool.upgrade() else { return };
                if !pool.close_the_old() {
                    return;
                }
            }
        });
    }

    /// Closes the idle connections whose time is over, but those that shall be kept ready; whether any are left.
    fn close_the_old(self: &Arc<Pool>) -> bool {
        let mut gone = Vec::new();
        let any_left = {
            let mut state = self.state();
            let spare = state.status.open.saturating_sub(self.options.min_connections as usize);
            while gone.len() < spare {
                match state.idle.front() {
                    Some(idle) if self.is_over(&state, idle) => gone.extend(state.idle.pop_front()),
                    _ => break,
                }
            }
            !state.idle.is_empty()
        };
        gone.into_iter().for_each(|idle| self.close_soon(idle.raw));
        any_left
    }
}

fn disposed() -> Error {
    Error::Connection { message: "the engine was disposed of".into() }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("driver", &self.driver)
            .field("options", &self.options)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

/// Someone waits for a connection, for as long as this lives.
struct Waiting<'p>(&'p Pool);

impl<'p> Waiting<'p> {
    fn new(pool: &'p Pool) -> Self {
        pool.state().status.waiting += 1;
        Waiting(pool)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.state().status.waiting -= 1;
    }
}

/// A connection is being closed; it counts as closed when this is dropped, whoever stops waiting for it.
struct Closing<'p>(&'p Pool);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.count_closed();
    }
}

/// The task that looks for old connections runs, for as long as this lives: a runtime that ends drops it.
struct Reaping(Weak<Pool>);

impl Drop for Reaping {
    fn drop(&mut self) {
        if let Some(pool) = self.0.upgrade() {
            pool.state().is_reaping = false;
        }
    }
}

/// A connection that goes away with this, unless the pool is taken out: a runtime that ends drops its tasks.
struct Leaving(Option<Arc<Pool>>);

impl Drop for Leaving {
    fn drop(&mut self) {
        if let Some(pool) = self.0.take() {
            pool.count_closed();
        }
    }
}

/// A connection that is out of its pool, and goes back when it is dropped.
pub(crate) struct Pooled {
    pool: Arc<Pool>,
    raw: Option<Box<dyn DriverConnection>>,
    permit: Option<OwnedSemaphorePermit>,
    birth: Birth,
    is_reused: bool,
    is_doomed: bool,
}

impl Pooled {
    fn new(
        pool: Arc<Pool>,
        permit: Option<OwnedSemaphorePermit>,
        raw: Box<dyn DriverConnection>,
        birth: Birth,
    ) -> Self {
        Pooled { pool, raw: Some(raw), permit, birth, is_reused: false, is_doomed: false }
    }

    pub(crate) fn raw(&mut self) -> Result<&mut dyn DriverConnection> {
        match &mut self.raw {
            Some(raw) => Ok(raw.as_mut()),
            None => Err(Error::Connection { message: "the connection was closed".into() }),
        }
    }

    pub(crate) fn get(&self) -> Option<&dyn DriverConnection> {
        self.raw.as_deref()
    }

    /// Whether somebody had it before, and it may have been cut meanwhile.
    pub(crate) fn is_reused(&self) -> bool {
        self.is_reused
    }

    /// Opens another connection where this one was given up.
    pub(crate) async fn ensure(&mut self) -> Result<()> {
        if self.raw.is_none() { self.reopen().await } else { Ok(()) }
    }

    /// Opens another connection in its place.
    pub(crate) async fn reopen(&mut self) -> Result<()> {
        self.give_up();
        // The permit stays here while a connection is opened, so that a failure can be tried again.
        let mut other = self.pool.clone().open_without_permit().await?;
        other.permit = self.permit.take();
        *self = other;
        Ok(())
    }

    /// Closes it when it is dropped.
    pub(crate) fn doom(&mut self) {
        self.is_doomed = true;
    }

    /// Closes it at once.
    pub(crate) fn give_up(&mut self) {
        if let Some(raw) = self.raw.take() {
            self.pool.close_soon(raw);
        }
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if self.is_doomed || self.get().is_none_or(|raw| raw.is_broken()) {
            self.give_up();
            return;
        }
        let Some(mut raw) = self.raw.take() else { return };
        if raw.is_clean() {
            // Idle before the permit is free, so that the next one finds it.
            self.pool.keep(raw, self.birth);
            return;
        }
        let Ok(runtime) = Handle::try_current() else {
            self.pool.close_soon(raw);
            return;
        };
        let (pool, permit, birth) = (self.pool.clone(), self.permit.take(), self.birth);
        let leaving = Leaving(Some(pool.clone()));
        runtime.spawn(async move {
            let mut leaving = leaving;
            let reset = timeout(RESET_LIMIT, raw.reset()).await;
            leaving.0 = None;
            match reset {
                Ok(Ok(())) if raw.is_clean() => pool.keep(raw, birth),
                Ok(Ok(())) | Err(_) => pool.close_soon(raw),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "a connection is closed because it cannot be reset");
                    pool.close_soon(raw);
                }
            }
            drop(permit);
        });
    }
}
