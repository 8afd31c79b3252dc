//! Microsoft SQL Server 2017 or newer: its SQL, without a driver.
//!
//! Where SQL Server is unlike other databases, and what is done about it:
//!
//! - It has no boolean values. A `BIT` as a condition is compared with 1; what is true or false as a value is
//!   `CASE WHEN … THEN 1 WHEN NOT … THEN 0 END`, which keeps the unknown.
//! - Text is `VARCHAR`, as SQLAlchemy has it, and so is a literal of ASCII letters; other literals are `N'…'`. A `VARCHAR` keeps
//!   other letters only under a UTF-8 collation, of which [`MsSql::utf8`] is told; otherwise such a text is refused where it is
//!   stored. See [`types`].
//! - Text is compared as its collation says, which by default ignores case and the spaces at the end; `LEN`, which is `length`
//!   here, does not count those either. `[` has no meaning of its own in the pattern of a `LIKE` that is bound.
//! - The first rows are `TOP n`; with an offset they are `OFFSET … FETCH`, which needs an order and gets `ORDER BY (SELECT NULL)`
//!   where there is none. An order that means nothing, that of a subquery without a limit, is left out.
//! - NULL is the least value. `NULLS FIRST` and `NULLS LAST` are another key before it, where they ask for the other end.
//! - `RETURNING` is `OUTPUT inserted.…` and `OUTPUT deleted.…`; not for tables with triggers.
//! - A row lock is a hint behind its table (`UPDLOCK`, `REPEATABLEREAD`, `READPAST`, `NOWAIT`), and `LATERAL` is `CROSS APPLY`.
//! - The quotient and the average of integers are floats and the sum of 32-bit ones is one of 64 bits, as elsewhere. A division by
//!   zero and an overflow are errors.
//! - A UNIQUE constraint takes one NULL only, as `NULLS NOT DISTINCT` says elsewhere.
//! - An explicit value for an identity column needs `SET IDENTITY_INSERT` first.
//! - There is no upsert but `MERGE`, no `FILTER`, no regular expression, no comparison of tuples, no DEFERRABLE, no index of an
//!   expression, no frame of GROUPS: these are errors.

pub mod types;

mod ddl;
mod features;
mod scan;
mod syntax;
#[cfg(test)]
mod tests;

use orm_query::tree::Statement;
use orm_query::{CompileError, Compiled, DataType, Dialect, Features};

/// The SQL of Microsoft SQL Server, as one version of it speaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MsSql {
    /// The year that the version is named after.
    version: u16,
    utf8: bool,
}

/// The name in URLs and errors.
const NAME: &str = "mssql";

impl MsSql {
    /// The SQL of the version that is named after that year.
    pub const fn new(version: u16) -> Self {
        MsSql { version, utf8: false }
    }

    /// The same where `VARCHAR` has a UTF-8 collation (since 2019), so that it keeps every character, and its length counts
    /// bytes.
    #[must_use]
    pub const fn utf8(mut self) -> Self {
        self.utf8 = true;
        self
    }

    /// The year that the version is named after.
    pub const fn version(self) -> u16 {
        self.version
    }

    const fn is_utf8(self) -> bool {
        self.utf8
    }

    const fn is_at_least(self, version: u16) -> bool {
        self.version >= version
    }
}

impl Default for MsSql {
    fn default() -> Self {
        MsSql::new(2019)
    }
}

impl Dialect for MsSql {
    fn name(&self) -> &'static str {
        NAME
    }

    fn features(&self) -> &Features {
        &features::FEATURES
    }

    fn compile(&self, statement: &Statement) -> Result<Compiled, CompileError> {
        crate::syntax::compile(self, statement)
    }

    fn compile_literal(&self, statement: &Statement) -> Result<String, CompileError> {
        crate::syntax::compile_literal(self, statement)
    }

    fn reflected_type(&self, data_type: &DataType) -> DataType {
        types::reflected(data_type)
    }
}
