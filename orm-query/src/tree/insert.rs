use super::{Expr, OnConflict, Rows, Select, SelectItem, TableRef};
use crate::schema::Name;

/// `INSERT`
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
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
    Select(Box<Select>),
}
