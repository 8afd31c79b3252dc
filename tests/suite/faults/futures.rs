//! Futures that are dropped at every point where they wait: nothing is half there, nobody gets what someone else has begun,
//! and no connection answers with what another one asked.

use std::time::Duration;

use orm::prelude::*;
use orm::{Error, SessionError, TransactionOptions};

use super::{Tag, Watched, polled, settled, tag, tags};
use crate::databases::{Database, on_each, on_each_with};

/// What a dropped future may leave in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaves {
    Nothing,
    /// All of what it was to write, or none of it.
    AllOrNothing(usize),
}

/// Drops the future of `work` after its first poll, after its second, and so on, until it comes to its end by itself;
/// `work` says whether it did. Each time the pool must come clean.
async fn dropped_everywhere(
    db: &Database,
    what: &str,
    leaves: Leaves,
    work: impl AsyncFn(&Engine, u32) -> bool,
) {
    let watched = Watched::new(db, 2).await;
    let mut polls = 0;
    loop {
        polls += 1;
        assert!(polls < 1_000, "{what} has no end");
        let is_done = work(&watched.engine, polls).await;
        let what = format!("{what} on {}, dropped after {polls} polls", db.name);
        watched.is_clean(&what).await;
        let left = tags(&watched.engine).await.len();
        match leaves {
            Leaves::Nothing => assert_eq!(left, 0, "{what}"),
            Leaves::AllOrNothing(all) => {
                assert!(left == 0 || left == all, "{what}: {left} of {all}");
                watched.engine.execute(delete(Tag).all_rows()).await.unwrap();
            }
        }
        if is_done {
            break;
        }
    }
    eprintln!("  {what}: {polls} polls");
    assert!(watched.engine.pool_status().timed_out == 0);
    watched.engine.dispose().await;
}

const NOTHING: Leaves = Leaves::Nothing;

fn new_tags(number: u32) -> Vec<Tag> {
    (0..number).map(|n| tag(format!("new {n}"))).collect()
}

/// A query that sends something for long enough that it can be dropped in the middle.
fn many() -> orm::typed::TextRows<i64> {
    let digits = "WITH d AS (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
                  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    text(format!(
        "{digits} SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n FROM d AS a, d AS b, d AS c, d AS d"
    ))
    .columns()
}

