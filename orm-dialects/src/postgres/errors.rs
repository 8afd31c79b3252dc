//! PostgreSQL's SQLSTATE codes as [`Error`].

use orm_core::{DataKind, Error, IntegrityKind, StatementKind, TimeoutKind};
use sqlx::postgres::{PgDatabaseError, PgSeverity};

/// A prepared statement whose result is no longer what it was when it was prepared.
const FEATURE_NOT_SUPPORTED: &str = "0A000";
const SUCCESS_OF_NOTHING: &str = "25P02";

/// The error of a statement.
pub(super) fn classify(error: sqlx::Error) -> Error {
    let Some(found) = server(&error) else { return of_the_driver(error) };
    let message = words(found);
    let statement = None;
    let data = |kind, message| Error::Data { kind, message, statement: None };
    let refused = |kind, message| Error::Statement { kind, message, statement: None };
    match found.code() {
        code if code.starts_with("23") => integrity(found),
        "40001" => Error::Serialization { message, statement },
        "40P01" => Error::Deadlock { message, statement },
        "55P03" => Error::Timeout { what: TimeoutKind::Lock, message, statement },
        "57014" => Error::Timeout { what: TimeoutKind::Statement, message, statement },
        "25006" => Error::ReadOnly { message, statement },
        "53100" => Error::Full { message, statement },
        "22001" => data(DataKind::TooLong, message),
        "22003" | "22008" | "22015" => data(DataKind::OutOfRange, message),
        "22012" => data(DataKind::DivisionByZero, message),
        "22007" | "22021" | "22026" | "22P02" | "22P03" | "22P04" | "22P05" => {
            data(DataKind::Malformed, message)
        }
        code if code.starts_with("2203") => data(DataKind::Malformed, message),
        "42601" => refused(StatementKind::Syntax, message),
        "42P01" => refused(StatementKind::NoSuchTable, message),
        "42703" => refused(StatementKind::NoSuchColumn, message),
        "42P07" | "42710" | "42P06" | "42701" | "42P04" | "42723" => {
            refused(StatementKind::AlreadyExists, message)
        }
        "42501" => refused(StatementKind::PermissionDenied, message),
        SUCCESS_OF_NOTHING => refused(StatementKind::FailedTransaction, message),
        FEATURE_NOT_SUPPORTED if is_stale(&error) => Error::Serialization { message, statement },
        code if code.starts_with("28") => Error::Authentication { message },
        // A message that does not fit its statement, and nothing is lost.
        "08P01" => Error::Database { message, code: Some("08P01".into()), statement },
        code if code.starts_with("08") => Error::Connection { message },
        _ if loses_connection(&error) => Error::Connection { message },
        "53300" | "57P03" => Error::Connection { message },
        code => Error::Database { message, code: Some(code.to_owned()), statement },
    }
}

/// The error of opening a connection to `place`.
pub(super) fn connect(error: sqlx::Error, place: &str) -> Error {
    match classify(error) {
        Error::Authentication { message } => Error::Authentication { message: format!("{place}: {message}") },
        // No error of a statement: there was none.
        Error::Connection { message } | Error::Database { message, .. } => {
            Error::Connection { message: format!("{place}: {message}") }
        }
        other => other,
    }
}

/// Whether the connection is of no more use.
pub(super) fn loses_connection(error: &sqlx::Error) -> bool {
    match server(error) {
        Some(found) => {
            matches!(found.severity(), PgSeverity::Fatal | PgSeverity::Panic)
                || matches!(found.code(), "57P01" | "57P02" | "57P05" | "25P03")
        }
        None => matches!(
            error,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed
        ),
    }
}

/// Whether a prepared statement was refused because a table has changed since.
pub(super) fn is_stale(error: &sqlx::Error) -> bool {
    // The code is that of all that is not supported, and the message is in the server's language.
    server(error).is_some_and(|found| {
        found.code() == FEATURE_NOT_SUPPORTED && found.routine() == Some("RevalidateCachedQuery")
    })
}

/// Whether the server refuses everything but the end of the transaction.
pub(super) fn is_failed_transaction(error: &sqlx::Error) -> bool {
    server(error).is_some_and(|found| found.code() == SUCCESS_OF_NOTHING)
}

/// The code, where the server has sent one.
pub(super) fn code(error: &sqlx::Error) -> Option<&str> {
    server(error).map(PgDatabaseError::code)
}

fn server(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

fn of_the_driver(error: sqlx::Error) -> Error {
    let message = match &error {
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "the server has closed the connection".into()
        }
        error => error.to_string(),
    };
    match error {
        sqlx::Error::Configuration(_) => Error::Connection { message },
        error if loses_connection(&error) => Error::Connection { message },
        _ => Error::Database { message, code: None, statement: None },
    }
}

/// The message, and what the server advises.
fn words(error: &PgDatabaseError) -> String {
    match error.hint() {
        Some(hint) => format!("{} ({hint})", error.message()),
        None => error.message().to_owned(),
    }
}

fn integrity(error: &PgDatabaseError) -> Error {
    let kind = match error.code() {
        "23502" => IntegrityKind::NotNull,
        "23503" | "23001" => IntegrityKind::ForeignKey,
        "23505" => IntegrityKind::Unique,
        "23514" => IntegrityKind::Check,
        "23P01" => IntegrityKind::Exclusion,
        _ => IntegrityKind::Other,
    };
    let column = match kind {
        IntegrityKind::Unique | IntegrityKind::Exclusion => error.detail().and_then(columns),
        // Of a row that is still referenced, the detail names the columns of the other table; three names are quoted then.
        IntegrityKind::ForeignKey if error.message().matches('"').count() == 4 => {
            error.detail().and_then(columns)
        }
        _ => error.column(),
    };
    // The detail shows values, and those are for the statement's parameters to show, or to hide.
    Error::Integrity {
        kind,
        constraint: error.constraint().map(Into::into),
        table: error.table().map(Into::into),
        column: column.map(Into::into),
        message: error.message().into(),
        object: None,
        statement: None,
    }
}

/// `a, b` of `Key (a, b)=(1, 2) already exists.`
fn columns(detail: &str) -> Option<&str> {
    let (_, rest) = detail.split_once('(')?;
    rest.split_once(")=(").map(|(columns, _)| columns)
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_of_a_detail() {
        assert_eq!(columns("Key (a, b)=(1, 2) already exists."), Some("a, b"));
        assert_eq!(columns("Key (lower(a::text))=(x)=(y) already exists."), Some("lower(a::text)"));
        assert_eq!(columns("Schlüssel »(a)=(1)« existiert bereits."), Some("a"));
        assert_eq!(columns(""), None);
        assert_eq!(columns("Key ("), None);
    }
}
