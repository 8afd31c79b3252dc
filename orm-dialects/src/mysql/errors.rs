//! The error numbers of MySQL and MariaDB as [`Error`].

use orm_core::{DataKind, Error, IntegrityKind, StatementKind, TimeoutKind};
use sqlx::mysql::MySqlDatabaseError;

use super::Flavor;

mod names;

/// Numbers that the driver itself acts upon.
pub(super) mod number {
    /// The transaction was given up, all of it.
    pub(in crate::mysql) const LOCK_DEADLOCK: u16 = 1213;
    pub(in crate::mysql) const LOCK_WAIT_TIMEOUT: u16 = 1205;
    pub(in crate::mysql) const LOCK_TABLE_FULL: u16 = 1206;
    /// A row has changed since the snapshot was taken.
    pub(in crate::mysql) const CHECKREAD: u16 = 1020;
    pub(in crate::mysql) const XA_RBROLLBACK: u16 = 1402;
    pub(in crate::mysql) const XA_RBTIMEOUT: u16 = 1613;
    pub(in crate::mysql) const XA_RBDEADLOCK: u16 = 1614;
    pub(in crate::mysql) const ROLLED_BACK_BY_REPLICATION: u16 = 3101;
    /// Here: no such savepoint.
    pub(in crate::mysql) const DOES_NOT_EXIST: u16 = 1305;
    pub(super) const PACKET_TOO_LARGE: u16 = 1153;
}

/// The database's own number, where the error is the database's.
pub(super) fn number(error: &sqlx::Error) -> Option<u16> {
    Some(database(error)?.number())
}

fn database(error: &sqlx::Error) -> Option<&MySqlDatabaseError> {
    error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()
}

/// Whether nothing more can be asked of the connection.
pub(super) fn is_fatal(error: &sqlx::Error) -> bool {
    match number(error) {
        Some(number) => is_lost(number) || number == self::number::PACKET_TOO_LARGE,
        // After a packet that it did not expect, sqlx does not know where the next answer starts.
        None => matches!(error, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)),
    }
}

/// Whether the server has given up the whole transaction, and not only the statement.
pub(super) fn ends_transaction(number: u16) -> bool {
    use self::number::{
        CHECKREAD, LOCK_DEADLOCK, LOCK_TABLE_FULL, ROLLED_BACK_BY_REPLICATION, XA_RBDEADLOCK, XA_RBROLLBACK,
        XA_RBTIMEOUT,
    };
    matches!(
        number,
        LOCK_DEADLOCK
            | LOCK_TABLE_FULL
            | CHECKREAD
            | XA_RBROLLBACK
            | XA_RBTIMEOUT
            | XA_RBDEADLOCK
            | ROLLED_BACK_BY_REPLICATION
    )
}

/// The connection is gone, or there is no more room for one; 5066 is OceanBase's.
fn is_lost(number: u16) -> bool {
    matches!(number, 1040 | 1047 | 1053 | 1152 | 1158..=1161 | 1203 | 1927 | 2006 | 2013 | 4031 | 5066)
}

/// The error of a statement.
pub(super) fn classify(error: &sqlx::Error, flavor: Flavor) -> Error {
    let Some(own) = database(error) else { return without_number(error) };
    let (number, message, statement) = (own.number(), own.message().to_owned(), None);
    if is_lost(number) {
        return Error::Connection { message };
    }
    if let Some(kind) = integrity(number, own.code()) {
        return violated(kind, number, message, flavor);
    }
    if let Some(kind) = data(number) {
        return Error::Data { kind, message, statement };
    }
    if let Some(kind) = refusal(number) {
        return Error::Statement { kind, message, statement };
    }
    match number {
        1020 | 1412 | 3101 => Error::Serialization { message, statement },
        1213 | 1614 => Error::Deadlock { message, statement },
        1205 | 1613 | 3572 => Error::Timeout { what: TimeoutKind::Lock, message, statement },
        1317 | 1969 | 3024 => Error::Timeout { what: TimeoutKind::Statement, message, statement },
        // OceanBase's own limit; the number means something else in MySQL.
        4012 if message.starts_with("Timeout") => {
            Error::Timeout { what: TimeoutKind::Statement, message, statement }
        }
        1021 | 1037 | 1038 | 1041 | 1114 => Error::Full { message, statement },
        1792 | 1836 | 1874 => Error::ReadOnly { message, statement },
        // Some option of the server forbids it; the message says which.
        1290 if message.contains("read-only") || message.contains("read_only") => {
            Error::ReadOnly { message, statement }
        }
        _ => Error::Database { message, code: Some(number.to_string()), statement },
    }
}

/// The error of opening a connection.
pub(super) fn connect(error: &sqlx::Error, place: &str, flavor: Flavor) -> Error {
    match database(error) {
        Some(own) => match own.number() {
            1044 | 1045 | 1130 | 1251 | 1275 | 1524 | 1698 | 1820 | 1862 | 3118 | 3159 | 4151 => {
                Error::Authentication { message: own.message().to_owned() }
            }
            _ => match classify(error, flavor) {
                Error::Connection { message } | Error::Database { message, .. } => {
                    Error::Connection { message: format!("`{place}`: {message}") }
                }
                other => other,
            },
        },
        None => match without_number(error) {
            Error::Connection { message } => Error::Connection { message: format!("`{place}`: {message}") },
            other => other,
        },
    }
}

fn without_number(error: &sqlx::Error) -> Error {
    let message = match error {
        sqlx::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    };
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Configuration(_) => Error::Connection { message },
        _ => Error::Database { message, code: None, statement: None },
    }
}

fn integrity(number: u16, state: Option<&str>) -> Option<IntegrityKind> {
    Some(match number {
        1022 | 1062 | 1169 | 1586 | 1859 => IntegrityKind::Unique,
        1216 | 1217 | 1451 | 1452 | 1557 | 1761 | 1762 => IntegrityKind::ForeignKey,
        1048 | 1364 | 1566 => IntegrityKind::NotNull,
        3819 => IntegrityKind::Check,
        // The number means something else in MySQL.
        4025 if state == Some("23000") => IntegrityKind::Check,
        // The condition of a view.
        1369 => IntegrityKind::Other,
        _ => return None,
    })
}

fn violated(kind: IntegrityKind, number: u16, message: String, flavor: Flavor) -> Error {
    let names = names::names(kind, number, &message, flavor);
    Error::Integrity {
        kind,
        constraint: names.constraint.map(Into::into),
        table: names.table.map(Into::into),
        column: names.column.map(Into::into),
        message: message.into(),
        object: None,
        statement: None,
    }
}

fn data(number: u16) -> Option<DataKind> {
    Some(match number {
        1153 | 1162 | 1301 | 1406 => DataKind::TooLong,
        1264 | 1441 | 1690 => DataKind::OutOfRange,
        1265 | 1292 | 1366 | 1367 | 1411 | 1525 | 3140 | 3141 | 3156 | 4038 | 4079 => DataKind::Malformed,
        1365 => DataKind::DivisionByZero,
        _ => return None,
    })
}

fn refusal(number: u16) -> Option<StatementKind> {
    Some(match number {
        1064 | 1065 | 1149 => StatementKind::Syntax,
        1051 | 1109 | 1146 => StatementKind::NoSuchTable,
        1054 | 1072 => StatementKind::NoSuchColumn,
        1007 | 1050 | 1060 | 1061 | 1304 | 1359 | 1537 | 1826 | 3822 => StatementKind::AlreadyExists,
        1044 | 1142 | 1143 | 1227 | 1370 => StatementKind::PermissionDenied,
        _ => return None,
    })
}
