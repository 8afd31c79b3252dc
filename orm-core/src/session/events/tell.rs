//! How a session calls its listeners.

use std::collections::VecDeque;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use orm_query::tree::Statement;

use super::super::Session;
use super::super::graph::{Graph, Id};
use super::SessionEvents;
use super::attributes::News;
use super::execute::{ExecuteState, Purpose};
use super::listener::{After, Moment, ObjectEvent, RolledBack};
use crate::error::UNNAMED_LISTENER;
use crate::{Error, Result, SessionError};

/// Who listens to a session, and what is still to be told.
#[derive(Clone, Default)]
pub(crate) struct Listening {
    pub(crate) events: Option<Arc<SessionEvents>>,
    pub(super) news: VecDeque<News>,
    /// What was told last of a target and a relationship, since the last flush.
    pub(super) told: HashMap<(Id, usize, Id), bool>,
    pub(super) told_columns: HashSet<(Id, usize)>,
    is_telling: bool,
    /// A flush is under way: a listener's queries do not begin another one.
    is_flushing: bool,
    /// The flush sends statements of its own.
    pub(crate) is_quiet: bool,
}

impl Listening {
    /// After a flush: what is told from now on is told of the next one.
    pub(crate) fn settle(&mut self) {
        self.told.clear();
        self.told_columns.clear();
    }

    /// After a rollback.
    pub(crate) fn reset(&mut self) {
        self.settle();
        self.news.clear();
        self.is_quiet = false;
        self.is_flushing = false;
    }
}

impl Graph {
    /// Whether an event of a kind of objects has listeners.
    pub(crate) fn hears(&self, event: ObjectEvent, kind: u32) -> bool {
        let hears = |events: &SessionEvents| events.hears_objects(event, self.entry(kind).entity);
        self.listening.events.as_deref().is_some_and(hears)
    }

    /// Whether INSERTs of a kind of objects have listeners: then those of one level are one batch, whatever they set.
    pub(crate) fn hears_inserts(&self, kind: u32) -> bool {
        self.hears(ObjectEvent::BeforeInsert, kind) || self.hears(ObjectEvent::AfterInsert, kind)
    }

    /// Whether UPDATEs of a kind of objects have listeners: they are told of what was touched, changed or not.
    pub(crate) fn hears_updates(&self, kind: u32) -> bool {
        self.hears(ObjectEvent::BeforeUpdate, kind) || self.hears(ObjectEvent::AfterUpdate, kind)
    }

    /// Tells of objects of one kind, one after the other.
    pub(crate) fn tell_objects(&mut self, event: ObjectEvent, kind: u32, slots: &[u32]) -> Result<()> {
        if !self.hears(event, kind) {
            return Ok(());
        }
        let Some(events) = self.listening.events.clone() else { return Ok(()) };
        let store = &mut *self.entry_mut(kind).store;
        slots.iter().try_for_each(|&slot| events.tell_object(event, store, slot))
    }

    /// Lets listeners see a statement that is about to be sent, and add to it.
    pub(crate) fn asked(&self, statement: Statement, purpose: Purpose) -> Result<Statement> {
        match &self.listening.events {
            Some(events) if events.hears_execute() && !self.listening.is_quiet => {
                let mut state = ExecuteState { statement, purpose, criteria: Vec::new() };
                events.tell_execute(&mut state)?;
                let ExecuteState { mut statement, criteria, .. } = state;
                if let Statement::UpdateRows(update) = &statement
                    && criteria.iter().any(|criteria| criteria.is_on(&update.table))
                {
                    let by_key = format!(
                        "a listener of `on_execute` adds a condition on the table `{}`, and an UPDATE of many rows by \
                         their keys has no place for one; write it as `update(…).filter(…)`, or change the objects",
                        update.table.name
                    );
                    return Err(SessionError::Misuse(by_key).into());
                }
                statement.add_criteria(&criteria);
                Ok(statement)
            }
            _ => Ok(statement),
        }
    }
}

/// Until it is ended, a listener has not come to its end: it has panicked, or its future was dropped.
struct Open<'s> {
    session: &'s mut Session,
    moment: Moment,
    is_ended: bool,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.is_ended {
            let cause = || format!("a listener of `{}` was cut off", self.moment.name());
            self.session.failed.get_or_insert_with(cause);
        }
    }
}

