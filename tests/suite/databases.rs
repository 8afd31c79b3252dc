//! The door to the databases: each case runs on every one that is there.

use std::path::PathBuf;

use orm::prelude::*;
use tempfile::TempDir;

/// An empty database of its own for one case.
pub(crate) struct Database {
    pub(crate) engine: Engine,
    /// The file behind it, where there is one.
    pub(crate) file: Option<PathBuf>,
    _directory: Option<TempDir>,
}

/// Every kind of database that this build can open.
const NAMES: &[&str] = &["sqlite file", "sqlite memory"];

impl Database {
    fn open(name: &'static str) -> Database {
        match name {
            "sqlite memory" => {
                Database { engine: Engine::new("sqlite::memory:").unwrap(), file: None, _directory: None }
            }
            _ => {
                let directory = tempfile::tempdir().unwrap();
                let file = directory.path().join("test.db");
                let engine = Engine::new(&format!("sqlite://{}?mode=rwc", file.display())).unwrap();
                Database { engine, file: Some(file), _directory: Some(directory) }
            }
        }
    }
}

/// Runs a case on an empty database of each kind.
pub(crate) async fn on_each(case: impl AsyncFn(&Database)) {
    for name in NAMES {
        let database = Database::open(name);
        eprintln!("on {name}");
        case(&database).await;
        database.engine.dispose().await;
    }
}

/// Runs a case on an empty file, for what only a file can show.
pub(crate) async fn on_file(case: impl AsyncFn(&Database)) {
    let database = Database::open("sqlite file");
    case(&database).await;
    database.engine.dispose().await;
}

/// The rows of a query in SQL, each as text: what is really there, seen past the ORM.
pub(crate) async fn rows(engine: &Engine, table: &str, columns: &str) -> Vec<String> {
    let separated = columns.replace(", ", " || '|' || ");
    let concatenated = separated
        .split(" || '|' || ")
        .map(|column| format!("coalesce(cast({column} as text), 'NULL')"))
        .collect::<Vec<_>>()
        .join(" || '|' || ");
    let sql = format!("SELECT {concatenated} FROM {table} ORDER BY 1");
    engine.all(text(&sql).columns::<String>()).await.unwrap()
}
