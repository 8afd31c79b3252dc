//! What listeners take and give, typed and untyped.

use std::error::Error as StdError;

use orm_query::mapping::Store;

use super::super::Session;
use crate::Result;
use crate::driver::BoxFuture;

/// An error of any type.
pub(crate) type Source = Box<dyn StdError + Send + Sync>;

/// Told with the session, and may do I/O.
pub(super) type SessionListener =
    Box<dyn for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Result<()>> + Send + Sync>;

/// Told with the session, when there is no transaction to do I/O in.
pub(super) type AfterListener = Box<dyn Fn(&mut Session, RolledBack) + Send + Sync>;

/// Told with the place of an object.
pub(super) type ObjectListener = Box<dyn Fn(&mut dyn Store, u32) -> Result<(), Source> + Send + Sync>;

/// What a listener gives back: nothing, or a `Result` whose error stops what was about to happen.
#[diagnostic::on_unimplemented(
    message = "a listener cannot give back `{Self}`",
    label = "expected `()`, or a `Result<(), E>`",
    note = "end the closure with a `;`, or with `Ok(())`"
)]
pub trait Outcome {
    /// As a result.
    ///
    /// # Errors
    /// The listener's own.
    fn into_result(self) -> Result<(), Box<dyn StdError + Send + Sync>>;
}

impl Outcome for () {
    fn into_result(self) -> Result<(), Source> {
        Ok(())
    }
}

impl<E: Into<Source>> Outcome for Result<(), E> {
    fn into_result(self) -> Result<(), Source> {
        self.map_err(Into::into)
    }
}

/// What an attribute was set to, and from what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<T> {
    /// What it was; `None` where that is not known: the object is new, or the relationship was not loaded.
    pub old: Option<T>,
    /// What it is.
    pub new: T,
}

/// What a rollback has undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RolledBack {
    /// The session's transaction.
    Transaction,
    /// One savepoint inside it.
    Savepoint,
}

/// Something that happens in a session and may be accompanied by I/O.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Moment {
    AfterBegin,
    BeforeFlush,
    AfterFlush,
    AfterFlushPostexec,
    BeforeCommit,
}

impl Moment {
    pub(super) fn name(self) -> &'static str {
        match self {
            Moment::AfterBegin => "after_begin",
            Moment::BeforeFlush => "before_flush",
            Moment::AfterFlush => "after_flush",
            Moment::AfterFlushPostexec => "after_flush_postexec",
            Moment::BeforeCommit => "before_commit",
        }
    }
}

/// Something that happens behind a commit or a rollback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum After {
    Commit,
    Rollback,
    SoftRollback,
}

/// Something that happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ObjectEvent {
    BeforeInsert,
    AfterInsert,
    BeforeUpdate,
    AfterUpdate,
    BeforeDelete,
    AfterDelete,
    Load,
    Refresh,
}

impl ObjectEvent {
    pub(super) fn name(self) -> &'static str {
        match self {
            ObjectEvent::BeforeInsert => "before_insert",
            ObjectEvent::AfterInsert => "after_insert",
            ObjectEvent::BeforeUpdate => "before_update",
            ObjectEvent::AfterUpdate => "after_update",
            ObjectEvent::BeforeDelete => "before_delete",
            ObjectEvent::AfterDelete => "after_delete",
            ObjectEvent::Load => "load",
            ObjectEvent::Refresh => "refresh",
        }
    }

    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }
}
