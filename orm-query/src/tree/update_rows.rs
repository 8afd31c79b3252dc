use super::{Rows, TableRef};
use crate::schema::Name;

/// An UPDATE of many rows in one statement: each row that is found by its key gets values of its own.
///
/// No two rows have the same key; which of them would win is the database's to say.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateRows {
    /// The table.
    pub table: TableRef,
    /// The columns that a row is found by.
    pub key: Vec<Name>,
    /// The columns that are set; one that also stands in `key` gets a new value.
    pub set: Vec<Name>,
    /// For each row the values of its key, then those that it gets.
    pub rows: Rows,
}
