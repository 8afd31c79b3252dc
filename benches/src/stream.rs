//! Streams a million rows and says what it held at most; run it under GNU `time -v` to see it from outside.
//!
//! `cargo run --release -p orm-bench --bin stream -- sqlite|postgres|mariadb`

use futures_util::TryStreamExt;
use orm::prelude::*;
use orm_test_servers::{Kind, find};

const ROWS: i64 = 1_000_000;

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "stream_row")]
struct Item {
    #[column(primary_key, autoincrement = false)]
    id: i64,
    name: String,
    note: Option<String>,
    n: i32,
    x: f64,
}

#[tokio::main]
async fn main() {
    let database = std::env::args().nth(1).unwrap_or_else(|| "sqlite".to_owned());
    let directory = tempfile::tempdir().unwrap();
    let url = match database.as_str() {
        "postgres" => find(Kind::PostgreSql).unwrap().url.clone(),
        "mariadb" => find(Kind::MariaDb).unwrap().url.clone(),
        _ => format!("sqlite://{}?mode=rwc", directory.path().join("stream.db").display()),
    };
    let engine = Engine::new(&url).unwrap();
    metadata![Item].drop_all(&engine).await.unwrap();
    metadata![Item].create_all(&engine).await.unwrap();
    let mut connection = engine.connect().await.unwrap();
    let mut next = 0;
    while next < ROWS {
        let part = |id| Item {
            id,
            name: format!("the name of number {id}"),
            note: (id % 3 != 0).then(|| format!("a note on {id}")),
            n: (id % 1_000) as i32,
            x: id as f64 / 7.0,
        };
        let part: Vec<Item> = (next..next + 2_000).map(part).collect();
        connection.execute(insert(Item).values(part)).await.unwrap();
        next += 2_000;
    }
    connection.commit().await.unwrap();
    let mut rows = connection.stream(select(Item)).await.unwrap();
    let (mut count, mut sum) = (0, 0);
    while let Some(item) = rows.try_next().await.unwrap() {
        count += 1;
        sum += item.id;
    }
    drop(rows);
    assert_eq!((count, sum), (ROWS, ROWS * (ROWS - 1) / 2));
    connection.rollback().await.unwrap();
    drop(connection);
    metadata![Item].drop_all(&engine).await.unwrap();
    println!("{database}: {count} rows, {}", peak());
}

/// The most memory that this process has held, by the kernel's word.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("VmHWM: unknown");
    format!("peak {}", line.trim_start_matches("VmHWM:").trim())
}
