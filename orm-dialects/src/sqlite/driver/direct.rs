//! Statements without sqlx's thread: SQLite is called on whatever thread has the connection.
//!
//! sqlx copies each value of each row and sends it to another thread, which costs ten times what SQLite itself needs.
//! Here the rows are read into a buffer, many at a time, by a thread that may block; a query that is known to be done
//! in microseconds runs where it is asked for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use orm_core::{Error, Result};
use orm_query::{Bind, Compiled};

use self::batch::Batch;
use self::cache::{Cache, Prepared};
pub(super) use self::cursor::{DirectCursor, Link};
pub(super) use self::handle::Failure;
use self::handle::{Column, Handle, StatementId};
use super::arguments;
use super::control::{Control, STEPS_BETWEEN};
use super::row::SqliteRow;
use crate::sqlite::errors;
use crate::sqlite::scan::{Scan, scan};
use crate::sqlite::types::encode;

mod batch;
mod cache;
mod cursor;
mod handle;

/// A locked connection with its cache, and the statement that runs on it.
///
/// It moves as one to the thread that works on it, and back.
pub(super) struct Direct {
    handle: Handle,
    cache: Cache,
    row: SqliteRow<Batch>,
    run: Option<Run>,
    control: Arc<Control>,
    /// How long a lock is waited for, in milliseconds, and how long it is now.
    busy_timeout: i32,
    waits: i32,
}

/// A statement on its way.
struct Run {
    statement: Current,
    /// The text behind the current statement, from this byte on.
    rest: Option<(Arc<str>, usize)>,
    found: Scan,
    binds: Vec<Bind>,
    /// How many of `binds` the statements before have taken.
    bound: usize,
    keeps_rows: bool,
    timeout: Option<Duration>,
    /// How long SQLite has worked on it.
    worked: Duration,
    /// The current statement has given its first row.
    has_started: bool,
    elapsed: Duration,
    total_changes: i64,
    changes: u64,
}

enum Current {
    /// In the cache.
    Kept(usize),
    /// One of many in a text.
    Own(Box<Prepared>),
    None,
}

/// On what kind of thread a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// One that runs other tasks too, and must not wait.
    Async,
    /// One that may block.
    Blocking,
}

/// How far a statement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// There are rows in the batch, and perhaps more to come.
    Rows,
    Done,
    /// It takes longer than an async thread has, and is back at its start.
    TooLong,
}

impl Direct {
    pub(super) async fn lock(
        connection: Box<sqlx::SqliteConnection>,
        control: Arc<Control>,
        cache_capacity: usize,
    ) -> Result<Box<Direct>> {
        let asked = Arc::clone(&control);
        let locked = Handle::lock(connection, STEPS_BETWEEN, move || asked.goes_on()).await;
        let mut direct = Box::new(Direct {
            handle: locked.map_err(errors::classify)?,
            cache: Cache::new(cache_capacity),
            row: SqliteRow(Batch::default()),
            run: None,
            control,
            busy_timeout: 0,
            waits: 0,
        });
        direct.look_at_busy_timeout();
        Ok(direct)
    }

    pub(super) fn unlock(mut self) -> Box<sqlx::SqliteConnection> {
        self.wait_for_locks(self.busy_timeout);
        self.handle.unlock()
    }

    pub(super) fn clear_cache(&mut self) {
        self.abandon();
        self.cache.clear(&mut self.handle);
    }

    /// Whether a statement is under way.
    fn is_running(&self) -> bool {
        self.run.is_some()
    }

    /// Begins a statement: binds its values if it is in the cache, and keeps them otherwise. Nothing waits here.
    fn start(&mut self, statement: &Compiled, keeps_rows: bool, timeout: Option<Duration>) -> Result<Scan> {
        self.abandon();
        self.row.0.clear();
        let mut run = Run {
            statement: Current::None,
            rest: None,
            found: Scan::default(),
            binds: Vec::new(),
            bound: 0,
            keeps_rows,
            timeout,
            worked: Duration::ZERO,
            has_started: false,
            elapsed: Duration::ZERO,
            total_changes: self.handle.total_changes(),
            changes: 0,
        };
        if let Some(place) = self.cache.find(&statement.sql) {
            let prepared = self.cache.at(place);
            run.found = prepared.found;
            run.statement = Current::Kept(place);
            if let Err(error) = bind_all(&mut self.handle, &prepared.id, &statement.binds, &statement.sql) {
                self.handle.clear_bindings(&prepared.id);
                return Err(error);
            }
        } else {
            run.found = arguments::check(statement)?;
            run.binds.clone_from(&statement.binds);
            run.rest = Some((Arc::clone(&statement.sql), 0));
        }
        let found = run.found;
        self.run = Some(run);
        Ok(found)
    }

    /// Whether the statement under way may be tried on an async thread.
    ///
    /// A query that turns out to be long is stopped and begun again elsewhere. A write cannot be stopped without its
    /// transaction, so it must be one that cannot be long, and have the lock already.
    fn is_quick(&mut self, is_in_transaction: bool) -> bool {
        let Some(Run { statement: Current::Kept(place), .. }) = self.run else { return false };
        let prepared = self.cache.at(place);
        prepared.is_quick
            && (prepared.is_query
                || is_in_transaction && prepared.is_straight == Some(true) && self.handle.is_writing())
    }

