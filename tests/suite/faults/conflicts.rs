//! Transactions that meet: deadlocks, transactions that cannot be ordered, locks that take too long; and what is run again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use orm::prelude::*;
use orm::{Error, IsolationLevel, StatementKind, TimeoutKind, TransactionOptions};
use tokio::sync::Barrier;

use super::{Words, settled, words};
use crate::databases::{Database, on_each, on_each_with};

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "account")]
struct Account {
    #[column(primary_key)]
    id: i64,
    balance: i64,
}

/// Two accounts.
async fn accounts(engine: &Engine) {
    metadata![Account].create_all(engine).await.unwrap();
    engine.execute(insert(Account).values([1, 2].map(|id| Account { id, balance: 100 }))).await.unwrap();
}

async fn balances(engine: &Engine) -> Vec<i64> {
    engine.all(select(Account::balance).order_by(Account::id)).await.unwrap()
}

async fn add(connection: &mut Connection, id: i64, sum: i64) -> orm::Result<u64> {
    let changed = update(Account).set(Account::balance, Account::balance + sum).filter(Account::id.eq(id));
    connection.execute(changed).await
}

#[tokio::test]
async fn one_of_a_deadlock_is_given_up_and_says_so() {
    on_each_with(
        |f| f.row_locks && f.concurrent_writers,
        "row locks",
        async |db| {
            accounts(&db.engine).await;
            let engine = db.builder().max_connections(2).build().unwrap();
            let barrier = Arc::new(Barrier::new(2));
            let work = |first: i64, second: i64| {
                let (engine, barrier) = (engine.clone(), barrier.clone());
                tokio::spawn(async move {
                    let mut connection = engine.begin().await?;
                    add(&mut connection, first, 1).await?;
                    barrier.wait().await;
                    let Err(error) = add(&mut connection, second, 10).await else {
                        return connection.commit().await;
                    };
                    // Nothing of it is there, and nothing more is taken: half of a transaction is nobody's wish.
                    let next = add(&mut connection, second, 1_000).await.unwrap_err();
                    let failed = StatementKind::FailedTransaction;
                    assert!(matches!(next, Error::Statement { kind, .. } if kind == failed), "{next:?}");
                    connection.rollback().await?;
                    connection.one(select(count(Account))).await?;
                    connection.commit().await?;
                    Err(error)
                })
            };
            let (one, other) = (work(1, 2), work(2, 1));
            let outcomes = [one.await.unwrap(), other.await.unwrap()];
            let (mut kept, mut given_up) = (None, 0);
            for (n, outcome) in outcomes.into_iter().enumerate() {
                match outcome {
                    Ok(()) => kept = Some(n),
                    Err(error) => {
                        assert!(matches!(error, Error::Deadlock { .. }), "{error:?}");
                        assert!(error.is_retryable() && error.statement().is_some());
                        given_up += 1;
                    }
                }
            }
            assert_eq!(given_up, 1);
            let expected = if kept == Some(0) { [101, 110] } else { [110, 101] };
            assert_eq!(balances(&engine).await, expected);
            settled(&engine).await;
            engine.dispose().await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_deadlock_is_run_again_when_asked() {
    on_each_with(
        |f| f.row_locks && f.concurrent_writers,
        "row locks",
        async |db| {
            accounts(&db.engine).await;
            let engine = db.builder().max_connections(2).build().unwrap();
            let barrier = Arc::new(Barrier::new(2));
            let tries = Arc::new(AtomicU32::new(0));
            let work = |first: i64, second: i64| {
                let (engine, barrier, tries) = (engine.clone(), barrier.clone(), tries.clone());
                tokio::spawn(async move {
                    let mut is_first = true;
                    engine
                        .transaction_with(TransactionOptions::new().retries(5), |mut session| {
                            let meets = std::mem::replace(&mut is_first, false);
                            let (barrier, tries) = (barrier.clone(), tries.clone());
                            async move {
                                tries.fetch_add(1, Ordering::Relaxed);
                                for (id, sum) in [(first, 1), (second, 10)] {
                                    let more = update(Account).set(Account::balance, Account::balance + sum);
                                    session.execute(more.filter(Account::id.eq(id))).await?;
                                    if meets && id == first {
                                        barrier.wait().await;
                                    }
                                }
                                Ok(())
                            }
                        })
                        .await
                })
            };
            let (one, other) = (work(1, 2), work(2, 1));
            one.await.unwrap().unwrap();
            other.await.unwrap().unwrap();
            assert_eq!(tries.load(Ordering::Relaxed), 3, "one of the two, once more");
            assert_eq!(balances(&engine).await, [111, 111]);
            engine.dispose().await;
        },
    )
    .await;
}

/// What the strictest level of a database makes of two transactions that each read what the other one writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skew {
    /// One of them is refused.
    Serialization,
    /// The same, or the other one has not ended yet, and is not waited for.
    SerializationOrLock,
    /// They wait for each other.
    Deadlock,
    /// The first to write waits in vain.
    Lock,
}

fn skew(db: &Database) -> Skew {
    match words(db) {
        Some(Words::Postgres) => Skew::Serialization,
        Some(Words::MySql) => Skew::Deadlock,
        // In memory there is no log beside the database, so that readers lock.
        None if db.file.is_some() => Skew::SerializationOrLock,
        None => Skew::Lock,
    }
}

fn is(skew: Skew, error: &Error) -> bool {
    match skew {
        Skew::Serialization => matches!(error, Error::Serialization { .. }),
        Skew::SerializationOrLock => is(Skew::Serialization, error) || is(Skew::Lock, error),
        Skew::Deadlock => matches!(error, Error::Deadlock { .. }),
        Skew::Lock => matches!(error, Error::Timeout { what: TimeoutKind::Lock, .. }),
    }
}

const SERIALIZABLE: TransactionOptions = TransactionOptions::new().isolation(IsolationLevel::Serializable);

/// Waits a moment for locks, and not for ever.
fn patient(db: &Database, milliseconds: u32) -> orm::EngineBuilder<orm::Drivers> {
    let wait = match words(db) {
        Some(Words::Postgres) => format!("SET lock_timeout = {milliseconds}"),
        // In seconds.
        Some(Words::MySql) => format!("SET innodb_lock_wait_timeout = {}", milliseconds.div_ceil(1_000)),
        None => format!("PRAGMA busy_timeout = {milliseconds}"),
    };
    db.builder().setup(wait)
}

/// Each takes from one account what both together allow: whoever does not see the other takes too much.
async fn withdraw(session: &mut Session, id: i64, barrier: Option<&Barrier>) -> orm::Result<bool> {
    let sum = session.all(select(Account::balance)).await?.iter().sum::<i64>();
    if let Some(barrier) = barrier {
        barrier.wait().await;
    }
    if sum < 150 {
        return Ok(false);
    }
    let account = session.one(select(Account).filter(Account::id.eq(id))).await?;
    session[account].balance -= 150;
    session.flush().await?;
    Ok(true)
}

#[tokio::test]
async fn a_transaction_that_cannot_be_ordered_is_refused_and_run_again_only_when_asked() {
    on_each(async |db| {
        // Its SERIALIZABLE is a snapshot, in which neither sees the other.
        if db.server.is_some_and(|server| server.is_seekdb()) {
            return;
        }
        for retries in [0, 8] {
            let engine = patient(db, 500).max_connections(2).build().unwrap();
            accounts(&engine).await;
            let barrier = Arc::new(Barrier::new(2));
            let tries = Arc::new(AtomicU32::new(0));
            let work = |id: i64| {
                let (engine, barrier, tries) = (engine.clone(), barrier.clone(), tries.clone());
                tokio::spawn(async move {
                    let mut is_first = true;
                    engine
                        .transaction_with(SERIALIZABLE.retries(retries), |mut session| {
                            let meets = std::mem::replace(&mut is_first, false);
                            let (barrier, tries) = (barrier.clone(), tries.clone());
                            async move {
                                tries.fetch_add(1, Ordering::Relaxed);
                                withdraw(&mut session, id, meets.then_some(&barrier)).await
                            }
                        })
                        .await
                })
            };
            let (one, other) = (work(1), work(2));
            let mut outcomes = Vec::new();
            for outcome in [one.await.unwrap(), other.await.unwrap()] {
                outcomes.push(outcome);
            }
            let taken = outcomes.iter().filter(|outcome| matches!(outcome, Ok(true))).count();
            let left: i64 = balances(&engine).await.iter().sum();
            assert_eq!(left, 200 - 150 * taken as i64, "{outcomes:?}");
            if retries == 0 {
                assert_eq!(tries.load(Ordering::Relaxed), 2);
                let refused: Vec<&Error> =
                    outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
                assert!(!refused.is_empty() && taken <= 1, "{outcomes:?}");
                for error in refused {
                    assert!(is(skew(db), error) && error.is_retryable(), "{error:?}");
                }
            } else {
                assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
                assert_eq!(taken, 1, "the second one has seen the first");
                assert!(tries.load(Ordering::Relaxed) > 2);
            }
            settled(&engine).await;
            metadata![Account].drop_all(&engine).await.unwrap();
            engine.dispose().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_that_wants_to_write_what_others_have_changed_is_refused() {
    on_each_with(
        |f| f.isolation_levels.contains(&IsolationLevel::Serializable),
        "serializable transactions",
        async |db| {
            // Where readers lock, the other one would wait for this one, and nothing would be refused.
            if matches!(skew(db), Skew::Deadlock | Skew::Lock) {
                return;
            }
            let engine = &db.engine;
            accounts(engine).await;
            let mut reader = engine.begin_with(SERIALIZABLE).await.unwrap();
            assert_eq!(reader.one(select(sum(Account::balance))).await.unwrap(), Some(200));
            engine.execute(update(Account).set(Account::balance, 7).filter(Account::id.eq(1))).await.unwrap();
            let error = add(&mut reader, 1, 1).await.unwrap_err();
            assert!(matches!(error, Error::Serialization { .. }), "{error:?}");
            assert!(error.is_retryable() && error.statement().is_some());
            reader.rollback().await.unwrap();
            add(&mut reader, 1, 1).await.unwrap();
            reader.commit().await.unwrap();
            assert_eq!(balances(engine).await, [8, 100]);
        },
    )
    .await;
}

#[tokio::test]
async fn whoever_waits_too_long_for_a_lock_is_told() {
    on_each(async |db| {
        let engine = patient(db, 200).max_connections(3).build().unwrap();
        accounts(&engine).await;
        let mut holder = engine.begin().await.unwrap();
        add(&mut holder, 1, 1).await.unwrap();
        let mut waiter = engine.begin().await.unwrap();
        let error = add(&mut waiter, 1, 10).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { what: TimeoutKind::Lock, .. }), "{error:?}");
        assert!(error.is_retryable() && error.statement().is_some());
        waiter.rollback().await.unwrap();
        let mut tries = 0;
        let given_up = engine
            .transaction(|mut session| {
                tries += 1;
                async move {
                    let account = session.one(select(Account).filter(Account::id.eq(1))).await?;
                    session[account].balance += 100;
                    session.flush().await
                }
            })
            .await;
        assert!(matches!(given_up, Err(Error::Timeout { what: TimeoutKind::Lock, .. })), "{given_up:?}");
        assert_eq!(tries, 1, "nobody has asked for more");
        // With more, it gets its turn when the other one is done.
        let patient = tokio::spawn({
            let engine = engine.clone();
            async move {
                let options = TransactionOptions::new().retries(10);
                let work = async |mut session: orm::Scoped| {
                    let changed = update(Account).set(Account::balance, Account::balance + 1_000);
                    session.execute(changed.filter(Account::id.eq(1))).await
                };
                engine.transaction_with(options, work).await
            }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        holder.commit().await.unwrap();
        assert_eq!(patient.await.unwrap().unwrap(), 1);
        drop((holder, waiter));
        settled(&engine).await;
        assert_eq!(balances(&engine).await, [1_101, 100]);
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn only_conflicts_are_run_again() {
    on_each(async |db| {
        accounts(&db.engine).await;
        let mut tries = 0;
        let options = TransactionOptions::new().retries(5);
        let tried = db
            .engine
            .transaction_with(options, |mut session| {
                tries += 1;
                async move {
                    session.add(Account { id: 1, balance: 0 });
                    session.flush().await
                }
            })
            .await;
        assert!(matches!(tried, Err(Error::Integrity { .. })), "{tried:?}");
        assert_eq!(tries, 1);
        // No more often than was asked for.
        let mut tries = 0;
        let tried = db
            .engine
            .transaction_with(TransactionOptions::new().retries(2), |session| {
                tries += 1;
                async move {
                    drop(session);
                    Err::<(), _>(Error::Serialization { message: "again and again".into(), statement: None })
                }
            })
            .await;
        assert!(matches!(tried, Err(Error::Serialization { .. })), "{tried:?}");
        assert_eq!(tries, 3);
        assert_eq!(balances(&db.engine).await, [100, 100]);
    })
    .await;
}
