//! The seam between what is asked and how a database says it.

use std::sync::Arc;

use crate::tree::Statement;
use crate::{Bind, CompileError};

/// A statement in the SQL of one database, with what is bound to its placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The text.
    pub sql: Arc<str>,
    /// The values, in the order of the placeholders.
    pub binds: Vec<Bind>,
}

/// What a database can do; tests and the unit of work ask this and never a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Features {
    /// The most binds that one statement may have.
    pub max_binds: usize,
    /// The most rows that one `VALUES` may have.
    pub max_rows: usize,
    /// `INSERT … RETURNING`
    pub insert_returning: bool,
    /// `UPDATE … RETURNING`
    pub update_returning: bool,
    /// `DELETE … RETURNING`
    pub delete_returning: bool,
    /// `ALTER TABLE … ADD CONSTRAINT`
    pub alter_constraints: bool,
    /// `FULL JOIN`
    pub full_join: bool,
    /// `(a, b) IN ((1, 2), …)`
    pub tuple_in: bool,
    /// Schemas as namespaces of tables.
    pub schemas: bool,
    /// `COMMENT ON`, or comments inside CREATE TABLE.
    pub comments: bool,
    /// Databases that live in memory and vanish with their last connection.
    pub memory_databases: bool,
}

impl Features {
    /// What the SQL standard promises, and careful limits.
    pub const fn standard() -> Self {
        Features {
            max_binds: 32_766,
            max_rows: 1_000,
            insert_returning: false,
            update_returning: false,
            delete_returning: false,
            alter_constraints: true,
            full_join: true,
            tuple_in: true,
            schemas: true,
            comments: false,
            memory_databases: false,
        }
    }
}

/// How one database says a statement.
pub trait Dialect: Send + Sync + std::fmt::Debug {
    /// The name, as in the scheme of a URL.
    fn name(&self) -> &'static str;
    /// What the database can do.
    fn features(&self) -> &Features;
    /// The statement in this database's SQL.
    ///
    /// # Errors
    /// When the database has no such construct, or cannot hold a value that is bound.
    fn compile(&self, statement: &Statement) -> Result<Compiled, CompileError>;
}