    /// Whether nothing is lost when the statement under way is stopped.
    fn is_query(&self) -> bool {
        match &self.run {
            Some(Run { statement: Current::Kept(place), .. }) => self.cache.peek(*place).is_query,
            Some(Run { statement: Current::Own(prepared), rest: None, .. }) => prepared.is_query,
            _ => false,
        }
    }

    /// Whether the transaction has anything that its end would write.
    fn is_writing(&self) -> bool {
        self.handle.is_writing()
    }

    fn is_autocommit(&self) -> bool {
        self.handle.is_autocommit()
    }

    /// Whether SQLite has nothing more to do for the statement under way.
    fn is_at_end(&self) -> bool {
        self.run.as_ref().is_none_or(|run| run.rest.is_none() && matches!(run.statement, Current::None))
    }

    /// From now on SQLite works on the statement, which has so much time left.
    fn arm(&self) {
        let left = self.run.as_ref().and_then(|run| Some(run.timeout?.saturating_sub(run.worked)));
        self.control.start(left);
    }

    /// Works on the statement until it is done, or there are enough rows for now.
    fn advance(&mut self, place: Place) -> Result<Progress> {
        let limit = self.control.remaining().and_then(|limit| i32::try_from(limit.as_millis()).ok());
        self.wait_for_locks(match place {
            Place::Async => 0,
            Place::Blocking => self.busy_timeout.min(limit.unwrap_or(i32::MAX)),
        });
        self.control.set_brief(place == Place::Async && self.is_query());
        self.row.0.clear();
        let began = Instant::now();
        match self.work(began) {
            Ok(progress) => {
                if let Some(run) = &mut self.run
                    && progress == Progress::Rows
                {
                    let elapsed = began.elapsed();
                    run.elapsed += elapsed;
                    run.worked += elapsed;
                }
                Ok(progress)
            }
            Err(Stop::Failed(failure)) if place == Place::Async && self.must_wait(&failure) => {
                self.rewind();
                Ok(Progress::TooLong)
            }
            Err(stop) => {
                self.abandon();
                self.row.0.clear();
                Err(match stop {
                    Stop::Failed(failure) => errors::of_code(failure.code, failure.message),
                    Stop::Refused(error) => error,
                })
            }
        }
    }

    /// Whether a statement failed only because an async thread does not wait.
    fn must_wait(&self, failure: &Failure) -> bool {
        errors::is_interrupt(failure.code) && self.control.was_too_long()
            || errors::is_waiting_for_lock(failure.code)
    }

    fn work(&mut self, began: Instant) -> Result<Progress, Stop> {
        loop {
            let Some(run) = &mut self.run else { return Ok(Progress::Done) };
            let prepared = match &mut run.statement {
                Current::Kept(place) => self.cache.at(*place),
                Current::Own(prepared) => prepared,
                Current::None => {
                    if !run.prepare_next(&mut self.handle, &mut self.cache)? {
                        return Ok(Progress::Done);
                    }
                    continue;
                }
            };
            while self.handle.step(&prepared.id)? {
                if !run.keeps_rows {
                    continue;
                }
                let batch = &mut self.row.0;
                if !std::mem::replace(&mut run.has_started, true) {
                    batch.set_columns(prepared.columns(&self.handle));
                }
                self.handle.read(&prepared.id, |value| batch.push(value))?;
                if batch.end_row(began) {
                    return Ok(Progress::Rows);
                }
            }
            self.finish(began);
            // The rows of the next statement have other columns.
            if !self.row.0.is_empty() {
                return Ok(Progress::Rows);
            }
        }
    }

    /// The current statement is done.
    fn finish(&mut self, began: Instant) {
        let Some(run) = &mut self.run else { return };
        let elapsed = run.elapsed + began.elapsed();
        let done = |handle: &mut Handle, prepared: &mut Prepared| {
            let steps = handle.take_steps(&prepared.id);
            prepared.took(steps, elapsed);
            handle.rewind(&prepared.id);
            handle.clear_bindings(&prepared.id);
        };
        let mut kept = None;
        match std::mem::replace(&mut run.statement, Current::None) {
            Current::Kept(place) => {
                done(&mut self.handle, self.cache.at(place));
                kept = Some(place);
            }
            Current::Own(mut prepared) => {
                done(&mut self.handle, &mut prepared);
                self.handle.finalize(prepared.id);
            }
            Current::None => {}
        }
        let total = self.handle.total_changes();
        if std::mem::replace(&mut run.total_changes, total) != total {
            run.changes += self.handle.changes();
        }
        run.has_started = false;
        run.elapsed = Duration::ZERO;
        if let Some(place) = kept {
            // After the number of changes was taken, which EXPLAIN takes away.
            self.cache.look(place, &mut self.handle);
        }
    }

