//! SQLite 3.44 or newer; the driver brings its own.
//!
//! Where SQLite is unlike other databases, and what is done about it:
//!
//! - It keeps any value in any column. The limits of a column are checked when a value is bound for it, and a value
//!   read is checked against the type it is read into: see [`types`].
//! - It has no exact decimals. They are kept as text under the collation `decimal`, and compared as numbers; what is
//!   computed from them is a double.
//! - `LIKE` ignores the case of ASCII letters, as it always does in SQLite; `ILIKE` is the same with `lower()`, which
//!   knows ASCII only. `REGEXP` is Rust's `regex` crate.
//! - A division by zero is NULL, and so is `0.0 / 0.0`; an integer that overflows in an expression becomes a double.
//! - A text that is no number is 0 in `CAST(… AS INTEGER)`.
//! - There are no row locks, no `ANY` and `ALL`, no remainder of fractions, no order of intervals: these are errors.
//! - A generated key is the rowid. The greatest one may be given again after its row was deleted.

pub mod types;

mod ddl;
#[cfg(feature = "sqlite")]
pub mod driver;
#[cfg(feature = "sqlite")]
mod errors;
mod features;
#[cfg(feature = "sqlite")]
mod reflect;
mod scan;
mod syntax;
#[cfg(test)]
mod tests;

#[cfg(feature = "sqlite")]
pub use driver::SqliteDriver;

use orm_query::schema::ColumnDef;
use orm_query::tree::Statement;
use orm_query::{CompileError, Compiled, DataType, Dialect, EnumType, Features};

/// The SQL of SQLite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sqlite;

/// The name in URLs and errors.
const NAME: &str = "sqlite";

/// Whether the CHECK tells that a column is of an enum.
fn is_told(e: &EnumType) -> bool {
    let longest = EnumType::new("".into(), e.values.clone()).text_length();
    e.check && e.check_name.is_none() && e.text_length() == longest
}

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        NAME
    }

    fn features(&self) -> &Features {
        &features::FEATURES
    }

    fn compile(&self, statement: &Statement) -> Result<Compiled, CompileError> {
        crate::syntax::compile(self, statement)
    }

    fn compile_literal(&self, statement: &Statement) -> Result<String, CompileError> {
        crate::syntax::compile_literal(self, statement)
    }

    fn reflected_type(&self, data_type: &DataType) -> DataType {
        match data_type {
            // The type's name is nowhere in the database.
            DataType::Enum(e) if is_told(e) => DataType::Enum(EnumType::new("".into(), e.values.clone())),
            other => types::declared(other).map_or_else(|_| other.clone(), |name| types::reflected(&name)),
        }
    }

    /// A key that counts itself up is the rowid, of 64 bits.
    fn reflected_column(&self, column: &ColumnDef) -> DataType {
        if column.autoincrement { DataType::BigInt } else { self.reflected_type(&column.data_type) }
    }

    fn defer_constraints(&self) -> Option<&'static str> {
        Some("PRAGMA defer_foreign_keys = ON")
    }

    /// The clock's time has a form of its own here: see [`types`].
    fn normalized_sql(&self, sql: &str) -> String {
        let normalized = orm_query::schema::normalized_sql(sql);
        match syntax::clock_word(&normalized) {
            Some(word) => word.to_owned(),
            None => normalized,
        }
    }
}
