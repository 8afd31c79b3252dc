//! What can go wrong before a statement reaches a database, and while a row is read.

use std::fmt;

/// A statement that cannot be said in the SQL of a database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// The database has no such thing, and an emulation would change the meaning.
    #[error("{dialect} has no {feature}{}", hint.map(|h| format!("; {h}")).unwrap_or_default())]
    Unsupported {
        /// The dialect's name, as [`Dialect::name`](crate::Dialect::name) says it.
        dialect: &'static str,
        /// The SQL construct, in SQL's words.
        feature: &'static str,
        /// What to do instead, where there is something.
        hint: Option<&'static str>,
    },
    /// A statement that has no meaning in any database, such as an INSERT of rows of unequal width.
    #[error("this statement cannot be compiled: {0}")]
    Invalid(String),
    /// `text(…)` or `param(…)` names a parameter that was not bound.
    #[error("the parameter `{0}` was not bound; add `.bind(\"{0}\", …)`")]
    UnboundParameter(String),
    /// A parameter was bound that the text or the statement does not name.
    #[error(
        "the parameter `{0}` was bound, and the statement names no such parameter that is still without a value"
    )]
    UnknownParameter(String),
    /// A parameter was bound to a value of another type.
    #[error("the parameter `{name}` is {expected}, and was bound to {given}")]
    ParameterType {
        /// Its name.
        name: String,
        /// The type that it is of.
        expected: String,
        /// The value that was given, and its type.
        given: String,
    },
    /// A value that the database cannot hold exactly.
    #[error(
        "the value {value} cannot be stored{} as {data_type} in {dialect}: {reason}",
        column.as_ref().map(|c| format!(" in `{c}`")).unwrap_or_default()
    )]
    Value {
        /// The dialect's name.
        dialect: &'static str,
        /// The value, as Rust prints it.
        value: String,
        /// The SQL type it was bound for.
        data_type: String,
        /// The table and column that it was to be stored in, where there is one: `table.column`.
        column: Option<String>,
        /// Why it does not fit.
        reason: &'static str,
    },
    /// A column that a table of run time does not have.
    #[error("`{table}` has no column `{column}`; its columns are {}", columns.join(", "))]
    UnknownColumn {
        /// The table.
        table: String,
        /// The column that was asked for.
        column: String,
        /// Those that it has.
        columns: Vec<String>,
    },
    /// A value or a Rust type that does not fit a column of a table of run time.
    #[error("`{column}` is {data_type}, and {value} does not fit it")]
    WrongType {
        /// The column: `table.column`.
        column: String,
        /// Its SQL type.
        data_type: String,
        /// The value as Rust prints it, or the Rust type.
        value: String,
    },
    /// A column of a table that the statement does not read.
    #[error(
        "`{source_name}` is not in the FROM clause of this query, which reads `{source_name}.{column}`; join it, or correlate it in a subquery"
    )]
    NotInScope {
        /// The table or alias.
        source_name: String,
        /// The column.
        column: String,
    },
    /// An identifier that no database accepts: empty, or with a NUL character.
    #[error("`{}` cannot be an identifier: {reason}", name.escape_debug())]
    Identifier {
        /// The identifier.
        name: String,
        /// Why it cannot be one.
        reason: &'static str,
    },
}

impl CompileError {
    /// This error with the column that the value was for, where it is about a value and names none yet.
    #[must_use]
    pub fn in_column(mut self, table: &str, name: &str) -> Self {
        if let CompileError::Value { column: column @ None, .. } = &mut self {
            *column = Some(format!("{table}.{name}"));
        }
        self
    }
}

/// A value of a row that does not fit the Rust type it is read into.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The column's position in the row, from 0.
    pub position: usize,
    /// The column's name in the result.
    pub column: String,
    /// The Rust type that was asked for.
    pub expected: String,
    /// What was wrong with the value.
    pub reason: String,
}

impl DecodeError {
    /// An error for the value at `position`; the row names the column.
    pub fn new(
        row: &dyn crate::Row,
        position: usize,
        expected: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        let column = row.column_name(position).unwrap_or("").to_owned();
        DecodeError { position, column, expected: expected.into(), reason: reason.into() }
    }

    /// A NULL where the Rust type has no place for one.
    pub fn null(row: &dyn crate::Row, position: usize, expected: &str) -> Self {
        Self::new(row, position, expected, format!("it is NULL; read it as `Option<{expected}>`"))
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DecodeError { position, column, expected, reason } = self;
        write!(f, "column {position} (`{column}`) cannot be read as `{expected}`: {reason}")
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for DecodeError {}

/// A [`Value`](crate::Value) that a Rust type cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value} is not a `{expected}`")]
pub struct ValueError {
    /// The Rust type that was asked for.
    pub expected: &'static str,
    /// The value, as Rust prints it.
    pub value: String,
}
