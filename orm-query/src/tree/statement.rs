use super::{CreateIndex, CreateTable, Delete, DropTable, Insert, Select, Text, Update};

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
    /// `CREATE TABLE`
    CreateTable(CreateTable),
    /// `CREATE INDEX`
    CreateIndex(CreateIndex),
    /// `DROP TABLE`
    DropTable(DropTable),
}

impl Statement {
    /// Whether it changes the schema, after which cached statements may be stale.
    pub fn is_ddl(&self) -> bool {
        match self {
            Statement::CreateTable(_) | Statement::CreateIndex(_) | Statement::DropTable(_) => true,
            Statement::Text(text) => text.is_ddl(),
            Statement::Select(_) | Statement::Insert(_) | Statement::Update(_) | Statement::Delete(_) => {
                false
            }
        }
    }
}
