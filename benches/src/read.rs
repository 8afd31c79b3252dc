//! Reads: 20,000 rows of five columns as structs, and one row by its key on a held connection, beside what the driver
//! underneath does by hand. Rounds are interleaved, and what counts is the median of the rounds' ratios.
//!
//! `cargo run --release -p orm-bench --bin read`

use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use orm::prelude::*;
use orm_test_servers::{Kind, find};
use sqlx::{Connection as _, Row as _};

const ROWS: i64 = 20_000;
const ROUNDS: usize = 31;
const POINTS: i64 = 2_000;

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "bench_row")]
struct Item {
    #[column(primary_key)]
    id: i64,
    name: String,
    note: Option<String>,
    n: i32,
    x: f64,
}

struct Plain {
    id: i64,
    name: String,
    note: Option<String>,
    n: i32,
    x: f64,
}

/// As sqlx's derive does it: by name.
impl<'r> sqlx::FromRow<'r, sqlx::mysql::MySqlRow> for Plain {
    fn from_row(row: &'r sqlx::mysql::MySqlRow) -> Result<Self, sqlx::Error> {
        Ok(Plain {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            note: row.try_get("note")?,
            n: row.try_get("n")?,
            x: row.try_get("x")?,
        })
    }
}

impl From<Plain> for Item {
    fn from(plain: Plain) -> Self {
        let Plain { id, name, note, n, x } = plain;
        Item { id, name, note, n, x }
    }
}

const ALL: &str = "SELECT id, name, note, n, x FROM bench_row";

fn items() -> Vec<Item> {
    (1..=ROWS)
        .map(|id| Item {
            id,
            name: format!("the name of number {id}"),
            note: (id % 3 != 0).then(|| format!("a note on {id}")),
            n: (id % 1_000) as i32,
            x: id as f64 / 7.0,
        })
        .collect()
}

async fn fill(engine: &Engine) {
    metadata![Item].drop_all(engine).await.unwrap();
    metadata![Item].create_all(engine).await.unwrap();
    let mut connection = engine.begin().await.unwrap();
    for part in items().chunks(500) {
        connection.execute(insert(Item).values(part.to_vec())).await.unwrap();
    }
    connection.commit().await.unwrap();
}

async fn timed(work: impl Future<Output = ()>) -> Duration {
    let start = Instant::now();
    work.await;
    start.elapsed()
}

/// The median of `orm / peer` over interleaved rounds.
async fn compare(what: &str, limit: f64, each: i64, mut orm: impl AsyncFnMut(), mut peer: impl AsyncFnMut()) {
    let (mut ratios, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS + 3 {
        let (a, b);
        if round % 2 == 0 {
            a = timed(orm()).await;
            b = timed(peer()).await;
        } else {
            b = timed(peer()).await;
            a = timed(orm()).await;
        }
        if round >= 3 {
            ratios.push(a.as_secs_f64() / b.as_secs_f64());
            ours.push(a.as_nanos() as f64 / each as f64);
            theirs.push(b.as_nanos() as f64 / each as f64);
        }
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (ratio, ours, theirs) = (median(&mut ratios), median(&mut ours), median(&mut theirs));
    let verdict = if ratio <= limit { "" } else { "  over" };
    println!("{what:<58} {ours:>9.0} ns {theirs:>9.0} ns {ratio:>6.2} x (limit {limit:.2}){verdict}");
}

async fn sqlite() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("bench.db");
    let engine = Engine::new(&format!("sqlite://{}?mode=rwc", file.display())).unwrap();
    fill(&engine).await;
    let expected = items();
    let mut connection = engine.connect().await.unwrap();
    let other = std::sync::Arc::new(std::sync::Mutex::new(rusqlite::Connection::open(&file).unwrap()));
    let by_hand = |row: &rusqlite::Row<'_>| {
        Ok(Item { id: row.get(0)?, name: row.get(1)?, note: row.get(2)?, n: row.get(3)?, x: row.get(4)? })
    };
    assert_eq!(connection.all(select(Item)).await.unwrap(), expected);
    compare(
        "SQLite: 20,000 rows / rusqlite in spawn_blocking",
        1.8,
        ROWS,
        async || assert_eq!(connection.all(select(Item)).await.unwrap().len(), expected.len()),
        async || {
            let other = other.clone();
            let rows = tokio::task::spawn_blocking(move || {
                let other = other.lock().unwrap();
                let mut statement = other.prepare_cached(ALL).unwrap();
                let rows: Vec<Item> = statement.query_map([], by_hand).unwrap().map(Result::unwrap).collect();
                rows.len()
            });
            assert_eq!(rows.await.unwrap(), expected.len());
        },
    )
    .await;
    let other = rusqlite::Connection::open(&file).unwrap();
    compare(
        "SQLite: a row by its key / rusqlite",
        3.0,
        POINTS,
        async || {
            for id in 1..=POINTS {
                let item = connection.one(select(Item).filter(Item::id.eq(id))).await.unwrap();
                assert_eq!(item.id, id);
            }
        },
        async || {
            for id in 1..=POINTS {
                let mut statement = other.prepare_cached(&format!("{ALL} WHERE id = ?")).unwrap();
                assert_eq!(statement.query_row([id], by_hand).unwrap().id, id);
            }
        },
    )
    .await;
}

