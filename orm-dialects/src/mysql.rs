//! MySQL 8.0 or newer, and MariaDB 10.6 or newer.

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

use orm_query::tree::Statement;
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
        let own = lower.strip_prefix("5.5.5-").filter(|_| flavor == Flavor::MariaDb).unwrap_or(&lower);
        let mut numbers = own
            .split(|c: char| !c.is_ascii_digit())
            .take(3)
            .map(|number| number.parse().unwrap_or(0));
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

    fn normalized_sql(&self, sql: &str) -> String {
        normalized::normalized(sql)
    }

    fn reflected_type(&self, data_type: &DataType) -> DataType {
        types::reflected(data_type)
    }
}
