//! The door to the databases: each case runs on every one that is there, and asks for a capability, never for a name.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use orm::prelude::*;
use orm::{EngineBuilder, Features, Value};
use orm_test_servers::report::Case;
use orm_test_servers::{Kind, Server, find, required};
use tempfile::TempDir;

/// An empty database of its own for one case.
pub(crate) struct Database {
    pub(crate) engine: Engine,
    /// What it is, in reports.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) url: String,
    /// The file behind it, where there is one.
    pub(crate) file: Option<PathBuf>,
    /// What the database can do.
    pub(crate) features: Features,
    /// The server it is on, where there is one.
    pub(crate) server: Option<&'static Server>,
    /// What removes it from its server.
    drop: Option<String>,
    _directory: Option<TempDir>,
}

/// A kind of database that this build can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    File,
    Memory,
    Server(Kind),
}

const PLACES: &[Place] = &[
    Place::File,
    Place::Memory,
    Place::Server(Kind::PostgreSql),
    Place::Server(Kind::PostgreSql18),
    Place::Server(Kind::MariaDb),
    Place::Server(Kind::MySql),
];

impl Database {
    /// A database at that place, or why there is none.
    async fn open(place: Place) -> Result<Database, String> {
        let mut database = match place {
            Place::Memory => {
                // Of a name, so that a case can open it a second time.
                let url = format!("sqlite://{}?mode=memory", own_name());
                Database::at(&url, "sqlite memory".to_owned())
            }
            Place::File => {
                let directory = tempfile::tempdir().unwrap();
                let file = directory.path().join("test.db");
                let database =
                    Database::at(&format!("sqlite://{}?mode=rwc", file.display()), "sqlite file".to_owned());
                Database { file: Some(file), _directory: Some(directory), ..database }
            }
            Place::Server(kind) => Database::on(find(kind).map_err(|missing| missing.to_string())?).await,
        };
        // The server's version is known behind the first answer.
        database.engine.connect().await.unwrap();
        database.features = database.engine.dialect().features().clone();
        Ok(database)
    }

    fn at(url: &str, name: String) -> Database {
        let engine = Engine::new(url).unwrap();
        Database {
            features: engine.dialect().features().clone(),
            engine,
            name,
            url: url.to_owned(),
            file: None,
            server: None,
            drop: None,
            _directory: None,
        }
    }

    /// A schema of its own, or a database where a schema is one.
    async fn on(server: &'static Server) -> Database {
        let own = own_name();
        let admin = Engine::new(&server.url).unwrap();
        admin.execute(text(format!("CREATE SCHEMA {own}"))).await.unwrap();
        admin.dispose().await;
        let is_postgres = matches!(server.kind, Kind::PostgreSql | Kind::PostgreSql18);
        let (url, drop) = if is_postgres {
            let sign = if server.url.contains('?') { '&' } else { '?' };
            let url = format!("{}{sign}options=-c%20search_path%3D{own}", server.url);
            (url, format!("DROP SCHEMA {own} CASCADE"))
        } else {
            let (place, options) = server.url.split_once('?').unwrap_or((&server.url, ""));
            let (host, _) = place.rsplit_once('/').unwrap();
            (format!("{host}/{own}?{options}"), format!("DROP DATABASE {own}"))
        };
        let url = url.trim_end_matches('?').to_owned();
        let name = server.kind.to_string();
        let mut database = Database { server: Some(server), drop: Some(drop), ..Database::at(&url, name) };
        database.engine = database.builder().build().unwrap();
        database
    }

    /// Another engine on the same database, to be set up otherwise.
    pub(crate) fn builder(&self) -> EngineBuilder<orm::Drivers> {
        let builder = Engine::builder(&self.url);
        match self.server {
            // It has 50 cursors for a connection, and each statement in the cache holds one.
            Some(server) if server.is_seekdb() => builder.statement_cache_capacity(20),
            _ => builder,
        }
    }

    async fn close(self) {
        self.engine.dispose().await;
        if let (Some(server), Some(drop)) = (self.server, &self.drop) {
            let admin = Engine::new(&server.url).unwrap();
            admin.execute(text(drop)).await.unwrap();
            admin.dispose().await;
        }
    }
}

/// A name that no other case has.
fn own_name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("orm_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Runs a case on an empty database of each kind.
pub(crate) async fn on_each(case: impl AsyncFn(&Database)) {
    on(PLACES, |_| true, "", case).await;
}

/// Runs a case on an empty database of each kind that has a capability; `what` says which one in the report.
pub(crate) async fn on_each_with(
    capability: impl Fn(&Features) -> bool,
    what: &str,
    case: impl AsyncFn(&Database),
) {
    on(PLACES, |db| capability(&db.features), what, case).await;
}

/// Runs a case on each server: what a database inside of the program cannot show.
pub(crate) async fn on_each_server(case: impl AsyncFn(&Database)) {
    on(PLACES, |db| db.server.is_some(), "a server", case).await;
}

/// Runs a case on an empty file, for what only a file can show.
pub(crate) async fn on_file(case: impl AsyncFn(&Database)) {
    on(&[Place::File], |_| true, "", case).await;
}

async fn on(places: &[Place], has: impl Fn(&Database) -> bool, what: &str, case: impl AsyncFn(&Database)) {
    for &place in places {
        let database = match Database::open(place).await {
            Ok(database) => database,
            Err(why) => {
                assert!(!required(), "{why}");
                eprintln!("skipped: {why}");
                if let Place::Server(kind) = place {
                    Case::begin(kind.name()).skipped(&why);
                }
                continue;
            }
        };
        let report = Case::begin(&database.name);
        if has(&database) {
            eprintln!("on {}", database.name);
            case(&database).await;
            report.passed();
        } else {
            report.skipped(&format!("it has not: {what}"));
        }
        database.close().await;
    }
}

/// The rows of a table, each as text: what is really there, seen past the ORM.
pub(crate) async fn rows(engine: &Engine, table: &str, columns: &str) -> Vec<String> {
    let sql = format!("SELECT {columns} FROM {table}");
    let rows = engine.all(text(&sql).mappings()).await.unwrap();
    let mut lines: Vec<String> =
        rows.iter().map(|row| row.values().iter().map(shown).collect::<Vec<_>>().join("|")).collect();
    lines.sort();
    lines
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(v) => i32::from(*v).to_string(),
        Value::I16(v) => v.to_string(),
        Value::I32(v) => v.to_string(),
        Value::I64(v) => v.to_string(),
        Value::U64(v) => v.to_string(),
        Value::F32(v) => v.to_string(),
        Value::F64(v) => v.to_string(),
        Value::Decimal(v) => v.to_string(),
        Value::Text(v) => v.clone(),
        Value::Date(v) => v.to_string(),
        Value::Uuid(v) => v.simple().to_string(),
        Value::Json(v) => v.to_string(),
        other => format!("{other:?}"),
    }
}
