//! What a program may listen to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use orm_query::Compiled;

use crate::driver::{BoxFuture, DriverConnection};
use crate::{Error, Result};

/// What happens on an engine; a listener is given to [`EngineBuilder::events`](crate::EngineBuilder::events) and
/// implements what it wants to hear.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use orm::prelude::*;
/// use orm::{Events, Execution};
///
/// #[derive(Default)]
/// struct Counter(AtomicU64);
///
/// impl Events for Counter {
///     fn after_execute(&self, _: &Execution<'_>) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let url = "sqlite::memory:";
/// let counter = Arc::new(Counter::default());
/// let engine = Engine::builder(url).events(counter.clone()).build()?;
/// engine.one(text("SELECT 1").columns::<i64>()).await?;
/// assert_eq!(counter.0.load(Ordering::Relaxed), 1);
/// # Ok(())
/// # }
/// ```
pub trait Events: Send + Sync + 'static {
    /// A connection was opened; nobody has used it yet. An error closes it, and is the error of whoever asked for it.
    fn on_connect<'c>(&'c self, connection: &'c mut dyn DriverConnection) -> BoxFuture<'c, Result<()>> {
        _ = connection;
        Box::pin(async { Ok(()) })
    }

    /// A connection that was idle for some time is about to be given out; `false` closes it, and another one is taken.
    fn before_acquire<'c>(
        &'c self,
        connection: &'c mut dyn DriverConnection,
        idle_for: Duration,
    ) -> BoxFuture<'c, Result<bool>> {
        _ = (connection, idle_for);
        Box::pin(async { Ok(true) })
    }

    /// A statement is about to be sent, and may be changed. An error keeps it from being sent.
    ///
    /// # Errors
    /// The listener's own.
    fn before_execute(&self, statement: &mut Compiled) -> Result<()> {
        _ = statement;
        Ok(())
    }

    /// A statement has succeeded.
    fn after_execute(&self, execution: &Execution<'_>) {
        _ = execution;
    }

    /// A statement, or the end of a transaction, has failed.
    fn on_error(&self, error: &Error) {
        _ = error;
    }

    /// A transaction has begun.
    fn on_begin(&self) {}

    /// A transaction was committed.
    fn on_commit(&self) {}

    /// A transaction was rolled back by a call; not where its connection was dropped.
    fn on_rollback(&self) {}

    /// A savepoint was set.
    fn on_savepoint(&self) {}
}

/// A statement that has run.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Execution<'a> {
    /// The statement.
    pub statement: &'a Compiled,
    /// The rows that it gave or changed.
    pub rows: u64,
    /// How long it took until the last row was read.
    pub elapsed: Duration,
}

impl<T: Events + ?Sized> Events for Arc<T> {
    fn on_connect<'c>(&'c self, connection: &'c mut dyn DriverConnection) -> BoxFuture<'c, Result<()>> {
        (**self).on_connect(connection)
    }

    fn before_acquire<'c>(
        &'c self,
        connection: &'c mut dyn DriverConnection,
        idle_for: Duration,
    ) -> BoxFuture<'c, Result<bool>> {
        (**self).before_acquire(connection, idle_for)
    }

    fn before_execute(&self, statement: &mut Compiled) -> Result<()> {
        (**self).before_execute(statement)
    }

    fn after_execute(&self, execution: &Execution<'_>) {
        (**self).after_execute(execution);
    }

    fn on_error(&self, error: &Error) {
        (**self).on_error(error);
    }

    fn on_begin(&self) {
        (**self).on_begin();
    }

    fn on_commit(&self) {
        (**self).on_commit();
    }

    fn on_rollback(&self) {
        (**self).on_rollback();
    }

    fn on_savepoint(&self) {
        (**self).on_savepoint();
    }
}

/// The listeners of an engine, in the order in which they were given.
#[derive(Clone, Default)]
pub(crate) struct EventList(Vec<Arc<dyn Events>>);

impl EventList {
    pub(crate) fn push(&mut self, events: impl Events) {
        self.0.push(Arc::new(events));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn each(&self, tell: impl Fn(&dyn Events)) {
        self.0.iter().for_each(|events| tell(events.as_ref()));
    }

    pub(crate) async fn on_connect(&self, connection: &mut dyn DriverConnection) -> Result<()> {
        for events in &self.0 {
            events.on_connect(&mut *connection).await?;
        }
        Ok(())
    }

    pub(crate) async fn before_acquire(
        &self,
        connection: &mut dyn DriverConnection,
        idle_for: Duration,
    ) -> Result<bool> {
        for events in &self.0 {
            if !events.before_acquire(&mut *connection, idle_for).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(crate) fn before_execute(&self, statement: &mut Compiled) -> Result<()> {
        self.0.iter().try_for_each(|events| events.before_execute(statement))
    }
}

impl fmt::Debug for EventList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} listener(s)", self.0.len())
    }
}