async fn postgres(kind: Kind) {
    let server = match find(kind) {
        Ok(server) => server,
        Err(missing) => return println!("{missing}"),
    };
    let engine = Engine::new(&server.url).unwrap();
    fill(&engine).await;
    let expected = items();
    let mut connection = engine.connect().await.unwrap();
    assert_eq!(connection.all(select(Item).order_by(Item::id)).await.unwrap(), expected);
    let mut other = sqlx::PgConnection::connect(&server.url).await.unwrap();
    let by_hand = |row: &sqlx::postgres::PgRow| Item {
        id: row.try_get_unchecked(0).unwrap(),
        name: row.try_get_unchecked(1).unwrap(),
        note: row.try_get_unchecked(2).unwrap(),
        n: row.try_get_unchecked(3).unwrap(),
        x: row.try_get_unchecked(4).unwrap(),
    };
    compare(
        &format!("{kind}: 20,000 rows / sqlx streaming, unchecked ordinals"),
        1.15,
        ROWS,
        async || assert_eq!(connection.all(select(Item)).await.unwrap().len(), expected.len()),
        async || {
            let mut rows = sqlx::query(ALL).fetch(&mut other);
            let mut all = Vec::new();
            while let Some(row) = rows.try_next().await.unwrap() {
                all.push(by_hand(&row));
            }
            assert_eq!(all.len(), expected.len());
        },
    )
    .await;
    compare(
        &format!("{kind}: a row by its key / sqlx"),
        1.15,
        POINTS,
        async || {
            for id in 1..=POINTS {
                let item = connection.one(select(Item).filter(Item::id.eq(id))).await.unwrap();
                assert_eq!(item.id, id);
            }
        },
        async || {
            for id in 1..=POINTS {
                let sql = "SELECT id, name, note, n, x FROM bench_row WHERE id = $1";
                let row = sqlx::query(sql).bind(id).fetch_one(&mut other).await.unwrap();
                assert_eq!(by_hand(&row).id, id);
            }
        },
    )
    .await;
    drop(connection);
    metadata![Item].drop_all(&engine).await.unwrap();
}

async fn mysql(kind: Kind) {
    let server = match find(kind) {
        Ok(server) => server,
        Err(missing) => return println!("{missing}"),
    };
    let engine = Engine::new(&server.url).unwrap();
    fill(&engine).await;
    let expected = items();
    let mut connection = engine.connect().await.unwrap();
    assert_eq!(connection.all(select(Item).order_by(Item::id)).await.unwrap(), expected);
    let mut other = sqlx::MySqlConnection::connect(&server.url).await.unwrap();
    compare(
        &format!("{kind}: 20,000 rows / sqlx query_as"),
        1.10,
        ROWS,
        async || assert_eq!(connection.all(select(Item)).await.unwrap().len(), expected.len()),
        async || {
            let rows: Vec<Plain> = sqlx::query_as(ALL).fetch_all(&mut other).await.unwrap();
            assert_eq!(rows.into_iter().map(Item::from).collect::<Vec<_>>().len(), expected.len());
        },
    )
    .await;
    compare(
        &format!("{kind}: a row by its key / sqlx"),
        1.15,
        POINTS,
        async || {
            for id in 1..=POINTS {
                let item = connection.one(select(Item).filter(Item::id.eq(id))).await.unwrap();
                assert_eq!(item.id, id);
            }
        },
        async || {
            for id in 1..=POINTS {
                let row: Plain = sqlx::query_as("SELECT id, name, note, n, x FROM bench_row WHERE id = ?")
                    .bind(id)
                    .fetch_one(&mut other)
                    .await
                    .unwrap();
                assert_eq!(Item::from(row).id, id);
            }
        },
    )
    .await;
    drop(connection);
    metadata![Item].drop_all(&engine).await.unwrap();
}

#[tokio::main]
async fn main() {
    println!("{:<58} {:>12} {:>12} {:>8}", "for each row", "orm", "peer", "ratio");
    sqlite().await;
    postgres(Kind::PostgreSql).await;
    mysql(Kind::MariaDb).await;
}
