//! SQLite's result codes as [`Error`].

use orm_core::{DataKind, Error, IntegrityKind, StatementKind, TimeoutKind};

use super::driver::Url;

/// Primary result codes, in the low byte of the extended ones.
mod code {
    pub(super) const ERROR: u32 = 1;
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const READONLY: u32 = 8;
    pub(super) const INTERRUPT: u32 = 9;
    pub(super) const IOERR: u32 = 10;
    pub(super) const FULL: u32 = 13;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const CANTOPEN: u32 = 14;
    pub(super) const TOOBIG: u32 = 18;
    pub(super) const CONSTRAINT: u32 = 19;
    pub(super) const MISMATCH: u32 = 20;
    pub(super) const AUTH: u32 = 23;
    pub(super) const NOTADB: u32 = 26;
    /// A function of the application's own, such as REGEXP.
    pub(super) const CONSTRAINT_FUNCTION: u32 = CONSTRAINT | 4 << 8;
    /// Someone wrote since this transaction read.
    pub(super) const BUSY_SNAPSHOT: u32 = BUSY | 2 << 8;
}

/// The error of a statement.
pub(super) fn classify(error: sqlx::Error) -> Error {
    match parts(&error) {
        Some((code, message)) => of_code(code, message),
        None => without_code(error),
    }
}

/// The error of an extended result code, with SQLite's words.
pub(super) fn of_code(code: u32, message: String) -> Error {
    let statement = None;
    match code & 0xff {
        code::CONSTRAINT if code == code::CONSTRAINT_FUNCTION => Error::Database {
            message: "a SQL function refused its arguments: is it a regular expression that cannot be read?"
                .into(),
            code: Some(code.to_string()),
            statement,
        },
        code::CONSTRAINT => constraint(code, message),
        code::BUSY if code == code::BUSY_SNAPSHOT => Error::Serialization { message, statement },
        code::BUSY | code::LOCKED => Error::Timeout { what: TimeoutKind::Lock, message, statement },
        code::INTERRUPT => Error::Timeout { what: TimeoutKind::Statement, message, statement },
        code::FULL => Error::Full { message, statement },
        code::TOOBIG => Error::Data { kind: DataKind::TooLong, message, statement },
        code::MISMATCH => Error::Data { kind: DataKind::Malformed, message, statement },
        code::AUTH => Error::Statement { kind: StatementKind::PermissionDenied, message, statement },
        code::READONLY => Error::ReadOnly { message, statement },
        code::IOERR | code::CORRUPT | code::CANTOPEN | code::NOTADB => Error::Connection { message },
        code::ERROR => match statement_kind(&message) {
            Some(kind) => Error::Statement { kind, message, statement },
            None => Error::Database { message, code: Some(code.to_string()), statement },
        },
        _ => Error::Database { message, code: Some(code.to_string()), statement },
    }
}

/// The error of opening a database, which names it.
pub(super) fn connect(error: sqlx::Error, url: &Url) -> Error {
    let Some((code, message)) = parts(&error) else { return classify(error) };
    let hint = match code & 0xff {
        code::CANTOPEN if url.is_created() => ": does its directory exist, and may it be written?",
        code::CANTOPEN => ": does it exist? `?mode=rwc` creates it",
        code::NOTADB => ": is it a SQLite database?",
        code::IOERR | code::CORRUPT => "",
        _ => return classify(error),
    };
    Error::Connection { message: format!("`{url}`: {message}{hint}") }
}

/// Whether a lock is held by someone else.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    parts(error).is_some_and(|(code, _)| matches!(code & 0xff, code::BUSY | code::LOCKED))
}

/// Whether a statement was stopped by whoever runs it.
pub(super) fn is_interrupt(code: u32) -> bool {
    code & 0xff == code::INTERRUPT
}

/// Whether a lock is held by someone else who will let go of it.
pub(super) fn is_waiting_for_lock(code: u32) -> bool {
    code & 0xff == code::BUSY && code != code::BUSY_SNAPSHOT
}

/// SQLite has rolled back by itself, which leaves the connection as if there were no transaction.
pub(super) fn failed_transaction() -> Error {
    Error::Statement {
        kind: StatementKind::FailedTransaction,
        message:
            "SQLite has ended the transaction, by an error or by SQL text; roll back before anything else"
                .into(),
        statement: None,
    }
}

/// Whether ROLLBACK found nothing to roll back.
pub(super) fn is_no_transaction(error: &Error) -> bool {
    // SQLite has no code for it.
    matches!(error, Error::Database { message, .. } if message.contains("no transaction is active"))
}

fn parts(error: &sqlx::Error) -> Option<(u32, String)> {
    let error = error.as_database_error()?;
    Some((error.code()?.parse().ok()?, error.message().to_owned()))
}

fn without_code(error: sqlx::Error) -> Error {
    let message = error.to_string();
    match error {
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed | sqlx::Error::Configuration(_) => {
            Error::Connection { message }
        }
        _ => Error::Database { message, code: None, statement: None },
    }
}

/// `UNIQUE constraint failed: user_account.name, user_account.fullname` and its like.
fn constraint(code: u32, message: String) -> Error {
    let kind = match code >> 8 {
        1 => IntegrityKind::Check,
        3 => IntegrityKind::ForeignKey,
        5 => IntegrityKind::NotNull,
        // PRIMARYKEY, UNIQUE, ROWID
        6 | 8 | 10 => IntegrityKind::Unique,
        _ => IntegrityKind::Other,
    };
    let (mut constraint, mut table, mut column) = (None, None, None);
    let detail = message.split_once(" constraint failed: ").map_or("", |(_, detail)| detail);
    match kind {
        IntegrityKind::Unique | IntegrityKind::NotNull => {
            if let Some(index) = detail.strip_prefix("index '") {
                constraint = Some(index.trim_end_matches('\'').to_owned());
            } else {
                (table, column) = columns(detail);
            }
        }
        // Without a name it is the condition that stands there.
        IntegrityKind::Check if crate::syntax::is_plain(detail) => constraint = Some(detail.to_owned()),
        _ => {}
    }
    Error::Integrity {
        kind,
        constraint: constraint.map(Into::into),
        table: table.map(Into::into),
        column: column.map(Into::into),
        message: message.into(),
        object: None,
        statement: None,
    }
}

/// `t.a, t.b` as `t` and `a, b`.
fn columns(detail: &str) -> (Option<String>, Option<String>) {
    let Some((table, _)) = detail.split(", ").next().and_then(|first| first.rsplit_once('.')) else {
        return (None, None);
    };
    let own =
        |column: &str| column.strip_prefix(table).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned);
    let columns: Option<Vec<String>> = detail.split(", ").map(own).collect();
    (Some(table.to_owned()), columns.map(|columns| columns.join(", ")))
}

fn statement_kind(message: &str) -> Option<StatementKind> {
    let starts = |words: &[&str]| words.iter().any(|word| message.starts_with(word));
    if starts(&["no such table"]) {
        Some(StatementKind::NoSuchTable)
    } else if starts(&["no such column"]) || message.contains(" has no column named ") {
        Some(StatementKind::NoSuchColumn)
    } else if message.ends_with(" already exists") || starts(&["duplicate column name"]) {
        Some(StatementKind::AlreadyExists)
    } else if message.contains("syntax error") || starts(&["incomplete input", "unrecognized token"]) {
        Some(StatementKind::Syntax)
    } else {
        None
    }
}
