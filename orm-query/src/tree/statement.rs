use super::{
    AlterTable, CreateEnum, CreateIndex, CreateSchema, CreateSequence, CreateTable, Delete, DropEnum,
    DropIndex, DropSchema, DropSequence, DropTable, Insert, Select, SetComment, Text, Update,
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
            Statement::Select(_) | Statement::Insert(_) | Statement::Update(_) | Statement::Delete(_) => {
                false
            }
        }
    }
}
