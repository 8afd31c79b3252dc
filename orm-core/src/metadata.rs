use std::borrow::Cow;

use orm_query::Mapped;
use orm_query::schema::TableDef;
use orm_query::tree::{CreateIndex, CreateTable, DropTable, Statement, TableRef};

use crate::Result;
use crate::connection::Executor;

/// A set of tables: what a program needs its database to have.
///
/// `metadata![User, Address]` makes one of mapped structs.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// #     #[relationship(back_populates = user)]
/// #     posts: Many<Post>,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     title: String,
/// #     #[column(foreign_key = User::id)]
/// #     user_id: Option<i64>,
/// #     #[relationship(back_populates = posts)]
/// #     user: One<Option<User>>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User, Post].create_all(&engine).await?;
/// let metadata = metadata![Post, User];
/// metadata.create_all(&engine).await?; // what is there already stays
/// let order: Vec<_> = metadata.sorted_tables().iter().map(|table| table.name.as_ref()).collect();
/// assert_eq!(order, ["user", "post"]);
/// metadata.drop_all(&engine).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct MetaData {
    tables: Vec<Cow<'static, TableDef>>,
}

impl MetaData {
    /// No table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the table of a mapped struct.
    #[must_use]
    pub fn with<E: Mapped>(mut self) -> Self {
        self.tables.push(Cow::Borrowed(E::TABLE));
        self
    }

    /// Adds a table that is made at run time.
    #[must_use]
    pub fn with_table(mut self, table: TableDef) -> Self {
        self.tables.push(Cow::Owned(table));
        self
    }

    /// The tables, each one behind those that it references; a circle of references is left in the order given.
    pub fn sorted_tables(&self) -> Vec<&TableDef> {
        let mut sorted: Vec<&TableDef> = Vec::with_capacity(self.tables.len());
        let mut left: Vec<&TableDef> = Vec::new();
        for table in &self.tables {
            // A table that is given twice is one table.
            if !left.iter().any(|t| t.name == table.name && t.schema == table.schema) {
                left.push(table);
            }
        }
        while !left.is_empty() {
            let ready = left
                .iter()
                .position(|table| {
                    !table.foreign_keys.iter().any(|key| {
                        left.iter().any(|other| {
                            other.name == key.target
                                && other.schema == key.target_schema
                                && !std::ptr::eq(*other, *table)
                        })
                    })
                })
                // A circle: a database without ALTER … ADD CONSTRAINT takes keys to tables that are still to come.
                .unwrap_or(0);
            sorted.push(left.remove(ready));
        }
        sorted
    }

    /// The statements that create what is not there: tables in the order of their references, each with its indexes.
    pub fn create_statements(&self) -> Vec<Statement> {
        let mut statements = Vec::new();
        for table in self.sorted_tables() {
            statements.push(Statement::CreateTable(CreateTable {
                table: Cow::Owned(table.clone()),
                if_not_exists: true,
            }));
            for index in table.indexes.iter() {
                statements.push(Statement::CreateIndex(CreateIndex {
                    table: TableRef::new(table),
                    index: index.clone(),
                    if_not_exists: true,
                }));
            }
        }
        statements
    }

    /// The statements that drop what is there, in the reverse order.
    pub fn drop_statements(&self) -> Vec<Statement> {
        let tables = self.sorted_tables();
        let drop = |table: &&TableDef| {
            Statement::DropTable(DropTable { table: TableRef::new(table), if_exists: true })
        };
        tables.iter().rev().map(drop).collect()
    }

    /// Creates all tables and indexes that are not there (`IF NOT EXISTS`), in one transaction where the database
    /// has transactional DDL.
    ///
    /// # Errors
    /// What the database says.
    pub async fn create_all(&self, executor: impl Executor) -> Result<()> {
        run_all(self.create_statements(), executor).await
    }

    /// Drops all tables that are there (`IF EXISTS`).
    ///
    /// # Errors
    /// What the database says, such as a table outside this set that references one of it.
    pub async fn drop_all(&self, executor: impl Executor) -> Result<()> {
        run_all(self.drop_statements(), executor).await
    }
}

async fn run_all(statements: Vec<Statement>, executor: impl Executor) -> Result<()> {
    let mut lease = executor.with_connection().await?;
    for statement in &statements {
        lease.connection().run(statement).await?;
    }
    lease.finish().await
}

/// The [`MetaData`] of mapped structs: `metadata![User, Address].create_all(&engine).await?`.
#[macro_export]
macro_rules! metadata {
    ($($entity:ty),* $(,)?) => {
        $crate::MetaData::new()$(.with::<$entity>())*
    };
}
