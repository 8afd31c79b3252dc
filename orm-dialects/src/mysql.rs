//! MySQL 8.0 and MariaDB 10.6, or newer. Older ones are told what they do not have.
//!
//! The text is right on the connections that the driver sets up: `PIPES_AS_CONCAT` and `NO_BACKSLASH_ESCAPES`, strict, in UTC
//! and utf8mb4. Where these databases are unlike others, and what is done about it:
//!
//! - Text is compared as the collation of its column says, which by default ignores case; `=`, `LIKE`, `REGEXP`, `DISTINCT`
//!   and UNIQUE all do. A column's `collation = "utf8mb4_bin"`, or `.collate("utf8mb4_bin")`, compares exactly. See [`types`].
//! - A backslash in a pattern of `LIKE` is a character, unless the statement names it as the escape.
//! - Tables are `ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`. A schema is a database, and is never dropped without what is in it.
//! - NULL is the least value. `NULLS FIRST` and `NULLS LAST` are another key before it, where they ask for the other end.
//! - The quotient and the average of integers are doubles, as elsewhere; of decimals they have four digits more than what
//!   they are made of. A division by zero is NULL in a query, and an error where something is written.
//! - A sum of integers is a decimal, so that it cannot overflow; it is read as an integer where it is one.
//! - A CAST takes what it can of a text (`12abc` is 12), and the nearest number that fits.
//! - The assignments of an UPDATE take effect one after the other. They are sent in an order in which each column is read
//!   before it is assigned; where there is none, that is an error.
//! - A subquery of the table that is changed is computed before MySQL changes it; one that reads the row that is being
//!   changed is an error there, and not with MariaDB.
//! - There are no `FILTER`, no FULL JOIN, no deferred constraints, no partial indexes, and no RETURNING but that of MariaDB's
//!   INSERT and DELETE: these are errors.
//! - DDL commits the transaction that it stands in.

pub mod types;

mod ddl;
#[cfg(feature = "mysql")]
pub mod driver;
#[cfg(feature = "mysql")]
mod errors;
mod features;
mod normalized;
#[cfg(feature = "mysql")]
mod reflect;
mod scan;
mod syntax;
#[cfg(test)]
mod tests;

#[cfg(feature = "mysql")]
pub use driver::MySqlDriver;

use orm_query::tree::{Statement, UpdateRows};
use orm_query::{CompileError, Compiled, DataType, Dialect, Features};

/// Which of the two databases it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavor {
    /// MySQL, and servers that speak like it.
    MySql,
    /// MariaDB.
    MariaDb,
}

/// The version of a server: major, minor, patch.
pub type Version = (u16, u16, u16);

/// The SQL of MySQL and MariaDB, as one version of them speaks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MySql {
    flavor: Flavor,
    version: Version,
    features: Features,
}

impl MySql {
    /// The SQL of a version.
    pub const fn new(flavor: Flavor, version: Version) -> Self {
        MySql { flavor, version, features: features::features(flavor, version) }
    }

    /// MySQL 8.0.
    #[expect(clippy::self_named_constructors, reason = "it is one of two")]
    pub const fn mysql() -> Self {
        Self::new(Flavor::MySql, (8, 0, 32))
    }

    /// MariaDB 10.11.
    pub const fn mariadb() -> Self {
        Self::new(Flavor::MariaDb, (10, 11, 0))
    }

    /// The SQL of the server that says so of itself, in `VERSION()`.
    pub fn from_version_string(version: &str) -> Self {
        // MariaDB says `5.5.5-10.11.6-MariaDB` to old clients.
        let lower = version.to_ascii_lowercase();
        let flavor = if lower.contains("mariadb") { Flavor::MariaDb } else { Flavor::MySql };
        if lower.contains("oceanbase") {
            // It says 5.7, and has what came until then but for XA, a working time limit, indexes of expressions that it
            // tells as it was told, and names for the row that is inserted.
            let mut dialect = Self::new(flavor, (8, 0, 19));
            dialect.features.two_phase = false;
            dialect.features.statement_timeout = false;
            dialect.features.expression_indexes = false;
            dialect.features.insert_alias = false;
            return dialect;
        }
        let own = lower.strip_prefix("5.5.5-").filter(|_| flavor == Flavor::MariaDb).unwrap_or(&lower);
        let mut numbers =
            own.split(|c: char| !c.is_ascii_digit()).take(3).map(|number| number.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        Self::new(flavor, (next(), next(), next()))
    }

    /// Which of the two databases it is.
    pub const fn flavor(&self) -> Flavor {
        self.flavor
    }

    /// The server's version.
    pub const fn version(&self) -> Version {
        self.version
    }

    const fn is_at_least(&self, version: Version) -> bool {
        features::at_least(self.version, version)
    }

    const fn is_mariadb(&self) -> bool {
        matches!(self.flavor, Flavor::MariaDb)
    }
}

impl Dialect for MySql {
    fn name(&self) -> &'static str {
        match self.flavor {
            Flavor::MySql => "mysql",
            Flavor::MariaDb => "mariadb",
        }
    }

    fn features(&self) -> &Features {
        &self.features
    }

    fn compile(&self, statement: &Statement) -> Result<Compiled, CompileError> {
        crate::syntax::compile(self, statement)
    }

    fn compile_literal(&self, statement: &Statement) -> Result<String, CompileError> {
        crate::syntax::compile_literal(self, statement)
    }

    /// In an UPDATE of rows the key stands before each value and once more in the condition.
    fn rows_per_statement(&self, statement: &Statement) -> usize {
        let (binds, most) = match statement {
            Statement::UpdateRows(UpdateRows { key, set, .. }) => {
                (set.len() * (key.len() + 1) + key.len(), self.features.max_update_rows)
            }
            _ => match statement.rows() {
                Some(rows) => (rows.types.len(), self.features.max_rows),
                None => return usize::MAX,
            },
        };
        self.features.rows_of(binds).min(most)
    }

    fn normalized_sql(&self, sql: &str) -> String {
        normalized::normalized(sql)
    }

    fn reflected_type(&self, data_type: &DataType) -> DataType {
        types::reflected(data_type)
    }
}
