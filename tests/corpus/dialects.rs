//! The dialects of the corpus, in the versions that it was compiled for.

use orm::Dialect;
use orm_dialects::mysql::Flavor;
use orm_dialects::{MsSql, MySql, Oracle, Postgres, Sqlite};

/// All that the corpus has, under its names.
pub(crate) const NAMES: &[&str] = &["postgresql", "mysql", "mariadb", "sqlite", "oracle", "mssql"];

/// The dialect of that name.
pub(crate) fn dialect(name: &str) -> Box<dyn Dialect> {
    match name {
        "postgresql" => Box::new(Postgres::new(15)),
        "mysql" => Box::new(MySql::new(Flavor::MySql, (8, 0, 36))),
        "mariadb" => Box::new(MySql::new(Flavor::MariaDb, (10, 11, 0))),
        "sqlite" => Box::new(Sqlite),
        "oracle" => Box::new(Oracle::default()),
        "mssql" => Box::new(MsSql::new(2019)),
        other => panic!("no dialect is called {other}"),
    }
}
