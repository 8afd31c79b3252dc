use super::{Expr, OnConflict, Phrase, Query, Rows, SelectItem, TableRef, With};
use crate::schema::Name;

/// `INSERT`
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// `WITH`
    pub with: With,
    /// What stands right behind the word INSERT.
    pub prefixes: Vec<Phrase>,
    /// What is done with rows that the table refuses, in words of the database's own.
    pub or: Option<InsertOr>,
    /// The table.
    pub table: TableRef,
    /// The columns that are given.
    pub columns: Vec<Name>,
    /// Their values.
    pub source: InsertSource,
    /// `ON CONFLICT`; an error of the database where `None`.
    pub on_conflict: Option<OnConflict>,
    /// `RETURNING`
    pub returning: Vec<SelectItem>,
}

/// Where the values of an INSERT come from.
#[derive(Debug, Clone, PartialEq)]
pub enum InsertSource {
    /// `VALUES`, row by row; one row without columns is `DEFAULT VALUES`.
    Values(Vec<Vec<Expr>>),
    /// Rows of plain values, which a database may take column by column.
    Rows(Rows),
    /// `INSERT … SELECT`
    Query(Query),
}

/// What an INSERT does with rows that the table refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InsertOr {
    /// `INSERT OR IGNORE` (SQLite): rows that break a constraint are left out.
    Ignore,
    /// `INSERT IGNORE` (MySQL, MariaDB): errors of a row are warnings.
    IgnoreErrors,
    /// `INSERT OR REPLACE` (SQLite), `REPLACE` (MySQL, MariaDB): rows that are in the way are deleted.
    Replace,
}

impl Insert {
    /// Of values by column.
    pub fn new(table: TableRef, columns: Vec<Name>, source: InsertSource) -> Self {
        Insert {
            with: With::default(),
            prefixes: Vec::new(),
            or: None,
            table,
            columns,
            source,
            on_conflict: None,
            returning: Vec::new(),
        }
    }
}
