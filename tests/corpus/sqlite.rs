//! What compiles on SQLite runs there, on the fixture, and does what the corpus says.

use std::fmt::Write as _;
use std::io::Write as _;

use orm::driver::{Driver, DriverConnection, DriverOptions};
use orm::{Bind, Compiled, DataType, Value};
use orm_dialects::sqlite::SqliteDriver;
use serde_json::Value as Json;

use crate::core::{self, Line, Outcome, Page, Said};
use crate::{compare, dialects, differences, fixture, rows};

/// A database in memory, which lives as long as its driver.
pub(crate) struct Memory {
    _driver: SqliteDriver,
    pub(crate) connection: Box<dyn DriverConnection>,
}

impl Memory {
    async fn new() -> Memory {
        let driver = SqliteDriver::new("sqlite::memory:", DriverOptions::default()).unwrap();
        let connection = driver.connect().await.unwrap();
        Memory { connection, _driver: driver }
    }

    pub(crate) async fn with_fixture() -> Memory {
        let mut memory = Memory::new().await;
        fixture::create(&mut *memory.connection, "sqlite").await;
        memory
    }
}

/// Runs statements and holds what they do against what the corpus says; the first difference.
async fn run(line: &Line, outcome: &Outcome, statements: &[Compiled]) -> Result<(), String> {
    let is_ddl = line.kind == "ddl";
    let mut memory = if is_ddl { Memory::new().await } else { Memory::with_fixture().await };
    let connection = &mut *memory.connection;
    let mut before = Vec::new();
    if is_ddl {
        for sql in fixture::before_ddl(&line.name, "sqlite") {
            fixture::run(connection, sql, Vec::new()).await?;
        }
        before = master(connection).await;
    }
    let mut found = Vec::new();
    for statement in statements {
        let rows = rows::fetch(connection, statement).await;
        found.extend(rows.map_err(|error| format!("{error}: {}", statement.sql))?);
    }
    let is_listed = differences::differences().iter().any(|e| e.name == line.name && e.dialect == "sqlite");
    if let Some(expected) = outcome.sqlite_master.as_ref().filter(|_| !is_listed) {
        let mut expected: Vec<_> = expected.iter().filter(|entry| !before.contains(entry)).cloned().collect();
        let mut after = master(connection).await;
        after.retain(|entry| !before.contains(entry));
        expected.sort();
        after.sort();
        return if after == expected {
            Ok(())
        } else {
            Err(format!("   got: {after:?}\ntheirs: {expected:?}"))
        };
    }
    if let Some(expected) = &outcome.rows
        && let Some(difference) = rows::difference(&found, expected, outcome.ordered)
    {
        return Err(difference);
    }
    if is_ddl {
        return Ok(());
    }
    for table in fixture::TABLES {
        let mut expected = fixture::rows(table);
        if let Some(change) = outcome.changed.as_ref().and_then(|changed| changed.get(&*table.name)) {
            expected.retain(|row| !change.gone.contains(row));
            expected.extend(change.now.iter().cloned());
        }
        let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
        let sql = format!("SELECT {} FROM {}", names.join(", "), table.name);
        let found = rows::fetch(connection, &Compiled { sql: sql.into(), binds: Vec::new() }).await?;
        if let Some(difference) = rows::difference(&found, &expected, false) {
            return Err(format!("{}:\n{difference}", table.name));
        }
    }
    Ok(())
}

/// Kind, name and table of all that is there.
async fn master(connection: &mut dyn DriverConnection) -> Vec<(String, String, String)> {
    let sql = "SELECT json_array(type, name, tbl_name) FROM sqlite_master".into();
    let mut cursor = connection.fetch(&Compiled { sql, binds: Vec::new() }, &orm::ExecutionOptions::new());
    let mut entries = Vec::new();
    while let Some(row) = cursor.next().await.unwrap() {
        entries.push(serde_json::from_str(&row.text(0).unwrap().unwrap()).unwrap());
    }
    entries
}

