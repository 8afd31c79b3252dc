use super::{
    AlterTable, CreateEnum, CreateIndex, CreateSchema, CreateSequence, CreateTable, Delete, DropEnum,
    DropIndex, DropSchema, DropSequence, DropTable, Insert, InsertSource, Rows, Select, SetComment, Text,
    Update, UpdateRows,
};

/// A statement of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `SELECT`
    Select(Select),
    /// `INSERT`
    Insert(Insert),
    /// `UPDATE`
    Update(Update),
    /// `UPDATE` of many rows by their keys, each with values of its own.
    UpdateRows(UpdateRows),
    /// `DELETE`
    Delete(Delete),
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
    /// `COMMENT ON`
    SetComment(SetComment),
}

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
            | Statement::Insert(_)
            | Statement::Update(_)
            | Statement::UpdateRows(_)
            | Statement::Delete(_) => false,
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
            Statement::Insert(Insert { table, columns, source: _, on_conflict, returning }) => {
                Statement::Insert(Insert {
                    table: table.clone(),
                    columns: columns.clone(),
                    source: InsertSource::Rows(rows),
                    on_conflict: on_conflict.clone(),
                    returning: returning.clone(),
                })
            }
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
