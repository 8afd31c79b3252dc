use orm_core::{Error, Result, StatementKind};

use crate::mysql::{Flavor, errors};

/// What is known about a connection without asking the server.
#[derive(Debug)]
pub(super) struct State {
    pub(super) flavor: Flavor,
    pub(super) exchange: Exchange,
    pub(super) is_broken: bool,
    pub(super) transaction: Option<Transaction>,
    /// The transaction that was prepared here, and that this connection is bound to until it is gone.
    pub(super) prepared: Option<String>,
    /// The user's own SQL has changed the connection itself, which is nobody else's then.
    pub(super) is_changed: bool,
    /// How long a SELECT may take, in milliseconds, as the session says; 0 is without a limit.
    pub(super) select_limit: u64,
    /// The first key that the last statement has generated.
    pub(super) first_key: Option<u64>,
}

/// Whether an answer is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exchange {
    /// None.
    Idle,
    /// Something was sent, and its answer is being read. Where nobody reads on, a packet may be half read, and what comes
    /// next cannot be told from it.
    Running,
    /// Whole rows are left that nobody has asked for.
    Unread,
}

/// A transaction that was begun here.
#[derive(Debug)]
pub(super) struct Transaction {
    /// How it began, and begins anew once a statement of the user's has ended it.
    pub(super) begin: String,
    /// The id of a transaction in two phases.
    pub(super) two_phase: Option<String>,
    pub(super) status: Status,
}

/// Whether the server has the transaction too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// It has.
    Open,
    /// A statement may have ended it; where it has not, a savepoint is still there.
    Probed,
    /// A lock was waited for too long, which ends the statement or the transaction as the server is set up.
    Doubtful,
    /// The server has given it up. What is sent now would be committed statement by statement.
    Failed,
}

impl State {
    pub(super) fn new(flavor: Flavor) -> Self {
        State {
            flavor,
            exchange: Exchange::Idle,
            is_broken: false,
            transaction: None,
            prepared: None,
            is_changed: false,
            select_limit: 0,
            first_key: None,
        }
    }

    pub(super) fn status(&self) -> Option<Status> {
        self.transaction.as_ref().map(|transaction| transaction.status)
    }

    pub(super) fn set_status(&mut self, status: Status) {
        if let Some(transaction) = &mut self.transaction {
            transaction.status = status;
        }
    }

    /// Takes note of the end of an exchange.
    pub(super) fn settle<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T> {
        self.exchange = Exchange::Idle;
        result.map_err(|error| self.note(&error))
    }

    /// What an error means for the connection and its transaction.
    pub(super) fn note(&mut self, error: &sqlx::Error) -> Error {
        self.is_broken |= errors::is_fatal(error);
        match errors::number(error) {
            Some(number) if errors::ends_transaction(number) => self.set_status(Status::Failed),
            Some(errors::number::LOCK_WAIT_TIMEOUT) if self.status() == Some(Status::Open) => {
                self.set_status(Status::Doubtful);
            }
            _ => {}
        }
        errors::classify(error, self.flavor)
    }

    /// Nothing of the transaction is left.
    pub(super) fn forget_transaction(&mut self) {
        self.transaction = None;
    }
}

pub(super) fn failed_transaction() -> Error {
    Error::Statement {
        kind: StatementKind::FailedTransaction,
        message: "the server has rolled the transaction back; roll it back here too, and run it again".into(),
        statement: None,
    }
}

pub(super) fn cut_off() -> Error {
    Error::Connection { message: "a future of the connection was dropped before its answer had come".into() }
}

pub(super) fn closed() -> Error {
    Error::Connection { message: "the connection is closed".into() }
}