#[tokio::test]
async fn what_compiles_runs_and_gives_the_rows_of_the_corpus() {
    let cases = compare::cases_by_name();
    let (mut failures, mut ran, mut unwritten) = (String::new(), 0, 0);
    for line in core::lines().iter().filter(|line| core::is_wanted(line)) {
        let outcome = line.results.get("sqlite");
        let Some(case) = cases.get(line.name.as_str()) else { continue };
        let Some(Ok(statements)) = case.compile("sqlite", &*dialects::dialect("sqlite")) else { continue };
        let nothing = Outcome::default();
        let outcome = match outcome {
            Some(Outcome { skipped: Some(_), .. }) => continue,
            Some(outcome) => outcome,
            // The corpus has nothing to compare: that it runs is all.
            None => &nothing,
        };
        ran += 1;
        if outcome.changed.is_none() && outcome.rows.is_none() && line.kind != "ddl" && line.kind != "select"
        {
            continue;
        }
        let done = run(line, outcome, &statements).await;
        if differences::gives_other_rows(&line.name, "sqlite") {
            if done.is_ok() {
                let _ = writeln!(
                    failures,
                    "{}: gives the corpus' rows, and is listed as giving others\n",
                    line.name
                );
            }
            continue;
        }
        if let Err(why) = done {
            if differences::is_unwritten(&line.group, "sqlite") && core::wanted().is_none() {
                unwritten += 1;
                continue;
            }
            let _ = writeln!(failures, "{}: {}\n{}\n{why}\n", line.name, line.source, statements[0].sql);
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "SQLite: {ran} statements ran ({unwritten} of groups not written yet differ)"
    );
    assert!(failures.is_empty(), "these do something else on SQLite:\n\n{failures}");
}

/// The harness itself: SQLAlchemy's texts give the corpus' rows here.
#[tokio::test]
async fn the_corpus_own_texts_give_its_rows() {
    let mut failures = String::new();
    let mut ran = 0;
    for line in core::lines().iter().filter(|line| line.kind != "ddl") {
        let Some(outcome) = line.results.get("sqlite").filter(|outcome| outcome.skipped.is_none()) else {
            continue;
        };
        let Said::One(Page { sql, binds }) = &line.dialects["sqlite"] else { continue };
        let binds = binds.iter().map(bind).collect();
        ran += 1;
        if let Err(why) = run(line, outcome, &[Compiled { sql: sql.as_str().into(), binds }]).await {
            let _ = writeln!(failures, "{}: {sql}\n{why}\n", line.name);
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(ran > 300, "{ran}");
}

/// The harness itself: a row more, less or otherwise is seen, and so is a table that changed.
#[tokio::test]
async fn another_outcome_is_a_failure() {
    let line = |name: &str| core::lines().iter().find(|line| line.name == name).unwrap();
    let text = |sql: &str| [Compiled { sql: sql.into(), binds: Vec::new() }];
    let seen = async |name: &str, sql: &str| {
        let line = line(name);
        run(line, &line.results["sqlite"], &text(sql)).await.is_err()
    };
    assert!(!seen("order_by", "SELECT id FROM users ORDER BY name").await);
    assert!(seen("order_by", "SELECT id FROM users ORDER BY name DESC").await);
    assert!(seen("order_by", "SELECT id FROM users ORDER BY name LIMIT 4").await);
    assert!(seen("order_by", "SELECT id, name FROM users ORDER BY name").await);
    assert!(seen("order_by", "SELECT no_column FROM users").await);
    assert!(!seen("select_columns", "SELECT id, name FROM users ORDER BY name DESC").await);
    assert!(seen("select_columns", "SELECT id, fullname FROM users").await);
    assert!(!seen("insert_values", "INSERT INTO users (id, name, is_active) VALUES (70, 'zed', 0)").await);
    assert!(seen("insert_values", "INSERT INTO users (id, name, is_active) VALUES (70, 'zed', 1)").await);
    assert!(seen("insert_values", "DELETE FROM item_keywords").await);
    assert!(!seen("ddl_type_integers", "CREATE TABLE t (a INTEGER)").await);
    assert!(seen("ddl_type_integers", "CREATE TABLE u (a INTEGER)").await);
}

/// What Python's driver sends, as ours does.
fn bind(json: &Json) -> Bind {
    match json {
        Json::Null => Bind::new(Value::Null, DataType::Text),
        Json::Bool(v) => Bind::new(Value::Bool(*v), DataType::Boolean),
        Json::Number(v) if v.is_f64() => Bind::new(Value::F64(v.as_f64().unwrap()), DataType::Double),
        Json::Number(v) => Bind::new(Value::I64(v.as_i64().unwrap()), DataType::BigInt),
        Json::String(v) => Bind::new(Value::Text(v.clone()), DataType::Text),
        other => match other.get("$bytes").and_then(Json::as_str).and_then(crate::binds::base64) {
            Some(bytes) => Bind::new(Value::Bytes(bytes), DataType::Bytes),
            None => panic!("SQLite is sent {other}"),
        },
    }
}
