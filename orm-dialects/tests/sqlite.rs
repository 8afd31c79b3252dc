//! The SQLite driver by itself: what only shows below the engine.

use std::time::Duration;

use orm_core::driver::{Driver, DriverConnection, DriverOptions};
use orm_core::{Error, IntegrityKind, StatementKind, TimeoutKind};
use orm_dialects::sqlite::SqliteDriver;
use orm_query::{Bind, CompileError, Compiled, DataType, Value};

type Connection = Box<dyn DriverConnection>;

fn driver(url: &str) -> SqliteDriver {
    SqliteDriver::new(url, DriverOptions::default()).unwrap()
}

fn sql(sql: &str) -> Compiled {
    Compiled { sql: sql.into(), binds: Vec::new() }
}

fn bound(sql: &str, binds: impl IntoIterator<Item = (Value, DataType)>) -> Compiled {
    let binds = binds.into_iter().map(|(value, data_type)| Bind::new(value, data_type)).collect();
    Compiled { sql: sql.into(), binds }
}

async fn run(connection: &mut Connection, text: &str) -> u64 {
    connection.execute(&sql(text)).await.unwrap_or_else(|error| panic!("{text}: {error}"))
}

async fn fail(connection: &mut Connection, text: &str) -> Error {
    connection.execute(&sql(text)).await.expect_err(text)
}

/// The first column of every row.
async fn numbers(connection: &mut Connection, text: &str) -> Vec<i64> {
    let statement = sql(text);
    let mut cursor = connection.fetch(&statement);
    let mut all = Vec::new();
    while let Some(row) = cursor.next().await.unwrap_or_else(|error| panic!("{text}: {error}")) {
        all.push(row.i64(0).unwrap().unwrap());
    }
    all
}

#[tokio::test]
async fn first_steps() {
    let driver = driver("sqlite::memory:");
    let mut c = driver.acquire().await.unwrap();
    run(&mut c, "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, name TEXT)").await;
    let insert = bound(
        "INSERT INTO t (name) VALUES (?), (?)",
        [(Value::Text("a".into()), DataType::Text), (Value::Null, DataType::Text)],
    );
    assert_eq!(c.execute(&insert).await.unwrap(), 2);
    assert_eq!(numbers(&mut c, "SELECT id FROM t ORDER BY id").await, [1, 2]);
    let mut other = driver.acquire().await.unwrap();
    assert_eq!(numbers(&mut other, "SELECT count(*) FROM t").await, [2]);
}
