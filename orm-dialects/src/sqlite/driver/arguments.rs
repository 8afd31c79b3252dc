use std::borrow::Cow;

use orm_core::{Error, Result};
use orm_query::{Bind, CompileError, Compiled};
use sqlx::Arguments;
use sqlx::sqlite::SqliteArguments;

use crate::sqlite::scan::{Scan, scan};
use crate::sqlite::types::{Stored, encode};

/// What was found in the statement, and its binds as sqlx takes them.
///
/// SQLite makes NULL of what is not bound, so the binds are counted here.
pub(super) fn arguments(statement: &Compiled) -> Result<(Scan, SqliteArguments)> {
    let found = scan(&statement.sql);
    let invalid = |reason: String| Err(Error::Compile(CompileError::Invalid(reason)));
    if found.placeholders != statement.binds.len() {
        return invalid(format!(
            "`{}` has {} placeholder(s) and {} bind(s)",
            statement.sql,
            found.placeholders,
            statement.binds.len()
        ));
    }
    if statement.sql.contains('\0') {
        return invalid("the SQL text has a NUL character".into());
    }
    let mut arguments = SqliteArguments::default();
    arguments.reserve(statement.binds.len(), 0);
    for bind in &statement.binds {
        add(&mut arguments, bind)?;
    }
    Ok((found, arguments))
}

fn add(arguments: &mut SqliteArguments, bind: &Bind) -> Result<()> {
    let added = match encode(bind)? {
        Stored::Null => arguments.add(None::<i64>),
        Stored::Integer(v) => arguments.add(v),
        Stored::Real(v) => arguments.add(v),
        Stored::Text(Cow::Borrowed(v)) => arguments.add(v),
        Stored::Text(Cow::Owned(v)) => arguments.add(v),
        Stored::Blob(v) => arguments.add(v),
    };
    added.map_err(|error| Error::Database { message: error.to_string(), code: None, statement: None })
}
