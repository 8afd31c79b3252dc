use super::{
    AlterTable, Compound, CreateEnum, CreateIndex, CreateSchema, CreateSequence, CreateTable, CreateTableAs,
    CreateView, Delete, DropEnum, DropIndex, DropSchema, DropSequence, DropTable, DropView, Insert,
    InsertSource, Merge, Rows, Select, SetComment, Text, Update, UpdateRows, With,
};
use crate::schema::Name;

/// A statement of any kind.
// A query is built in place and boxed by nobody: most statements are queries.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `SELECT`
    Select(Select),
    /// `UNION` and its like.
    Compound(Compound),
    /// `INSERT`
    Insert(Insert),
    /// `UPDATE`
    Update(Update),
    /// `UPDATE` of many rows by their keys, each with values of its own.
    UpdateRows(UpdateRows),
    /// `DELETE`
    Delete(Delete),
    /// `MERGE`
    Merge(Merge),
    /// SQL as the user wrote it.
    Text(Text),
    /// What changes the schema.
    Ddl(Ddl),
}

/// A statement that changes the schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Ddl {
    /// `CREATE TABLE`
    CreateTable(CreateTable),
    /// `DROP TABLE`
    DropTable(DropTable),
    /// `ALTER TABLE`
    AlterTable(AlterTable),
    /// `CREATE INDEX`
    CreateIndex(CreateIndex),
    /// `DROP INDEX`
    DropIndex(DropIndex),
    /// `CREATE TYPE … AS ENUM`
    CreateEnum(CreateEnum),
    /// `DROP TYPE`
    DropEnum(DropEnum),
    /// `CREATE SEQUENCE`
    CreateSequence(CreateSequence),
    /// `DROP SEQUENCE`
    DropSequence(DropSequence),
    /// `CREATE SCHEMA`
    CreateSchema(CreateSchema),
    /// `DROP SCHEMA`
    DropSchema(DropSchema),
    /// `CREATE VIEW`
    CreateView(Box<CreateView>),
    /// `DROP VIEW`
    DropView(DropView),
    /// `CREATE TABLE … AS`
    CreateTableAs(Box<CreateTableAs>),
    /// `COMMENT ON`
    SetComment(SetComment),
    /// A statement of the user's own, as it is: nothing in it is a parameter.
    Text(Name),
}

macro_rules! into_ddl {
    ($($statement:ident),*; boxed $($boxed:ident),*) => {
        $(impl From<$statement> for Ddl {
            fn from(statement: $statement) -> Self {
                Ddl::$statement(statement)
            }
        })*
        $(impl From<$boxed> for Ddl {
            fn from(statement: $boxed) -> Self {
                Ddl::$boxed(Box::new(statement))
            }
        })*
    };
}

into_ddl!(
    CreateTable, DropTable, AlterTable, CreateIndex, DropIndex, CreateEnum, DropEnum, CreateSequence,
    DropSequence, CreateSchema, DropSchema, DropView, SetComment; boxed CreateView, CreateTableAs
);

impl From<Ddl> for Statement {
    fn from(ddl: Ddl) -> Self {
        Statement::Ddl(ddl)
    }
}

impl Statement {
    /// Whether it changes the schema, after which cached statements may be stale.
    pub fn is_ddl(&self) -> bool {
        match self {
            Statement::Ddl(_) => true,
            Statement::Text(text) => text.is_ddl(),
            Statement::Select(_)
            | Statement::Compound(_)
            | Statement::Insert(_)
            | Statement::Update(_)
            | Statement::UpdateRows(_)
            | Statement::Delete(_)
            | Statement::Merge(_) => false,
        }
    }

    /// Whether it changes rows, itself or by a statement in its `WITH`; nobody looks into a text.
    pub fn changes_rows(&self) -> bool {
        let changes = |with: &With| with.ctes.iter().any(|cte| cte.statement.changes_rows());
        match self {
            Statement::Select(select) => changes(&select.with),
            Statement::Compound(compound) => changes(&compound.with),
            Statement::Insert(_)
            | Statement::Update(_)
            | Statement::UpdateRows(_)
            | Statement::Delete(_)
            | Statement::Merge(_) => true,
            Statement::Text(_) | Statement::Ddl(_) => false,
        }
    }

    /// The rows of values that it writes, if it is a statement that may be cut into several between them.
    pub fn rows(&self) -> Option<&Rows> {
        match self {
            Statement::Insert(Insert { source: InsertSource::Rows(rows), .. }) => Some(rows),
            Statement::UpdateRows(update) => Some(&update.rows),
            _ => None,
        }
    }

    /// The same in several statements of at most `most` rows each, in none where there are no rows; `None` where it is one
    /// already.
    pub fn in_parts(&self, most: usize) -> Option<impl Iterator<Item = Statement>> {
        let rows = self.rows().filter(|rows| rows.is_empty() || rows.len() > most)?;
        Some(rows.chunks(most).map(|rows| self.of_rows(rows)))
    }

    /// The same with other rows.
    fn of_rows(&self, rows: Rows) -> Statement {
        match self {
            Statement::Insert(Insert {
                with,
                prefixes,
                or,
                table,
                columns,
                source: _,
                on_conflict,
                returning,
            }) => Statement::Insert(Insert {
                with: with.clone(),
                prefixes: prefixes.clone(),
                or: *or,
                table: table.clone(),
                columns: columns.clone(),
                source: InsertSource::Rows(rows),
                on_conflict: on_conflict.clone(),
                returning: returning.clone(),
            }),
            Statement::UpdateRows(UpdateRows { table, key, set, rows: _ }) => {
                Statement::UpdateRows(UpdateRows {
                    table: table.clone(),
                    key: key.clone(),
                    set: set.clone(),
                    rows,
                })
            }
            other => other.clone(),
        }
    }
}
