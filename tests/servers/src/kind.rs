use std::fmt;

/// A kind of database server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The machine's PostgreSQL, of whatever version.
    PostgreSql,
    /// PostgreSQL 18 or newer.
    PostgreSql18,
    /// MariaDB.
    MariaDb,
    /// MySQL, or seekdb, which speaks its protocol and takes its forms.
    MySql,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::PostgreSql, Kind::PostgreSql18, Kind::MariaDb, Kind::MySql];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::PostgreSql => "PostgreSQL",
            Kind::PostgreSql18 => "PostgreSQL 18",
            Kind::MariaDb => "MariaDB",
            Kind::MySql => "MySQL",
        }
    }

    /// The variable that names a server of this kind: the URL of a database as a user who may create databases.
    pub fn variable(self) -> &'static str {
        match self {
            Kind::PostgreSql => "ORM_POSTGRES_URL",
            Kind::PostgreSql18 => "ORM_POSTGRES18_URL",
            Kind::MariaDb => "ORM_MARIADB_URL",
            Kind::MySql => "ORM_MYSQL_URL",
        }
    }

    /// Where a machine that has it usually lets one in.
    pub(crate) fn standard_urls(self) -> &'static [&'static str] {
        match self {
            Kind::PostgreSql | Kind::PostgreSql18 => {
                &["postgres://postgres@127.0.0.1:5432/test", "postgres://root@127.0.0.1:5432/test"]
            }
            Kind::MariaDb | Kind::MySql => &["mysql://root@127.0.0.1:3306/test"],
        }
    }

    /// Whether a server that answers `SELECT version()` with `version` is of this kind.
    pub(crate) fn is(self, version: &str) -> bool {
        match self {
            Kind::PostgreSql => version.starts_with("PostgreSQL "),
            Kind::PostgreSql18 => postgres_major(version).is_some_and(|major| major >= 18),
            Kind::MariaDb => version.contains("MariaDB"),
            Kind::MySql => {
                version.starts_with(|first: char| first.is_ascii_digit()) && !version.contains("MariaDB")
            }
        }
    }

    /// The name of its directories and files.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Kind::PostgreSql => "postgresql",
            Kind::PostgreSql18 => "postgresql18",
            Kind::MariaDb => "mariadb",
            Kind::MySql => "mysql",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// 15 of `PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on …`, and of what `postgres --version` prints.
pub(crate) fn postgres_major(version: &str) -> Option<u32> {
    let number = version.split(' ').find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|other: char| !other.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str = "PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc";

    #[test]
    fn a_version_tells_the_kind() {
        let kinds = |version| Kind::ALL.into_iter().filter(|kind| kind.is(version)).collect::<Vec<_>>();
        assert_eq!(kinds(DEBIAN), [Kind::PostgreSql]);
        assert_eq!(kinds("PostgreSQL 18.6 on x86_64"), [Kind::PostgreSql, Kind::PostgreSql18]);
        assert_eq!(kinds("PostgreSQL 19beta1 on x86_64"), [Kind::PostgreSql, Kind::PostgreSql18]);
        assert_eq!(kinds("10.11.19-MariaDB-0+deb12u1"), [Kind::MariaDb]);
        assert_eq!(kinds("8.4.2"), [Kind::MySql]);
        assert_eq!(kinds("5.7.25-OceanBase seekdb-v1.4.0.0"), [Kind::MySql]);
    }

    #[test]
    fn a_program_tells_its_version() {
        assert_eq!(postgres_major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"), Some(15));
        assert_eq!(postgres_major("postgres (PostgreSQL)"), None);
    }
}
