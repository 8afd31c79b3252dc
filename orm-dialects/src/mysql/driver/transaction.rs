//! The SQL of transactions.

use orm_core::driver::TransactionOptions;
use orm_core::{Error, Result};
use orm_query::CompileError;
use sqlx::{Decode, Row};

use super::session::isolation_sql;
use crate::mysql::MySql;
use crate::syntax::unsupported;

/// One text, and so one round trip.
pub(super) fn begin(dialect: &MySql, options: &TransactionOptions) -> Result<String> {
    if options.deferrable {
        return Err(unsupported(dialect, "DEFERRABLE transactions", None).into());
    }
    let mut sql = String::new();
    if let Some(level) = options.isolation {
        sql.push_str("SET TRANSACTION ISOLATION LEVEL ");
        sql.push_str(isolation_sql(dialect, level)?);
        sql.push_str("; ");
    }
    sql.push_str(match options.read_only {
        Some(true) => "START TRANSACTION READ ONLY",
        Some(false) => "START TRANSACTION READ WRITE",
        None => "START TRANSACTION",
    });
    Ok(sql)
}

pub(super) fn begin_two_phase(id: &str) -> Result<String> {
    Ok(format!("XA START {}", xid(id)?))
}

pub(super) fn prepare(id: &str) -> Result<String> {
    let id = xid(id)?;
    Ok(format!("XA END {id}; XA PREPARE {id}"))
}

pub(super) fn end_prepared(word: &str, id: &str) -> Result<String> {
    Ok(format!("XA {word} {}", xid(id)?))
}

pub(super) fn commit_one_phase(id: &str) -> String {
    let id = literal(id);
    format!("XA END {id}; XA COMMIT {id} ONE PHASE")
}

pub(super) fn rollback_two_phase(id: &str) -> String {
    let id = literal(id);
    format!("XA END {id}; XA ROLLBACK {id}")
}

fn xid(id: &str) -> Result<String> {
    if id.is_empty() || id.len() > 64 {
        let reason = format!("the id of a transaction has 1 to 64 bytes, and `{id}` has {}", id.len());
        return Err(Error::Compile(CompileError::Invalid(reason)));
    }
    Ok(literal(id))
}

/// In hex digits nothing needs to be quoted.
fn literal(id: &str) -> String {
    id.bytes().fold("X'".to_owned(), |text, byte| format!("{text}{byte:02x}")) + "'"
}

/// The id in a row of `XA RECOVER`, where it is one that `begin_two_phase` may have given.
pub(super) fn recovered(row: &sqlx::mysql::MySqlRow) -> Option<String> {
    let bytes =
        |position: usize| <&[u8] as Decode<sqlx::MySql>>::decode(row.try_get_raw(position).ok()?).ok();
    let number = |position: usize| std::str::from_utf8(bytes(position)?).ok()?.parse::<usize>().ok();
    let (format, length, branch) = (number(0)?, number(1)?, number(2)?);
    let id = bytes(3)?.get(..length)?;
    (format == 1 && branch == 0).then(|| String::from_utf8(id.to_vec()).ok())?
}

#[cfg(test)]
mod tests {
    use orm_query::IsolationLevel;

    use super::*;

    #[test]
    fn how_a_transaction_begins() {
        let check = |options: TransactionOptions, sql: &str| {
            assert_eq!(begin(&MySql::mariadb(), &options).unwrap(), sql);
        };
        let options = TransactionOptions::new;
        check(options(), "START TRANSACTION");
        check(options().read_only(true), "START TRANSACTION READ ONLY");
        let level = options().isolation(IsolationLevel::Serializable).read_only(false);
        check(level, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION READ WRITE");
        for options in [options().isolation(IsolationLevel::Snapshot), options().deferrable()] {
            assert!(matches!(
                begin(&MySql::mysql(), &options),
                Err(Error::Unsupported { dialect: "mysql", .. })
            ));
        }
    }

    #[test]
    fn ids() {
        assert_eq!(begin_two_phase("it's").unwrap(), "XA START X'69742773'");
        assert_eq!(prepare("a").unwrap(), "XA END X'61'; XA PREPARE X'61'");
        assert!(begin_two_phase("").is_err() && begin_two_phase(&"x".repeat(65)).is_err());
    }
}
