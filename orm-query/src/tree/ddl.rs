use std::borrow::Cow;

use super::TableRef;
use crate::EnumType;
use crate::schema::{
    ColumnDef, Constraint, ConstraintKind, DialectOption, IndexDef, List, Name, SequenceDef, TableDef,
};

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
    /// Whether what depends on it goes too.
    pub cascade: bool,
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
    /// What single databases have beyond this.
    pub options: List<DialectOption>,
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
    /// `ADD [CONSTRAINT name] …`
    AddConstraint(Box<Constraint>),
    /// `DROP CONSTRAINT name`
    DropConstraint(DropConstraint),
    /// `ADD COLUMN …`
    AddColumn(Box<ColumnDef>),
    /// `DROP COLUMN …`
    DropColumn(Name),
}

/// `DROP CONSTRAINT`
#[derive(Debug, Clone, PartialEq)]
pub struct DropConstraint {
    /// What kind it is of, as some databases have words for each.
    pub kind: ConstraintKind,
    /// The constraint's name.
    pub name: Name,
    /// `IF EXISTS`
    pub if_exists: bool,
    /// Whether what depends on it goes too.
    pub cascade: bool,
}

impl DropConstraint {
    /// Drops the constraint of that name.
    pub fn new(kind: ConstraintKind, name: impl Into<Name>) -> Self {
        DropConstraint { kind, name: name.into(), if_exists: false, cascade: false }
    }
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
    /// What the column is, for databases where a comment is part of that.
    pub definition: Option<Box<ColumnDef>>,
}
