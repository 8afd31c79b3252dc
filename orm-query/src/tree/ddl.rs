use std::borrow::Cow;

use super::TableRef;
use crate::EnumType;
use crate::schema::{CheckDef, ColumnDef, ForeignKeyDef, IndexDef, Name, SequenceDef, TableDef, UniqueDef};

/// `CREATE TABLE`; its indexes are statements of their own, and so are comments where they do not stand inside.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    /// The table.
    pub table: Cow<'static, TableDef>,
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

/// `DROP INDEX`
#[derive(Debug, Clone, PartialEq)]
pub struct DropIndex {
    /// The table.
    pub table: TableRef,
    /// The index's name.
    pub name: Name,
    /// `IF EXISTS`
    pub if_exists: bool,
}

/// `ALTER TABLE`
#[derive(Debug, Clone, PartialEq)]
pub struct AlterTable {
    /// The table.
    pub table: TableRef,
    /// What is changed.
    pub change: TableChange,
}

/// A change of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum TableChange {
    /// `ADD [CONSTRAINT name] FOREIGN KEY …`
    AddForeignKey(ForeignKeyDef),
    /// `ADD [CONSTRAINT name] UNIQUE …`
    AddUnique(UniqueDef),
    /// `ADD [CONSTRAINT name] CHECK …`
    AddCheck(CheckDef),
    /// Drops a foreign key, by its name.
    DropForeignKey(Name),
    /// Drops a UNIQUE constraint, by its name.
    DropUnique(Name),
    /// Drops a CHECK constraint, by its name.
    DropCheck(Name),
    /// `ADD COLUMN …`
    AddColumn(Box<ColumnDef>),
    /// `DROP COLUMN …`
    DropColumn(Name),
}

/// `CREATE TYPE … AS ENUM`
#[derive(Debug, Clone, PartialEq)]
pub struct CreateEnum {
    /// The schema it is to live in.
    pub schema: Option<Name>,
    /// The enum.
    pub enum_type: EnumType,
}

/// `DROP TYPE`
#[derive(Debug, Clone, PartialEq)]
pub struct DropEnum {
    /// The schema it lives in.
    pub schema: Option<Name>,
    /// The enum's name.
    pub name: Name,
    /// `IF EXISTS`
    pub if_exists: bool,
}

/// `CREATE SEQUENCE`
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSequence {
    /// The sequence.
    pub sequence: SequenceDef,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
}

/// `DROP SEQUENCE`
#[derive(Debug, Clone, PartialEq)]
pub struct DropSequence {
    /// The schema it lives in.
    pub schema: Option<Name>,
    /// Its name.
    pub name: Name,
    /// `IF EXISTS`
    pub if_exists: bool,
}

/// `CREATE SCHEMA`
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSchema {
    /// Its name.
    pub name: Name,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
}

/// `DROP SCHEMA`
#[derive(Debug, Clone, PartialEq)]
pub struct DropSchema {
    /// Its name.
    pub name: Name,
    /// `IF EXISTS`
    pub if_exists: bool,
    /// Whether everything in it goes too.
    pub cascade: bool,
}

/// `COMMENT ON`, for databases where comments do not stand inside CREATE TABLE.
#[derive(Debug, Clone, PartialEq)]
pub struct SetComment {
    /// The table.
    pub table: TableRef,
    /// The column; the table itself where `None`.
    pub column: Option<Name>,
    /// The comment; `None` removes it.
    pub comment: Option<Name>,
}
