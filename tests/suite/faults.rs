//! Faults: servers that die, connections that are cut, futures that are dropped half-way, transactions that meet, errors by
//! their kinds, and what a driver underneath must not be trusted with.

use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use orm::Error;
use orm::prelude::*;
use orm_test_servers::Kind;

use crate::databases::Database;

mod conflicts;
mod errors;
mod flush;
mod futures;
mod server;
mod traps;

/// Waits until `is` holds.
async fn until(what: &str, mut is: impl AsyncFnMut() -> bool) {
    for _ in 0..1_000 {
        if is().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to be: {what}");
}

/// Polls a future so many times at most, each time that it asks to be, and drops it; what it came to.
async fn polled<T>(polls: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = Box::pin(future);
    let mut left = polls;
    std::future::poll_fn(move |cx| match future.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => {
            left -= 1;
            if left == 0 { Poll::Ready(None) } else { Poll::Pending }
        }
    })
    .await
}

/// Until everything that was dropped is cleared away: nobody is out, nobody waits, and no more are open than may be.
async fn settled(engine: &Engine) {
    until("all connections are idle", async || {
        let status = engine.pool_status();
        assert!(status.open <= status.max, "{status:?}");
        status.idle == status.open && status.waiting == 0
    })
    .await;
}

/// The names in table `tag`, in order.
async fn tags(engine: &Engine) -> Vec<String> {
    engine.all(select(Tag::name).order_by(Tag::name)).await.unwrap()
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "tag")]
struct Tag {
    #[column(primary_key)]
    id: i64,
    #[column(length = 255, unique)]
    name: String,
}

fn tag(name: impl Into<String>) -> Tag {
    Tag { name: name.into(), ..default() }
}

/// What each kind of server calls what the cases need of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    Postgres,
    MySql,
}

impl Words {
    fn of(kind: Kind) -> Words {
        match kind {
            Kind::PostgreSql | Kind::PostgreSql18 => Words::Postgres,
            Kind::MariaDb | Kind::MySql => Words::MySql,
        }
    }

    /// Gives 1 after so many seconds, or what the server likes.
    fn sleep(self, seconds: u32) -> String {
        match self {
            Words::Postgres => format!("SELECT 1 FROM pg_sleep({seconds})"),
            Words::MySql => format!("SELECT SLEEP({seconds})"),
        }
    }

    /// The number by which the server knows the connection.
    fn id(self) -> &'static str {
        match self {
            Words::Postgres => "SELECT pg_backend_pid()",
            Words::MySql => "SELECT CONNECTION_ID()",
        }
    }

    /// How many connections run a statement that starts so.
    fn running(self, statement: &str) -> String {
        match self {
            Words::Postgres => format!(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '{statement}%'"
            ),
            Words::MySql => format!(
                "SELECT count(*) FROM information_schema.processlist WHERE command <> 'Sleep' AND info LIKE '{statement}%'"
            ),
        }
    }

    /// How many of these connections are there.
    fn there(self, ids: &[i64]) -> String {
        let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Words::Postgres => format!("SELECT count(*) FROM pg_stat_activity WHERE pid IN ({ids})"),
            Words::MySql => {
                format!("SELECT count(*) FROM information_schema.processlist WHERE id IN ({ids})")
            }
        }
    }

    fn end(self, id: i64) -> String {
        match self {
            Words::Postgres => format!("SELECT pg_terminate_backend({id})"),
            Words::MySql => format!("KILL {id}"),
        }
    }
}

async fn number(engine: &Engine, sql: impl AsRef<str>) -> i64 {
    engine.one(text(sql).columns::<i64>()).await.unwrap()
}

/// Which words the server of a database has, if it is on one.
fn words(db: &Database) -> Option<Words> {
    db.server.map(|server| Words::of(server.kind))
}

/// An engine on a database with its table `tag`, whose transactions can be told from those of others.
struct Watched {
    engine: Engine,
    /// How many transactions it has open, in SQL.
    open: Option<String>,
}

impl Watched {
    async fn new(db: &Database, connections: u32) -> Watched {
        Watched::built(db, db.builder().max_connections(connections)).await
    }

    async fn built(db: &Database, mut builder: orm::EngineBuilder<orm::Drivers>) -> Watched {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("faults_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let open = match words(db) {
            Some(Words::Postgres) => {
                builder = builder.setup(format!("SET application_name = '{name}'"));
                Some(format!(
                    "SELECT count(*) FROM pg_stat_activity \
                     WHERE application_name = '{name}' AND state LIKE 'idle in transaction%'"
                ))
            }
            Some(Words::MySql) if !db.server.is_some_and(|server| server.is_seekdb()) => Some(
                "SELECT count(*) FROM information_schema.innodb_trx AS t \
                 JOIN information_schema.processlist AS p ON p.id = t.trx_mysql_thread_id WHERE p.db = DATABASE()"
                    .to_owned(),
            ),
            _ => None,
        };
        let engine = builder.build().unwrap();
        metadata![Tag].create_all(&engine).await.unwrap();
        Watched { engine, open }
    }

    /// Everything is cleared away, nobody is in a transaction, and each connection serves with its own answers.
    async fn is_clean(&self, what: &str) {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        settled(&self.engine).await;
        if let Some(open) = &self.open {
            // InnoDB shows the same picture for as long as somebody asks again within 100 ms, in whatever case.
            let mut tries = 0;
            while number(&self.engine, open).await != 0 {
                tries += 1;
                assert!(tries < 60, "{what}: a transaction is open");
                tokio::time::sleep(Duration::from_millis(150 + 50 * (tries % 5))).await;
            }
        }
        // All at once, so that nobody is left out.
        let mut all = Vec::new();
        for _ in 0..self.engine.pool_status().max {
            all.push(self.engine.connect().await.unwrap());
        }
        for connection in &mut all {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            assert!(!connection.in_transaction(), "{what}");
            let literal = text(format!("SELECT {number}")).columns::<u32>();
            assert_eq!(connection.one(literal).await.unwrap(), number, "{what}");
            connection.rollback().await.unwrap();
        }
        drop(all);
        let own = format!("own {}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.engine.begin().await.unwrap();
        connection.execute(insert(Tag).set(Tag::name, own.clone())).await.unwrap();
        let query = select(Tag::name).filter(Tag::name.eq(&*own));
        assert_eq!(connection.all(query).await.unwrap(), [own], "{what}");
        connection.rollback().await.unwrap();
    }
}

fn assert_lost<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Connection { .. }) && error.is_disconnect(), "{error:?}");
}

fn assert_unknown<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::CommitUnknown { .. }), "{error:?}");
    assert!(error.is_disconnect() && !error.is_retryable());
}