/// A flush that is under way.
pub(in super::super) struct Flushing<'s>(pub(in super::super) &'s mut Session);

impl Drop for Flushing<'_> {
    fn drop(&mut self) {
        self.0.graph.listening.is_flushing = false;
    }
}

struct Telling<'s>(&'s mut Session);

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.0.graph.listening.is_telling = false;
    }
}

/// Listeners that give each other something to do must come to an end.
const ROUNDS: usize = 100;

impl Session {
    /// Tells `events` what happens in this session from now on, and nobody else.
    pub fn set_events(&mut self, events: impl Into<Arc<SessionEvents>>) {
        self.graph.listening.events = Some(events.into());
    }

    /// Whether a listener is called by a flush.
    pub(in super::super) fn is_flushing(&self) -> bool {
        self.graph.listening.is_flushing
    }

    pub(in super::super) fn begin_flush(&mut self) -> Result<Flushing<'_>> {
        if self.is_flushing() {
            let already = "the session is flushing already: what a listener changes in `before_flush` is written by \
                           the flush that it is told of, and what it changes afterwards by the next one";
            return Err(SessionError::Misuse(already.to_owned()).into());
        }
        self.graph.listening.is_flushing = true;
        Ok(Flushing(self))
    }

    /// Calls the listeners of a moment, which may do I/O.
    pub(in super::super) async fn tell(&mut self, moment: Moment) -> Result<()> {
        let Some(events) = self.graph.listening.events.clone() else { return Ok(()) };
        let listeners = events.at(moment);
        if listeners.is_empty() {
            return Ok(());
        }
        // The mark of the flush around, which would refuse every statement.
        let mark = self.failed.take();
        let mut open = Open { session: self, moment, is_ended: false };
        let mut result = Ok(());
        for listener in listeners {
            result = listener(open.session).await;
            if result.is_err() {
                break;
            }
        }
        open.is_ended = true;
        drop(open);
        let result = result.map_err(|error| named(error, moment));
        self.failed = match &result {
            Ok(()) => self.failed.take().or(mark),
            Err(error) => Some(error.to_string()),
        };
        result
    }

    /// Calls the listeners of the end of a transaction or savepoint.
    pub(in super::super) fn tell_after(&mut self, after: After, what: RolledBack) {
        let Some(events) = self.graph.listening.events.clone() else { return };
        events.after(after).iter().for_each(|listener| listener(self, what));
    }

    /// Calls the listeners of what was noted of attributes, and of what they change in turn.
    pub(in super::super) fn tell_attributes(&mut self) {
        let listening = &mut self.graph.listening;
        if listening.news.is_empty() || listening.is_telling {
            return;
        }
        let Some(events) = listening.events.clone() else { return };
        listening.is_telling = true;
        let telling = Telling(self);
        while let Some(news) = telling.0.graph.next_news() {
            events.tell_attribute(telling.0, &news);
        }
    }

    /// Calls the listeners of what a flush has found in fields; whether there was anything to tell, after which the
    /// session is to be looked at again. `round` counts how often that was.
    pub(in super::super) fn tell_found(&mut self, round: usize) -> Result<bool> {
        self.graph.note_columns();
        if self.graph.listening.news.is_empty() {
            return Ok(false);
        }
        if round >= ROUNDS {
            let endless = format!("listeners of attributes have changed others {ROUNDS} times in one flush");
            return Err(SessionError::Misuse(endless).into());
        }
        self.tell_attributes();
        Ok(true)
    }

    /// Flushes until listeners have nothing more to write.
    pub(in super::super) async fn flush_all(&mut self) -> Result<()> {
        self.flush().await?;
        let listens = self.graph.listening.events.as_deref().is_some_and(SessionEvents::hears_flush);
        let mut rounds = 1;
        while listens && self.graph.is_dirty() {
            if rounds >= ROUNDS {
                let endless = format!(
                    "the session still has changes after {ROUNDS} flushes of one commit: does a listener of \
                     `after_flush` add objects each time?"
                );
                return Err(SessionError::Misuse(endless).into());
            }
            rounds += 1;
            self.flush().await?;
        }
        Ok(())
    }
}

/// An error that a listener made without knowing where it stands.
fn named(error: Error, moment: Moment) -> Error {
    match error {
        Error::Listener { event: UNNAMED_LISTENER, entity, source } => {
            Error::Listener { event: moment.name(), entity, source }
        }
        error => error,
    }
}
