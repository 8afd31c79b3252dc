use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use orm_core::driver::{BoxFuture, Cursor};
use orm_core::{Error, Result};
use orm_query::{Compiled, ExecutionOptions, Row};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::task::coop::consume_budget;

use super::{Direct, Place, Progress};
use crate::sqlite::driver::arguments;
use crate::sqlite::driver::control::Control;
use crate::sqlite::driver::state::{Kind, State};
use crate::sqlite::errors;

/// Where a connection is.
pub(in crate::sqlite::driver) enum Link {
    /// With sqlx.
    Plain(Box<sqlx::SqliteConnection>),
    /// On its way from sqlx.
    Locking(BoxFuture<'static, Result<Box<Direct>>>),
    /// Here, with whoever has the link.
    Here(Box<Direct>),
    /// With a thread that blocks.
    Away(JoinHandle<Job>),
    /// Nowhere.
    Lost,
}

/// What a thread gives back.
type Job = (Box<Direct>, Result<Progress>);

impl Link {
    /// Waits until the connection is here, and nothing is left of what was dropped half-way.
    fn poll_settle(
        &mut self,
        cx: &mut Context<'_>,
        cache_capacity: usize,
        control: &Arc<Control>,
    ) -> Poll<Result<&mut Direct>> {
        loop {
            match self {
                Link::Here(direct) if !direct.is_running() => break,
                Link::Here(direct) if direct.is_query() => direct.abandon(),
                // It may write, and wait for that.
                Link::Here(_) => self.send(|direct| {
                    direct.abandon();
                    Ok(Progress::Done)
                })?,
                Link::Away(_) => _ = ready!(self.poll_back(cx)),
                Link::Plain(_) => {
                    let Link::Plain(connection) = std::mem::replace(self, Link::Lost) else { continue };
                    let control = control.clone();
                    *self = Link::Locking(Box::pin(async move {
                        Direct::lock(connection, control, cache_capacity).await
                    }));
                }
                Link::Locking(locking) => {
                    let locked = ready!(locking.as_mut().poll(cx));
                    *self = Link::Lost;
                    *self = Link::Here(locked?);
                }
                Link::Lost => return Poll::Ready(Err(lost())),
            }
        }
        match self {
            Link::Here(direct) => Poll::Ready(Ok(direct)),
            _ => Poll::Ready(Err(lost())),
        }
    }

    /// Waits until the connection is here.
    pub(in crate::sqlite::driver) async fn settle(&mut self, state: &mut State) -> Result<&mut Direct> {
        let cache_capacity = state.cache_capacity;
        let control = state.control.clone();
        std::future::poll_fn(|cx| self.poll_settle(cx, cache_capacity, &control).map_ok(drop)).await?;
        state.unfinished = false;
        match self {
            Link::Here(direct) => Ok(direct),
            _ => Err(lost()),
        }
    }

    /// Gives the connection back to sqlx, if it is here.
    pub(in crate::sqlite::driver) fn unlock(&mut self) {
        match std::mem::replace(self, Link::Lost) {
            Link::Here(direct) => *self = Link::Plain(direct.unlock()),
            other => *self = other,
        }
    }

    /// Gives the connection to a thread that may block.
    fn send(&mut self, work: impl FnOnce(&mut Direct) -> Result<Progress> + Send + 'static) -> Result<()> {
        let Ok(runtime) = Handle::try_current() else {
            return Err(Error::Connection { message: "the driver needs a Tokio runtime".into() });
        };
        match std::mem::replace(self, Link::Lost) {
            Link::Here(mut direct) => {
                *self = Link::Away(runtime.spawn_blocking(move || {
                    let progress = work(&mut direct);
                    (direct, progress)
                }));
            }
            other => *self = other,
        }
        Ok(())
    }

    /// Takes the connection back from its thread.
    fn poll_back(&mut self, cx: &mut Context<'_>) -> Poll<Result<Progress>> {
        let Link::Away(job) = self else { return Poll::Ready(Err(lost())) };
        let ended = ready!(Pin::new(job).poll(cx));
        *self = Link::Lost;
        // A runtime that ends takes what has not begun with it.
        let (direct, progress) = ended.map_err(|_| lost())?;
        *self = Link::Here(direct);
        Poll::Ready(progress)
    }
}

fn lost() -> Error {
    Error::Connection { message: "the connection was lost with the thread that had it".into() }
}

/// A running statement, and the row that it stands on.
pub(in crate::sqlite::driver) struct DirectCursor<'c> {
    link: &'c mut Link,
    state: &'c mut State,
    options: ExecutionOptions,
    kind: Kind,
    keeps_rows: bool,
    /// Nothing is lost when it is stopped half-way.
    only_reads: bool,
    changes: u64,
    stage: Stage,
}

enum Stage {
    /// The connection is not here yet.
    Waiting(Compiled),
    /// The values are bound.
    Ready,
    Running,
    /// What the next poll tells.
    Failed(Error),
    Done,
}

