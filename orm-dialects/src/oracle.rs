//! Oracle 19c or newer: its SQL, and no driver yet.
//!
//! Where Oracle is unlike other databases, and what is done about it:
//!
//! - Names without quotes are upper-cased. A name in lower case is written without quotes and so means `USERS`; whatever
//!   else is in a name is quoted and means itself.
//! - The empty text is NULL, and so is an empty BLOB that is bound: neither can be stored, and a comparison with the empty
//!   text is an error. `a || NULL` is `a`.
//! - There is no boolean type: it is a number, 1 or 0. A predicate as a value is `CASE`, a value as a condition is `= 1`.
//! - There is no time of day: these are errors. A `DATE` has one, and columns for dates hold midnight.
//! - A LOB (`Json`, `Bytes`, and a `Text` whose column has no length) has no equality and no order: comparisons of columns
//!   that are surely one are errors. `LIKE` is not.
//! - A subquery in FROM, and a table, take their alias without `AS`. A SELECT of nothing has `FROM DUAL`.
//! - `MOD` of zero is the number itself, and no error. The quotient of integers keeps its fraction.
//! - More than a thousand values behind `IN` are several lists.
//! - Several rows are inserted by `INSERT … SELECT … FROM DUAL UNION ALL`, which evaluates defaults for each of them; such
//!   an INSERT has no RETURNING. RETURNING writes into binds behind `INTO`, which are NULL on the way in.
//! - Every row lock is `FOR UPDATE`, which is as strong as any; it stands in no query that limits or groups its rows.
//! - DDL commits the transaction that it stands in. A schema is a user, and is not created here.
//!
//! What newer releases add is in [`Release`].

pub mod types;

mod ddl;
mod features;
mod scan;
mod syntax;
#[cfg(test)]
mod tests;

use orm_query::tree::Statement;
use orm_query::{CompileError, Compiled, DataType, Dialect, Features};

/// A release of Oracle Database, by what it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Release {
    /// 19c.
    #[default]
    R19,
    /// 21c: `EXCEPT`, `EXCEPT ALL`, `INTERSECT ALL`, window frames of `GROUPS` and what they exclude.
    R21,
    /// 23ai: `IF [NOT] EXISTS`, several rows of `VALUES`, `UPDATE` and `DELETE` that read other tables, labels in
    /// `GROUP BY`.
    R23,
}

/// The SQL of Oracle, as one release speaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Oracle {
    release: Release,
}

/// The name in URLs and errors.
const NAME: &str = "oracle";

impl Oracle {
    /// The SQL of a release.
    pub const fn new(release: Release) -> Self {
        Oracle { release }
    }

    /// Of a server by its major version, which is 19 or more.
    pub const fn of_version(major: u16) -> Self {
        Oracle::new(match major {
            ..21 => Release::R19,
            21..23 => Release::R21,
            23.. => Release::R23,
        })
    }

    /// The release.
    pub const fn release(&self) -> Release {
        self.release
    }

    fn is_at_least(self, release: Release) -> bool {
        self.release >= release
    }
}

impl Dialect for Oracle {
    fn name(&self) -> &'static str {
        NAME
    }

    fn features(&self) -> &Features {
        features::features(self.release)
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
