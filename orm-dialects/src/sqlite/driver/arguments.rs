use orm_core::{Error, Result};
use orm_query::{CompileError, Compiled};

use crate::sqlite::scan::{Scan, scan};

/// What is found in the statement, once its values were counted.
pub(super) fn check(statement: &Compiled) -> Result<Scan> {
    let found = scan(&statement.sql);
    if found.placeholders != statement.binds.len() {
        return Err(miscounted(&statement.sql, found.placeholders, statement.binds.len()));
    }
    if found.named {
        return Err(invalid(format!(
            "`{}` has a parameter by name, and values come by position",
            statement.sql
        )));
    }
    if statement.sql.contains('\0') {
        return Err(invalid("the SQL text has a NUL character".into()));
    }
    Ok(found)
}

/// SQLite makes NULL of what is not bound, so that must be an error here.
pub(super) fn miscounted(sql: &str, placeholders: usize, binds: usize) -> Error {
    invalid(format!("`{sql}` has {placeholders} placeholder(s) and {binds} bind(s)"))
}

pub(super) fn invalid(reason: String) -> Error {
    Error::Compile(CompileError::Invalid(reason))
}

/// Whether a statement surely does nothing but read; one that is not sure may all the same.
pub(super) fn is_select(sql: &str) -> bool {
    let sql = sql.trim_start().as_bytes();
    ["select", "values"]
        .iter()
        .any(|word| sql.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes())))
}
