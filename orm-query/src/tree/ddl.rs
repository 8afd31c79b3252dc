use std::borrow::Cow;

use super::TableRef;
use crate::schema::{IndexDef, TableDef};

/// `CREATE TABLE`; its indexes are statements of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    /// The table.
    pub table: Cow<'static, TableDef>,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
}

/// `CREATE INDEX`
#[derive(Debug, Clone, PartialEq)]
pub struct CreateIndex {
    /// The table.
    pub table: TableRef,
    /// The index.
    pub index: IndexDef,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
}

/// `DROP TABLE`
#[derive(Debug, Clone, PartialEq)]
pub struct DropTable {
    /// The table.
    pub table: TableRef,
    /// `IF EXISTS`
    pub if_exists: bool,
}
