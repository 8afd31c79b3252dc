//! PostgreSQL 13 or newer.

pub mod types;

mod ddl;
#[cfg(feature = "postgres")]
pub mod driver;
#[cfg(feature = "postgres")]
mod errors;
mod features;
mod lexer;
mod normalized;
mod syntax;
#[cfg(test)]
mod tests;
#[cfg(feature = "postgres")]
mod reflect;

#[cfg(feature = "postgres")]
pub use driver::PostgresDriver;

use orm_query::tree::Statement;
use orm_query::{CompileError, Compiled, DataType, Dialect, Features};

/// The SQL of PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Postgres {
    /// The server's major version.
    version: u32,
}

/// The name in URLs and errors.
const NAME: &str = "postgres";

impl Postgres {
    /// The SQL of a server of that major version; those before 13 are taken as 13.
    pub const fn new(version: u32) -> Self {
        Postgres { version: if version < 13 { 13 } else { version } }
    }

    /// The server's major version.
    pub const fn version(self) -> u32 {
        self.version
    }
}

impl Default for Postgres {
    fn default() -> Self {
        Postgres::new(15)
    }
}

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        NAME
    }

    fn features(&self) -> &Features {
        features::features(self.version)
    }

    fn compile(&self, statement: &Statement) -> Result<Compiled, CompileError> {
        crate::syntax::compile(self, statement)
    }

    fn reflected_type(&self, data_type: &DataType) -> DataType {
        types::reflected(data_type)
    }

    fn normalized_sql(&self, sql: &str) -> String {
        normalized::normalized(sql)
    }
}