    /// Puts the statement back to its start, with its values, where another thread takes it up.
    fn rewind(&mut self) {
        self.row.0.clear();
        let Some(run) = &mut self.run else { return };
        run.has_started = false;
        let prepared = match &mut run.statement {
            Current::Kept(place) => self.cache.at(*place),
            Current::Own(prepared) => prepared,
            Current::None => return,
        };
        prepared.is_quick = false;
        self.handle.rewind(&prepared.id);
    }

    /// Ends the statement under way, wherever it is.
    ///
    /// A statement that has changed something outside of a transaction is committed by this, which may wait.
    fn abandon(&mut self) {
        match self.run.take().map(|run| run.statement) {
            Some(Current::Kept(place)) => {
                let id = &self.cache.at(place).id;
                self.handle.rewind(id);
                self.handle.clear_bindings(id);
                self.handle.take_steps(id);
            }
            Some(Current::Own(prepared)) => {
                self.handle.rewind(&prepared.id);
                self.handle.finalize(prepared.id);
            }
            Some(Current::None) | None => {}
        }
    }

    fn wait_for_locks(&mut self, milliseconds: i32) {
        if std::mem::replace(&mut self.waits, milliseconds) != milliseconds {
            self.handle.set_busy_timeout(milliseconds);
        }
    }

    /// Asks SQLite how long locks are waited for, which SQL text may have set.
    pub(super) fn look_at_busy_timeout(&mut self) {
        let Ok((Some(id), _)) = self.handle.prepare("PRAGMA busy_timeout", false) else { return };
        let mut milliseconds = None;
        if let Ok(true) = self.handle.step(&id) {
            // What cannot be read stays as it is.
            _ = self.handle.read(&id, |value| {
                if let Column::Integer(value) = value {
                    milliseconds = i32::try_from(value).ok();
                }
            });
        }
        self.handle.finalize(id);
        if let Some(milliseconds) = milliseconds {
            (self.busy_timeout, self.waits) = (milliseconds, milliseconds);
        }
    }

    /// The rows that were changed by the statement that is done.
    fn take_changes(&mut self) -> u64 {
        self.run.take().map_or(0, |run| run.changes)
    }
}

/// Why a statement does not go on.
enum Stop {
    Failed(Failure),
    Refused(Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Refused(error)
    }
}

impl Run {
    /// Prepares the next statement of the text and binds what it takes; `false` where there is none.
    fn prepare_next(&mut self, handle: &mut Handle, cache: &mut Cache) -> Result<bool, Stop> {
        let Some((text, mut start)) = self.rest.take() else { return Ok(false) };
        let is_first = start == 0;
        let id = loop {
            let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) else { return Ok(false) };
            let (id, used) = match handle.prepare(rest, is_first && cache.holds()) {
                Ok(prepared) => prepared,
                Err(failure) => {
                    // Another thread may take it up.
                    self.rest = Some((text, start));
                    return Err(failure.into());
                }
            };
            start += used;
            match id {
                Some(id) => break id,
                None if used == 0 => return Ok(false),
                None => {}
            }
        };
        let prepared = Prepared::new(handle, id, self.found);
        let is_last = scan(text.get(start..).unwrap_or_default()).empty;
        let bound = if is_first && is_last {
            bind_all(handle, &prepared.id, &self.binds, &text)
        } else {
            self.bind_next(handle, &prepared.id)
        };
        if let Err(error) = bound {
            handle.finalize(prepared.id);
            return Err(error.into());
        }
        if is_first && is_last && cache.holds() {
            self.statement = Current::Kept(cache.insert(handle, text, prepared));
        } else {
            self.statement = Current::Own(Box::new(prepared));
            self.rest = (!is_last).then_some((text, start));
        }
        Ok(true)
    }

    /// Binds the parameters of one statement of many: `?` counts on through all of them, `?NNN` counts from the first.
    fn bind_next(&mut self, handle: &mut Handle, id: &StatementId) -> Result<()> {
        let parameters = 1..=handle.parameters(id);
        // SQLite gives the numbers that are left out no name either.
        let is_numbered = parameters.clone().any(|parameter| handle.parameter_name(id, parameter).is_some());
        for parameter in parameters {
            let position = if is_numbered { parameter } else { self.bound + 1 };
            self.bound = self.bound.max(position);
            let bind = self.binds.get(position - 1);
            let bind = bind.ok_or_else(|| {
                arguments::invalid(format!("the parameter {parameter} of a statement has no value"))
            })?;
            handle.bind(id, parameter, &encode(bind)?).map_err(|f| errors::of_code(f.code, f.message))?;
        }
        Ok(())
    }
}

/// Binds all parameters of a statement that is alone in its text.
///
/// SQLite makes NULL of what is not bound, so they are counted.
fn bind_all(handle: &mut Handle, id: &StatementId, binds: &[Bind], sql: &str) -> Result<()> {
    let parameters = handle.parameters(id);
    if parameters != binds.len() {
        return Err(arguments::miscounted(sql, parameters, binds.len()));
    }
    for (index, bind) in binds.iter().enumerate() {
        handle.bind(id, index + 1, &encode(bind)?).map_err(|f| errors::of_code(f.code, f.message))?;
    }
    Ok(())
}
