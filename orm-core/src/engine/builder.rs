use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use orm_query::IsolationLevel;

use super::{Drivers, Engine, EngineInner};
use crate::Result;
use crate::driver::{Driver, DriverOptions};
use crate::events::{EventList, Events};
use crate::pool::{Pool, PoolOptions};

/// How an engine is set up; made by [`Engine::builder`].
///
/// ```
/// use std::time::Duration;
///
/// use orm::prelude::*;
///
/// # fn main() -> orm::Result<()> {
/// # let url = "sqlite::memory:";
/// let engine = Engine::builder(url)
///     .max_connections(20)
///     .acquire_timeout(Duration::from_secs(5))
///     .max_lifetime(Duration::from_secs(3600))
///     .hide_parameters(true)
///     .build()?;
/// assert_eq!(engine.pool_status().open, 0); // the first statement opens the first connection
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "an engine is made by `.build()`"]
pub struct EngineBuilder<D> {
    url: String,
    driver: DriverOptions,
    pool: PoolOptions,
    events: EventList,
    echo: bool,
    hide_parameters: bool,
    drivers: PhantomData<fn() -> D>,
}

impl<D> EngineBuilder<D> {
    pub(super) fn new(url: &str) -> Self {
        EngineBuilder {
            url: url.to_owned(),
            driver: DriverOptions::default(),
            pool: PoolOptions::default(),
            events: EventList::default(),
            echo: false,
            hide_parameters: false,
            drivers: PhantomData,
        }
    }

    /// The most connections of the pool; 10 unless set, and at least 1.
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.pool.max_connections = connections.max(1);
        self
    }

    /// How many connections are kept open once the first was asked for; none unless set.
    pub fn min_connections(mut self, connections: u32) -> Self {
        self.pool.min_connections = connections;
        self
    }

    /// How long to wait for a connection, be it one of the pool's or a new one; 30 seconds unless set.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.pool.acquire_timeout = timeout;
        self
    }

    /// How long a connection may be idle before it is closed; 10 minutes unless set, for ever with `None`.
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.pool.idle_timeout = timeout.into();
        self
    }

    /// How old a connection may become before it is closed instead of given out again; 30 minutes unless set, for
    /// ever with `None`. SQLAlchemy's `pool_recycle`.
    pub fn max_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.pool.max_lifetime = lifetime.into();
        self
    }

    /// How long a connection may be idle before the server is asked whether it still answers, when it is given out
    /// again: 30 seconds unless set, always with `Duration::ZERO` (SQLAlchemy's `pool_pre_ping`), never with `None`.
    ///
    /// Without an answer another connection is taken. What was cut off more recently is found out by the BEGIN of its
    /// next transaction, which then takes another connection, too; a single statement on the engine gives an error.
    pub fn ping_after(mut self, idle: impl Into<Option<Duration>>) -> Self {
        self.pool.ping_after = idle.into();
        self
    }

    /// How many prepared statements each connection keeps; 100 unless set.
    pub fn statement_cache_capacity(mut self, statements: usize) -> Self {
        self.driver.statement_cache_capacity = statements;
        self
    }

    /// A statement in SQL that each new connection runs; one more for each call.
    pub fn setup(mut self, sql: impl Into<String>) -> Self {
        self.driver.setup.push(sql.into());
        self
    }

    /// The isolation of each transaction that does not say otherwise; the database's own default unless set.
    pub fn isolation(mut self, level: IsolationLevel) -> Self {
        self.driver.isolation = Some(level);
        self
    }

    /// Whether each transaction that does not say otherwise may only read.
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.driver.read_only = read_only;
        self
    }

    /// Has `events` told what happens; one more listener for each call.
    pub fn events(mut self, events: impl Events) -> Self {
        self.events.push(events);
        self
    }

    /// Logs statements at INFO instead of DEBUG; the target is `orm::sql`.
    pub fn echo(mut self, echo: bool) -> Self {
        self.echo = echo;
        self
    }

    /// Keeps values out of logs and errors.
    pub fn hide_parameters(mut self, hide: bool) -> Self {
        self.hide_parameters = hide;
        self
    }

    /// The engine over a driver of one's own, for which the URL and what a driver is told count for nothing.
    pub fn build_with(self, driver: Arc<dyn Driver>) -> Engine<D> {
        let inner = EngineInner {
            pool: Pool::new(driver.clone(), self.pool, self.events.clone()),
            driver,
            events: self.events,
            echo: self.echo,
            hide_parameters: self.hide_parameters,
        };
        Engine { inner: Arc::new(inner), drivers: PhantomData }
    }
}

impl<D: Drivers> EngineBuilder<D> {
    /// The engine. Nothing is connected to yet.
    ///
    /// # Errors
    /// [`Error::Url`](crate::Error::Url) when the URL is malformed or no driver knows its scheme.
    pub fn build(self) -> Result<Engine<D>> {
        let driver = D::open(&self.url, &self.driver)?;
        Ok(self.build_with(driver))
    }
}
