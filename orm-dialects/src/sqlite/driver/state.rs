use std::sync::Arc;

use orm_core::{Error, TimeoutKind};
use orm_query::ExecutionOptions;

use super::control::Control;
use crate::sqlite::scan::Scan;

/// What is known of a connection without asking it.
pub(super) struct State {
    pub(super) control: Arc<Control>,
    /// How many prepared statements are kept.
    pub(super) cache_capacity: usize,
    /// From before BEGIN is sent until the end is answered.
    pub(super) in_transaction: bool,
    /// The user's own SQL has begun something.
    pub(super) begun_by_text: bool,
    /// The user has changed the connection itself, which is nobody else's then.
    pub(super) changed: bool,
    /// A statement runs, or was dropped half-way.
    pub(super) unfinished: bool,
    /// A statement has failed, and may have ended the transaction.
    pub(super) is_doubtful: bool,
    pub(super) lost: bool,
}

/// Whose a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    /// What a new connection is to run.
    Setup,
    /// The driver's BEGIN, or a PRAGMA.
    Begin,
    Savepoint,
    /// The end of a savepoint, or COMMIT.
    Inside,
    /// ROLLBACK
    End,
}

impl Kind {
    /// Whether it means nothing, or something else, when SQLite has ended the transaction by itself.
    pub(super) fn needs_transaction(self) -> bool {
        matches!(self, Kind::User | Kind::Savepoint | Kind::Inside)
    }
}

impl State {
    pub(super) fn new(control: Arc<Control>, cache_capacity: usize) -> Self {
        State {
            control,
            cache_capacity,
            in_transaction: false,
            begun_by_text: false,
            changed: false,
            unfinished: false,
            is_doubtful: false,
            lost: false,
        }
    }

    /// A statement is about to run.
    pub(super) fn saw(&mut self, kind: Kind, found: Scan) {
        if kind == Kind::User {
            self.begun_by_text |= found.begins;
            self.changed |= found.lasts;
        }
    }

    /// The error of a statement, as it is told.
    pub(super) fn failed(&mut self, error: Error, options: &ExecutionOptions) -> Error {
        self.is_doubtful |= self.in_transaction;
        self.lost |= error.is_disconnect();
        match (error, options.timeout) {
            (Error::Timeout { statement, .. }, Some(limit)) if self.control.is_late() => {
                let message = format!("it ran for more than {limit:?}");
                Error::Timeout { what: TimeoutKind::Statement, message, statement }
            }
            (error, _) => error,
        }
    }
}