#[tokio::test]
async fn connect() {
    on_each(async |db| {
        let mut polls = 0;
        loop {
            polls += 1;
            // One of its own each time: a pool that has a connection gives it at once.
            let watched = Watched::new(db, 2).await;
            let engine = db.builder().max_connections(1).min_connections(1).build().unwrap();
            let is_done = polled(polls, engine.connect()).await.transpose().unwrap().is_some();
            settled(&engine).await;
            assert!(engine.pool_status().open <= 1);
            assert_eq!(engine.one(text("SELECT 7").columns::<i32>()).await.unwrap(), 7);
            engine.dispose().await;
            assert_eq!(engine.pool_status().open, 0);
            watched.engine.dispose().await;
            if is_done {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn begin() {
    on_each(async |db| {
        dropped_everywhere(db, "begin", NOTHING, async |engine, polls| {
            polled(polls, engine.begin()).await.transpose().unwrap().is_some()
        })
        .await;
        dropped_everywhere(db, "begin on a connection", NOTHING, async |engine, polls| {
            let mut connection = engine.connect().await.unwrap();
            polled(polls, connection.begin()).await.transpose().unwrap().is_some()
        })
        .await;
        if db.features.read_only_transactions {
            dropped_everywhere(db, "begin that only reads", NOTHING, async |engine, polls| {
                let options = TransactionOptions::new().read_only(true);
                polled(polls, engine.begin_with(options)).await.transpose().unwrap().is_some()
            })
            .await;
        }
    })
    .await;
}

#[tokio::test]
async fn statements_of_the_engine() {
    on_each(async |db| {
        let three = Leaves::AllOrNothing(3);
        dropped_everywhere(db, "execute", three, async |engine, polls| {
            let statement = insert(Tag).values(new_tags(3));
            polled(polls, engine.execute(statement)).await.transpose().unwrap().is_some()
        })
        .await;
        dropped_everywhere(db, "all", NOTHING, async |engine, polls| {
            let rows = polled(polls, engine.all(many())).await.transpose().unwrap();
            rows.is_some_and(|rows| rows.len() == 10_000)
        })
        .await;
        dropped_everywhere(db, "first", NOTHING, async |engine, polls| {
            polled(polls, engine.first(many())).await.transpose().unwrap().is_some()
        })
        .await;
        // A statement that fails leaves no more than one that does not.
        dropped_everywhere(db, "a mistake", NOTHING, async |engine, polls| {
            polled(polls, engine.execute(text("SELEKT 1"))).await.is_some_and(|result| result.is_err())
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn statements_in_a_transaction() {
    on_each(async |db| {
        dropped_everywhere(db, "execute in a transaction", NOTHING, async |engine, polls| {
            let mut connection = engine.begin().await.unwrap();
            connection.execute(insert(Tag).set(Tag::name, "before")).await.unwrap();
            let statement = insert(Tag).values(new_tags(3));
            polled(polls, connection.execute(statement)).await.transpose().unwrap().is_some()
        })
        .await;
        dropped_everywhere(db, "all in a transaction", NOTHING, async |engine, polls| {
            let mut connection = engine.begin().await.unwrap();
            connection.execute(insert(Tag).set(Tag::name, "before")).await.unwrap();
            polled(polls, connection.all(many())).await.transpose().unwrap().is_some()
        })
        .await;
        dropped_everywhere(db, "begin by a statement", NOTHING, async |engine, polls| {
            let mut connection = engine.connect().await.unwrap();
            let statement = insert(Tag).values(new_tags(3));
            polled(polls, connection.execute(statement)).await.transpose().unwrap().is_some()
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_stream() {
    on_each(async |db| {
        for before in [0, 1, 1_500] {
            let what = format!("a stream after {before} rows");
            dropped_everywhere(db, &what, NOTHING, async |engine, polls| {
                let mut connection = engine.connect().await.unwrap();
                connection.execute(insert(Tag).set(Tag::name, "before")).await.unwrap();
                let mut stream = connection.stream(many()).await.unwrap();
                for _ in 0..before {
                    stream.next().await.unwrap().unwrap();
                }
                // Each poll is one of `next`, whose future is dropped; the stream goes on.
                let mut left = polls;
                let is_done = loop {
                    match polled(1, stream.next()).await {
                        Some(Some(row)) => _ = row.unwrap(),
                        Some(None) => break true,
                        None => {
                            left -= 1;
                            if left == 0 {
                                break false;
                            }
                            tokio::task::yield_now().await;
                        }
                    }
                };
                drop(stream);
                // The connection goes on behind a stream that was dropped, or says that it cannot.
                match connection.one(text("SELECT 11").columns::<i32>()).await {
                    Ok(answer) => {
                        assert_eq!(answer, 11);
                        let here = connection.one(select(count(Tag))).await.unwrap();
                        assert_eq!(here, 1, "its transaction is still there");
                    }
                    Err(error) => assert!(error.is_disconnect() && !is_done, "{error:?}"),
                }
                is_done || polls >= 20
            })
            .await;
        }
    })
    .await;
}

#[tokio::test]
async fn commit_and_rollback() {
    on_each(async |db| {
        for ends in ["commit", "rollback"] {
            let leaves = if ends == "commit" { Leaves::AllOrNothing(3) } else { NOTHING };
            dropped_everywhere(db, ends, leaves, async |engine, polls| {
                let mut connection = engine.begin().await.unwrap();
                connection.execute(insert(Tag).values(new_tags(3))).await.unwrap();
                match ends {
                    "commit" => polled(polls, connection.commit()).await,
                    _ => polled(polls, connection.rollback()).await,
                }
                .transpose()
                .unwrap()
                .is_some()
            })
            .await;
        }
    })
    .await;
}

#[tokio::test]
async fn savepoints() {
    on_each(async |db| {
        let five = Leaves::AllOrNothing(5);
        dropped_everywhere(db, "nested", NOTHING, async |engine, polls| {
            let mut connection = engine.begin().await.unwrap();
            connection.execute(insert(Tag).values(new_tags(3))).await.unwrap();
            polled(polls, connection.nested()).await.transpose().unwrap().is_some()
        })
        .await;
        for ends in ["release", "rollback to"] {
            dropped_everywhere(db, ends, NOTHING, async |engine, polls| {
                let mut connection = engine.begin().await.unwrap();
                let mut nested = connection.nested().await.unwrap();
                nested.execute(insert(Tag).values(new_tags(3))).await.unwrap();
                match ends {
                    "release" => polled(polls, nested.commit()).await,
                    _ => polled(polls, nested.rollback()).await,
                }
                .transpose()
                .unwrap()
                .is_some()
            })
            .await;
        }
        dropped_everywhere(db, "a transaction with savepoints", five, async |engine, polls| {
            let work = async {
                let mut connection = engine.begin().await?;
                connection.execute(insert(Tag).values(new_tags(4))).await?;
                let mut nested = connection.nested().await?;
                nested.execute(insert(Tag).set(Tag::name, "undone")).await?;
                nested.rollback().await?;
                let mut nested = connection.nested().await?;
                nested.execute(insert(Tag).set(Tag::name, "kept")).await?;
                nested.commit().await?;
                connection.commit().await
            };
            polled(polls, work).await.transpose().unwrap().is_some()
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_connection_whose_future_was_dropped_answers_rightly_or_not_at_all() {
    on_each(async |db| {
        let watched = Watched::new(db, 1).await;
        for polls in 1..200 {
            let mut connection = watched.engine.begin().await.unwrap();
            connection.execute(insert(Tag).set(Tag::name, "undone")).await.unwrap();
            let dropped = text(format!("SELECT {polls} + 100000")).columns::<i64>();
            let is_done = polled(polls, connection.one(dropped)).await.is_some();
            let answer = connection.one(text(format!("SELECT {polls}")).columns::<i64>()).await;
            match answer {
                Ok(answer) => assert_eq!(answer, i64::from(polls), "an answer to another question"),
                Err(error) => assert!(error.is_disconnect() && !is_done, "{error:?}"),
            }
            connection.rollback().await.unwrap();
            assert!(!connection.in_transaction());
            drop(connection);
            watched.is_clean("a connection that went on").await;
            assert_eq!(tags(&watched.engine).await, [""; 0]);
            if is_done {
                break;
            }
        }
        watched.engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_session_s_flush_and_commit() {
    on_each(async |db| {
        for ends in ["flush", "commit"] {
            let leaves = if ends == "flush" { NOTHING } else { Leaves::AllOrNothing(3) };
            dropped_everywhere(db, &format!("{ends} of a session"), leaves, async |engine, polls| {
                let mut session = Session::new(engine);
                let new = session.add_all(new_tags(3));
                let is_done = match ends {
                    "flush" => polled(polls, session.flush()).await,
                    _ => polled(polls, session.commit()).await,
                }
                .transpose()
                .unwrap()
                .is_some();
                if !is_done {
                    // What it knows of the database may be wrong by now, and its connection may be lost.
                    match session.flush().await {
                        Ok(()) | Err(Error::Session(SessionError::NeedsRollback { .. })) => {}
                        Err(error) => assert!(error.is_disconnect(), "{error:?}"),
                    }
                    session.rollback().await.unwrap();
                    assert!(
                        new.iter().all(|&handle| !session.contains(handle)),
                        "they leave with the transaction"
                    );
                    session.add(tag("of the next transaction"));
                    session.flush().await.unwrap();
                    session.rollback().await.unwrap();
                }
                is_done
            })
            .await;
        }
        dropped_everywhere(db, "a query of a session", NOTHING, async |engine, polls| {
            let mut session = Session::new(engine);
            session.add_all(new_tags(3));
            let found = polled(polls, session.all(select(Tag))).await.transpose().unwrap();
            found.is_some_and(|found| found.len() == 3)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn transactions_of_the_engine() {
    on_each(async |db| {
        dropped_everywhere(db, "engine.transaction", Leaves::AllOrNothing(4), async |engine, polls| {
            let work = engine.transaction_with(TransactionOptions::new().retries(3), async |mut session| {
                session.add_all(new_tags(3));
                session.flush().await?;
                let mut nested = session.nested().await?;
                nested.add(tag("nested"));
                nested.commit().await?;
                session.all(select(Tag::name)).await
            });
            polled(polls, work).await.transpose().unwrap().is_some_and(|names| names.len() == 4)
        })
        .await;
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "shelf")]
struct Shelf {
    #[column(primary_key)]
    id: i64,
    #[column(length = 20, index)]
    name: String,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "volume")]
struct Volume {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Shelf::id)]
    shelf_id: i64,
}

#[tokio::test]
async fn create_all_and_drop_all() {
    on_each(async |db| {
        dropped_everywhere(db, "create_all", NOTHING, async |engine, polls| {
            let tables = metadata![Shelf, Volume];
            let is_done = polled(polls, tables.create_all(engine)).await.transpose().unwrap().is_some();
            settled(engine).await;
            // Where DDL cannot be undone some tables may be there; the next one makes the others.
            tables.create_all(engine).await.unwrap();
            let id = engine.execute(insert(Shelf).set(Shelf::name, "a")).await;
            assert_eq!(id.unwrap(), 1);
            assert_eq!(engine.one(select(count(Volume))).await.unwrap(), 0);
            tables.drop_all(engine).await.unwrap();
            is_done
        })
        .await;
        dropped_everywhere(db, "drop_all", NOTHING, async |engine, polls| {
            let tables = metadata![Shelf, Volume];
            tables.create_all(engine).await.unwrap();
            let is_done = polled(polls, tables.drop_all(engine)).await.transpose().unwrap().is_some();
            settled(engine).await;
            tables.drop_all(engine).await.unwrap();
            let error = engine.all(select(Shelf::name)).await.unwrap_err();
            assert!(
                matches!(error, Error::Statement { kind: orm::StatementKind::NoSuchTable, .. }),
                "{error}"
            );
            is_done
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn reflection() {
    on_each(async |db| {
        dropped_everywhere(db, "reflect", NOTHING, async |engine, polls| {
            let reflected = polled(polls, orm::MetaData::reflect(engine, None)).await.transpose().unwrap();
            reflected.is_some_and(|tables| tables.table("tag").is_some())
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn two_phases() {
    on_each_with(
        |f| f.two_phase,
        "two-phase commit",
        async |db| {
            let id = format!("faults-{}", std::process::id());
            let prepared = async |engine: &Engine, polls: u32| {
                let mut connection = engine.connect().await?;
                connection.begin_two_phase(&id).await?;
                connection.execute(insert(Tag).values(new_tags(3))).await?;
                polled(polls, connection.prepare_two_phase(&id)).await.transpose()
            };
            let watched = Watched::new(db, 1).await;
            let tried = prepared(&watched.engine, u32::MAX).await;
            if let Err(error) = tried {
                // By the server's settings, or altogether.
                let is_seekdb = db.server.is_some_and(|server| server.is_seekdb());
                assert!(
                    is_seekdb || error.to_string().contains("prepared transactions are disabled"),
                    "{error}"
                );
                watched.engine.dispose().await;
                return;
            }
            watched.engine.connect().await.unwrap().rollback_prepared(&id).await.unwrap();
            watched.engine.dispose().await;
            // It is prepared or it is not; whoever recovers sees which, and may choose.
            let recovered = async |engine: &Engine| {
                let mut connection = engine.connect().await.unwrap();
                for _ in 0..30 {
                    if connection.prepared_transactions().await.unwrap().contains(&id) {
                        return Some(connection);
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                None
            };
            dropped_everywhere(db, "prepare", Leaves::AllOrNothing(3), async |engine, polls| {
                let is_done = prepared(engine, polls).await.unwrap().is_some();
                settled(engine).await;
                if let Some(mut connection) = recovered(engine).await {
                    connection.commit_prepared(&id).await.unwrap();
                } else {
                    assert!(!is_done);
                }
                is_done
            })
            .await;
            dropped_everywhere(
                db,
                "commit of what was prepared",
                Leaves::AllOrNothing(3),
                async |engine, polls| {
                    prepared(engine, u32::MAX).await.unwrap();
                    settled(engine).await;
                    let mut connection = engine.connect().await.unwrap();
                    let is_done =
                        polled(polls, connection.commit_prepared(&id)).await.transpose().unwrap().is_some();
                    drop(connection);
                    settled(engine).await;
                    if let Some(mut connection) = recovered(engine).await {
                        assert!(!is_done);
                        // It may be on its way, and be gone a moment later.
                        _ = connection.commit_prepared(&id).await;
                    }
                    is_done
                },
            )
            .await;
        },
    )
    .await;
}

#[tokio::test]
async fn dispose() {
    on_each(async |db| {
        for polls in 1.. {
            let watched = Watched::new(db, 2).await;
            let engine = db.builder().max_connections(2).build().unwrap();
            drop((engine.begin().await.unwrap(), engine.connect().await.unwrap()));
            let is_done = polled(polls, engine.dispose()).await.is_some();
            assert!(
                engine.connect().await.unwrap_err().is_disconnect(),
                "who has begun to close stays closed"
            );
            let disposed = tokio::time::timeout(Duration::from_secs(10), engine.dispose()).await;
            assert!(
                disposed.is_ok(),
                "the next one waits for ever, after {polls} polls: {:?}",
                engine.pool_status()
            );
            assert_eq!(engine.pool_status().open, 0);
            watched.is_clean("dispose").await;
            watched.engine.dispose().await;
            if is_done {
                break;
            }
        }
    })
    .await;
}

/// Not one future at each of its points, but many at any of theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_any_moment_on_several_threads() {
    on_each(async |db| {
        let watched = Watched::new(db, 3).await;
        let work = |n: u32| {
            let engine = watched.engine.clone();
            async move {
                engine
                    .transaction(async |mut session| {
                        session.add_all([tag(format!("{n} a")), tag(format!("{n} b"))]);
                        session.flush().await?;
                        session.all(select(Tag::name)).await
                    })
                    .await
            }
        };
        for n in 0..120_u32 {
            let tasks = [tokio::spawn(work(2 * n)), tokio::spawn(work(2 * n + 1))];
            tokio::time::sleep(Duration::from_micros(u64::from(n % 40) * 60)).await;
            tasks.iter().for_each(tokio::task::JoinHandle::abort);
            for task in tasks {
                if let Ok(ended) = task.await {
                    ended.unwrap();
                }
            }
        }
        watched.is_clean("many").await;
        let left = tags(&watched.engine).await;
        let whole = left.chunks(2).all(|pair| match pair {
            [a, b] => a.strip_suffix(" a").is_some_and(|number| b.strip_suffix(" b") == Some(number)),
            _ => false,
        });
        assert!(whole, "half of a transaction: {left:?}");
        watched.engine.dispose().await;
    })
    .await;
}
