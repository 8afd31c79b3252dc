//! What the cases of DDL are made of.

use std::borrow::Cow;

use orm::schema::{ColumnDef, ColumnType, Name, TableDef};
use orm::tree::{CreateTable, Ddl, Statement, TableRef};
use orm::{CompileError, Compiled, DataType, Dialect, Error, MetaData};

/// A column that allows NULL, as SQLAlchemy's do by themselves.
pub(crate) fn col(name: &'static str, column_type: impl Into<ColumnType>) -> ColumnDef {
    ColumnDef::declared(name.into(), column_type).nullable(true)
}

pub(crate) fn int(name: &'static str) -> ColumnDef {
    col(name, DataType::Integer)
}

/// `Column('id', Integer, primary_key=True)`
pub(crate) fn id() -> ColumnDef {
    key("id", DataType::Integer).autoincrement()
}

/// A primary key that does not count itself up.
pub(crate) fn key(name: &'static str, column_type: impl Into<ColumnType>) -> ColumnDef {
    ColumnDef::declared(name.into(), column_type).primary_key()
}

pub(crate) fn table(name: &'static str, columns: impl IntoIterator<Item = ColumnDef>) -> TableDef {
    TableDef::new(name.into(), columns.into_iter().collect::<Vec<_>>().into())
}

pub(crate) fn names(names: &[&'static str]) -> Cow<'static, [Name]> {
    names.iter().map(|name| Name::Borrowed(name)).collect()
}

pub(crate) fn created(table: TableDef) -> Vec<Statement> {
    ddl([Ddl::CreateTable(CreateTable { table: Cow::Owned(table), if_not_exists: false })])
}

/// `create('t', …)`
pub(crate) fn create(columns: impl IntoIterator<Item = ColumnDef>) -> Vec<Statement> {
    created(table("t", columns))
}

pub(crate) fn ddl(list: impl IntoIterator<Item = Ddl>) -> Vec<Statement> {
    list.into_iter().map(Statement::Ddl).collect()
}

pub(crate) fn on(name: &'static str) -> TableRef {
    TableRef { schema: None, name: name.into(), alias: None }
}

/// `create_all`
pub(crate) fn create_all(metadata: &MetaData, dialect: &dyn Dialect) -> Result<Vec<Compiled>, CompileError> {
    compiled(metadata.create_script(dialect))
}

/// `drop_all`
pub(crate) fn drop_all(metadata: &MetaData, dialect: &dyn Dialect) -> Result<Vec<Compiled>, CompileError> {
    compiled(metadata.drop_script(dialect))
}

fn compiled(script: orm::Result<Vec<String>>) -> Result<Vec<Compiled>, CompileError> {
    match script {
        Ok(texts) => {
            Ok(texts.into_iter().map(|sql| Compiled { sql: sql.into(), binds: Vec::new() }).collect())
        }
        Err(Error::Compile(error)) => Err(error),
        Err(error) => Err(CompileError::Invalid(error.to_string())),
    }
}