impl<'c> DirectCursor<'c> {
    pub(in crate::sqlite::driver) fn new(
        link: &'c mut Link,
        state: &'c mut State,
        statement: &Compiled,
        options: &ExecutionOptions,
        kind: Kind,
        keeps_rows: bool,
    ) -> Self {
        let only_reads = kind == Kind::User && arguments::is_select(&statement.sql);
        let mut cursor = DirectCursor {
            link,
            state,
            options: *options,
            kind,
            keeps_rows,
            only_reads,
            changes: 0,
            stage: Stage::Done,
        };
        cursor.stage = match cursor.link {
            Link::Here(direct) if !direct.is_running() => cursor.start(statement),
            _ => Stage::Waiting(statement.clone()),
        };
        cursor
    }

    fn start(&mut self, statement: &Compiled) -> Stage {
        let Link::Here(direct) = &mut *self.link else { return Stage::Failed(lost()) };
        if self.kind.needs_transaction() && self.state.in_transaction && direct.is_autocommit() {
            return Stage::Failed(errors::failed_transaction());
        }
        match direct.start(statement, self.keeps_rows, self.options.timeout) {
            Ok(found) => {
                self.state.saw(self.kind, found);
                self.only_reads |= direct.is_query();
                Stage::Ready
            }
            Err(error) => Stage::Failed(error),
        }
    }

    fn poll_progress(&mut self, cx: &mut Context<'_>) -> Poll<Result<Progress>> {
        loop {
            match &mut self.stage {
                Stage::Waiting(_) => {
                    ready!(self.link.poll_settle(cx, self.state.cache_capacity, &self.state.control))?;
                    self.state.unfinished = false;
                    if let Stage::Waiting(statement) = std::mem::replace(&mut self.stage, Stage::Done) {
                        self.stage = self.start(&statement);
                    }
                }
                Stage::Ready => {
                    // A task whose every query is answered at once would never let others run.
                    ready!(pin!(consume_budget()).poll(cx));
                    let Link::Here(direct) = &mut *self.link else { return Poll::Ready(Err(lost())) };
                    self.stage = Stage::Running;
                    self.state.unfinished = true;
                    direct.arm();
                    let is_brief = match self.kind {
                        Kind::User => !self.state.changed && direct.is_quick(self.state.in_transaction),
                        Kind::Setup => false,
                        // There is nothing that the end of a transaction would have to write.
                        Kind::Begin | Kind::Savepoint => true,
                        Kind::Inside | Kind::End => !direct.is_writing(),
                    };
                    if is_brief {
                        let progress = direct.advance(Place::Async);
                        if !matches!(progress, Ok(Progress::TooLong)) {
                            return Poll::Ready(progress);
                        }
                    }
                    self.link.send(|direct| direct.advance(Place::Blocking))?;
                }
                Stage::Running => match &mut *self.link {
                    Link::Here(direct) if direct.is_at_end() => {
                        direct.row.0.clear();
                        return Poll::Ready(Ok(Progress::Done));
                    }
                    Link::Here(direct) => {
                        direct.arm();
                        self.link.send(|direct| direct.advance(Place::Blocking))?;
                    }
                    _ => return self.link.poll_back(cx),
                },
                Stage::Failed(_) | Stage::Done => {
                    return Poll::Ready(match std::mem::replace(&mut self.stage, Stage::Done) {
                        Stage::Failed(error) => Err(error),
                        _ => Ok(Progress::Done),
                    });
                }
            }
        }
    }

    /// Goes on until there are rows, or it is done.
    fn poll_rows(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        let progress = ready!(self.poll_progress(cx));
        if let Link::Here(direct) = &mut *self.link {
            self.only_reads |= direct.is_query();
        }
        Poll::Ready(match progress {
            Ok(Progress::Rows) => Ok(true),
            Ok(_) => {
                self.end();
                Ok(false)
            }
            Err(error) => {
                self.end();
                Err(self.state.failed(error, &self.options))
            }
        })
    }

    fn end(&mut self) {
        if matches!(self.stage, Stage::Running) {
            self.state.unfinished = false;
        }
        self.stage = Stage::Done;
        if let Link::Here(direct) = &mut *self.link {
            self.changes = direct.take_changes();
        }
    }

    /// Runs it to its end; the number of rows that it has changed.
    pub(in crate::sqlite::driver) async fn run(mut self) -> Result<u64> {
        while std::future::poll_fn(|cx| self.poll_rows(cx)).await? {}
        Ok(self.changes)
    }
}

impl Cursor for DirectCursor<'_> {
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        loop {
            if let (Stage::Running | Stage::Done, Link::Here(direct)) = (&self.stage, &mut *self.link)
                && direct.row.0.advance()
            {
                return Poll::Ready(Ok(true));
            }
            if !ready!(self.poll_rows(cx))? {
                return Poll::Ready(Ok(false));
            }
        }
    }

    fn row(&self) -> &dyn Row {
        match &*self.link {
            Link::Here(direct) if direct.row.0.is_on_row() => &direct.row,
            _ => panic!("`row` was called before `poll_advance` gave `true`"),
        }
    }
}

impl Drop for DirectCursor<'_> {
    fn drop(&mut self) {
        match (&self.stage, &mut *self.link) {
            (Stage::Ready, Link::Here(direct)) => direct.abandon(),
            (Stage::Running, Link::Here(direct)) if self.only_reads => {
                direct.abandon();
                self.state.unfinished = false;
            }
            // Anything else runs to its end: stopped, it would take its whole transaction with it.
            (Stage::Running, Link::Away(_)) if self.only_reads => self.state.control.cancel(),
            _ => {}
        }
    }
}
