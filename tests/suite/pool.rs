//! The pool: bounds, waiting, recycling, what a dropped connection leaves behind, events, and the end of an engine.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orm::driver::{BoxFuture, DriverConnection};
use orm::prelude::*;
use orm::{Compiled, Error, Events, Execution, TimeoutKind};

use crate::databases::on_each;
use crate::models::{self, *};

/// Until what a dropped connection has left is cleared away.
async fn until(what: &str, mut is: impl FnMut() -> bool) {
    for _ in 0..500 {
        if is() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to be: {what}");
}

#[tokio::test]
async fn an_exhausted_pool_says_so_and_serves_in_order() {
    on_each(async |db| {
        let engine =
            db.builder().max_connections(2).acquire_timeout(Duration::from_millis(200)).build().unwrap();
        let held = (engine.connect().await.unwrap(), engine.connect().await.unwrap());
        let error = engine.connect().await.unwrap_err();
        assert!(matches!(error, Error::Timeout { what: TimeoutKind::Pool, .. }), "{error}");
        assert!(error.to_string().contains("all 2 connections were in use"), "{error}");
        let status = engine.pool_status();
        assert_eq!((status.open, status.idle, status.max, status.timed_out), (2, 0, 2, 1));
        let (second, third) = {
            let wait = |engine: &Engine| {
                let engine = engine.clone();
                tokio::spawn(async move { engine.connect().await.map(drop) })
            };
            (wait(&engine), wait(&engine))
        };
        until("two wait", || engine.pool_status().waiting == 2).await;
        drop(held);
        second.await.unwrap().unwrap();
        third.await.unwrap().unwrap();
        until("all are idle", || engine.pool_status().idle == 2).await;
        assert_eq!(engine.pool_status().opened, 2, "connections are used again");
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_stops_waiting_takes_nothing_along() {
    on_each(async |db| {
        let engine = db.builder().max_connections(1).build().unwrap();
        let held = engine.connect().await.unwrap();
        let waiting = tokio::time::timeout(Duration::from_millis(20), engine.connect()).await;
        assert!(waiting.is_err());
        assert_eq!(engine.pool_status().waiting, 0);
        drop(held);
        drop(engine.connect().await.unwrap());
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back_before_anyone_else_comes() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let engine = db.builder().max_connections(1).build().unwrap();
        for _ in 0..5 {
            let mut connection = engine.begin().await.unwrap();
            connection.execute(insert(Tag).set(Tag::name, "dropped")).await.unwrap();
            drop(connection);
            assert_eq!(engine.one(select(count(Tag))).await.unwrap(), 0);
        }
        assert_eq!(engine.pool_status().opened, 1, "a rollback is enough");
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn connections_are_recycled() {
    on_each(async |db| {
        let engine = db.builder().max_lifetime(Duration::ZERO).build().unwrap();
        for _ in 0..3 {
            drop(engine.connect().await.unwrap());
        }
        until("the old ones are closed", || engine.pool_status().open == 0).await;
        assert_eq!(engine.pool_status().opened, 3);
        engine.dispose().await;

        let engine = db.builder().idle_timeout(Duration::from_millis(30)).build().unwrap();
        drop(engine.connect().await.unwrap());
        assert_eq!(engine.pool_status().open, 1);
        until("the idle one is closed", || engine.pool_status().open == 0).await;
        engine.dispose().await;

        let engine = db.builder().min_connections(3).idle_timeout(Duration::from_millis(30)).build().unwrap();
        drop(engine.connect().await.unwrap());
        until("three are kept", || engine.pool_status().idle == 3).await;
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_disposed_engine_waits_for_those_who_are_out_and_takes_nobody_in() {
    on_each(async |db| {
        let engine = db.builder().build().unwrap();
        let mut held = engine.connect().await.unwrap();
        let disposing = tokio::spawn({
            let engine = engine.clone();
            async move { engine.dispose().await }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!disposing.is_finished());
        let error = engine.connect().await.unwrap_err();
        assert!(matches!(error, Error::Connection { .. }), "{error}");
        assert_eq!(held.one(text("SELECT 1").columns::<i64>()).await.unwrap(), 1, "who is in may go on");
        drop(held);
        disposing.await.unwrap();
        assert_eq!(engine.pool_status().open, 0);
    })
    .await;
}

#[tokio::test]
async fn each_new_connection_is_set_up() {
    on_each(async |db| {
        let engine = db.builder().setup("SELECT 1").setup("SELEKT 2").build().unwrap();
        let error = engine.connect().await.unwrap_err();
        assert!(error.to_string().contains("SELEKT"), "{error}");
        assert_eq!(engine.pool_status().open, 0);
        engine.dispose().await;
    })
    .await;
}

#[derive(Default)]
struct Listener {
    told: Mutex<Vec<String>>,
    connected: AtomicU32,
    refused: AtomicU32,
}

impl Listener {
    fn tell(&self, what: impl Into<String>) {
        self.told.lock().unwrap().push(what.into());
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().unwrap())
    }
}

impl Events for Listener {
    fn on_connect<'c>(&'c self, connection: &'c mut dyn DriverConnection) -> BoxFuture<'c, orm::Result<()>> {
        Box::pin(async {
            self.connected.fetch_add(1, Ordering::Relaxed);
            connection.ping().await
        })
    }

    fn before_acquire<'c>(
        &'c self,
        _: &'c mut dyn DriverConnection,
        _: Duration,
    ) -> BoxFuture<'c, orm::Result<bool>> {
        Box::pin(async { Ok(self.refused.fetch_add(1, Ordering::Relaxed) != 0) })
    }

    fn before_execute(&self, statement: &mut Compiled) -> orm::Result<()> {
        statement.sql = format!("/* told */ {}", statement.sql).into();
        Ok(())
    }

    fn after_execute(&self, execution: &Execution<'_>) {
        self.tell(format!("{} ({})", execution.statement.sql, execution.rows));
    }

    fn on_error(&self, error: &Error) {
        self.tell(format!("error: {}", error.statement().is_some()));
    }

    fn on_begin(&self) {
        self.tell("begin");
    }

    fn on_commit(&self) {
        self.tell("commit");
    }

    fn on_rollback(&self) {
        self.tell("rollback");
    }

    fn on_savepoint(&self) {
        self.tell("savepoint");
    }
}

#[tokio::test]
async fn listeners_hear_everything_and_may_change_statements() {
    on_each(async |db| {
        let listener = Arc::new(Listener::default());
        let engine = db.builder().events(listener.clone()).build().unwrap();
        let mut connection = engine.connect().await.unwrap();
        assert_eq!(connection.all(text("SELECT 1").columns::<i64>()).await.unwrap(), [1]);
        connection.nested().await.unwrap().rollback().await.unwrap();
        connection.commit().await.unwrap();
        connection.execute(text("SELECT nothing FROM nowhere")).await.unwrap_err();
        connection.rollback().await.unwrap();
        assert_eq!(
            listener.told(),
            ["begin", "/* told */ SELECT 1 (1)", "savepoint", "commit", "begin", "error: true", "rollback"]
        );
        drop(connection);
        drop(engine.connect().await.unwrap());
        // The first one that was offered was refused.
        assert_eq!(listener.connected.load(Ordering::Relaxed), 2);
        drop(engine.connect().await.unwrap());
        assert_eq!(listener.connected.load(Ordering::Relaxed), 2);
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_short_transactions_on_eight_tasks_lose_and_leak_nothing() {
    on_each(async |db| {
        if !db.features.concurrent_writers {
            // One at a time: the same, in less.
            return short_transactions(&db.engine, 8, 50).await;
        }
        short_transactions(&db.engine, 8, 1_250).await;
    })
    .await;
}

async fn short_transactions(engine: &Engine, tasks: usize, each: usize) {
    models::create(engine).await;
    let committed = Arc::new(AtomicUsize::new(0));
    let work = |task: usize| {
        let (engine, committed) = (engine.clone(), committed.clone());
        async move {
            for n in 0..each {
                let mut connection = engine.connect().await.unwrap();
                connection.begin().await.unwrap();
                connection.execute(insert(Tag).set(Tag::name, format!("{task}-{n}"))).await.unwrap();
                match n % 3 {
                    0 => connection.rollback().await.unwrap(),
                    // Dropped in its transaction.
                    1 => {}
                    _ => {
                        connection.commit().await.unwrap();
                        committed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        }
    };
    let tasks: Vec<_> = (0..tasks).map(|task| tokio::spawn(work(task))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let kept = engine.one(select(count(Tag))).await.unwrap();
    assert_eq!(usize::try_from(kept).unwrap(), committed.load(Ordering::Relaxed));
    until("all are idle", || {
        let status = engine.pool_status();
        status.idle == status.open && status.open <= status.max
    })
    .await;
    assert!(engine.pool_status().opened <= 16, "connections are used again: {:?}", engine.pool_status());
}
