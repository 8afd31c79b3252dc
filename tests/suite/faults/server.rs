//! A server that is killed, and connections that it cuts: what is lost is said once, nothing is half there, and the engine
//! goes on by itself.

use std::time::Duration;

use orm::prelude::*;
use orm::{Error, SessionError, TimeoutKind, TransactionOptions};
use orm_test_servers::report::Case;
use orm_test_servers::{Kind, Private, Server, required};

use super::{Tag, Words, assert_lost, assert_unknown, number, settled, tag, tags, until, words};
use crate::databases::{on_each, on_each_server};

/// Runs a case on a server of its own of each kind, on which nobody minds what happens.
async fn on_each_private(case: impl AsyncFn(&mut Private, &Engine, Words)) {
    for kind in Kind::ALL {
        let mut private = match Server::private(kind) {
            Ok(private) => private,
            Err(missing) => {
                assert!(!required(), "{missing}");
                Case::begin(kind.name()).skipped(&missing.to_string());
                continue;
            }
        };
        let report = Case::begin(&format!("{} {}", kind, private.server().short_version()));
        eprintln!("on {}", private.server());
        let engine = Engine::builder(private.url()).acquire_timeout(Duration::from_secs(10)).build().unwrap();
        metadata![Tag].create_all(&engine).await.unwrap();
        case(&mut private, &engine, Words::of(kind)).await;
        engine.dispose().await;
        report.passed();
    }
}

/// Until the server runs a statement that starts so.
async fn running(url: &str, words: Words, statement: &str) {
    let watching = Engine::builder(url).max_connections(1).build().unwrap();
    until(statement, async || number(&watching, words.running(statement)).await > 0).await;
    watching.dispose().await;
}

/// The engine serves, without having been told that the server is back.
async fn serves(engine: &Engine, name: &str) {
    engine.execute(insert(Tag).set(Tag::name, name)).await.unwrap();
    let mut connection = engine.begin().await.unwrap();
    assert_eq!(connection.one(select(count(Tag)).filter(Tag::name.eq(name))).await.unwrap(), 1);
    connection.commit().await.unwrap();
    drop(connection);
    settled(engine).await;
}

#[tokio::test]
async fn killed_in_the_middle_of_a_statement() {
    on_each_private(async |private, engine, words| {
        let alone = tokio::spawn({
            let engine = engine.clone();
            async move { engine.one(text(words.sleep(61)).columns::<i64>()).await }
        });
        let inside = tokio::spawn({
            let engine = engine.clone();
            async move {
                let mut connection = engine.begin().await?;
                connection.execute(insert(Tag).set(Tag::name, "lost")).await?;
                connection.one(text(words.sleep(62)).columns::<i64>()).await
            }
        });
        running(private.url(), words, &words.sleep(61)).await;
        running(private.url(), words, &words.sleep(62)).await;
        private.kill();
        assert_lost(alone.await.unwrap());
        assert_lost(inside.await.unwrap());
        settled(engine).await;
        assert_eq!(engine.pool_status().open, 0, "nothing is left of what was cut");
        // Nobody listens, and nobody hangs.
        assert_lost(engine.connect().await);
        assert_lost(engine.begin().await);
        assert_lost(engine.execute(insert(Tag).set(Tag::name, "lost")).await);
        private.restart().unwrap();
        serves(engine, "after").await;
        assert_eq!(tags(engine).await, ["after"]);
    })
    .await;
}

#[tokio::test]
async fn killed_between_the_statements_of_a_transaction() {
    on_each_private(async |private, engine, _| {
        // The next one tells of it, and so does a COMMIT that has nothing else before it.
        for commits in [false, true] {
            let mut connection = engine.begin().await.unwrap();
            connection.execute(insert(Tag).set(Tag::name, "lost")).await.unwrap();
            // Idle in the pool, and cut like the other one.
            drop((engine.connect().await.unwrap(), engine.connect().await.unwrap()));
            private.kill();
            if commits {
                assert_unknown(connection.commit().await);
            } else {
                assert_lost(connection.execute(insert(Tag).set(Tag::name, "lost, too")).await);
                assert_lost(connection.one(select(count(Tag))).await);
            }
            private.restart().unwrap();
            connection.rollback().await.unwrap();
            assert!(!connection.in_transaction());
            drop(connection);
            settled(engine).await;
            assert_eq!(engine.pool_status().open, 0);
            assert_eq!(tags(engine).await, [""; 0]);
        }
        serves(engine, "after").await;
    })
    .await;
}

#[tokio::test]
async fn killed_in_the_middle_of_a_stream() {
    on_each_private(async |private, engine, _| {
        let long = "x".repeat(1_000);
        for start in [0, 1_000, 2_000, 3_000] {
            let new = (start..start + 1_000).map(|n| tag(format!("{n} {long}")[..250].to_owned()));
            engine.execute(insert(Tag).values(new.collect::<Vec<_>>())).await.unwrap();
        }
        let mut connection = engine.connect().await.unwrap();
        // 4,000 times 4,000, which no buffer holds.
        let query = text("SELECT a.name FROM tag AS a CROSS JOIN tag AS b").columns::<String>();
        let mut stream = connection.stream(query).await.unwrap();
        for _ in 0..10 {
            stream.next().await.unwrap().unwrap();
        }
        private.kill();
        let mut seen = 10;
        let error = loop {
            match stream.next().await {
                Some(Ok(_)) => seen += 1,
                Some(Err(error)) => break error,
                None => panic!("half of the rows looked like all of them: {seen}"),
            }
        };
        assert!(error.is_disconnect(), "{error:?}");
        assert!(seen < 16_000_000);
        assert!(stream.next().await.is_none(), "nothing comes after an error");
        drop(stream);
        connection.rollback().await.unwrap();
        drop(connection);
        settled(engine).await;
        private.restart().unwrap();
        assert_eq!(engine.one(select(count(Tag))).await.unwrap(), 4_000);
        serves(engine, "after").await;
    })
    .await;
}

/// Makes a COMMIT wait, so that the server can be killed within it; what holds it back is given.
async fn hold_commits(engine: &Engine, words: Words) -> Option<Connection> {
    match words {
        Words::Postgres => {
            for sql in [
                "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'",
                "CREATE CONSTRAINT TRIGGER lingers AFTER INSERT ON tag DEFERRABLE INITIALLY DEFERRED \
                 FOR EACH ROW EXECUTE FUNCTION linger()",
            ] {
                engine.execute(text(sql)).await.unwrap();
            }
            None
        }
        Words::MySql => {
            let mut holder = engine.connect().await.unwrap();
            holder.execute(text("FLUSH TABLES WITH READ LOCK")).await.unwrap();
            Some(holder)
        }
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_a_commit() {
    on_each_private(async |private, engine, words| {
        // It has nothing to hold a COMMIT back.
        if private.server().is_seekdb() {
            return;
        }
        let mut connection = engine.begin().await.unwrap();
        let mut session = Session::new(engine);
        if words == Words::Postgres {
            hold_commits(engine, words).await;
        }
        for name in ["half", "whole"] {
            connection.execute(insert(Tag).set(Tag::name, name)).await.unwrap();
        }
        let flushed = session.add(tag("of a session"));
        session.flush().await.unwrap();
        let holder = if words == Words::MySql { hold_commits(engine, words).await } else { None };
        let commit = tokio::spawn(async move {
            let committed = connection.commit().await;
            (connection, committed)
        });
        let session_s = tokio::spawn(async move {
            let committed = session.commit().await;
            (session, committed)
        });
        let watching = Engine::builder(private.url()).max_connections(1).build().unwrap();
        until("both commit", async || number(&watching, words.running("COMMIT")).await == 2).await;
        watching.dispose().await;
        private.kill();
        let (mut connection, committed) = commit.await.unwrap();
        assert_unknown(committed);
        let (mut session, committed) = session_s.await.unwrap();
        assert_unknown(committed);
        let again = session.commit().await.unwrap_err();
        assert!(matches!(again, Error::Session(SessionError::NeedsRollback { .. })), "{again}");
        drop(holder);
        private.restart().unwrap();
        connection.rollback().await.unwrap();
        drop(connection);
        session.rollback().await.unwrap();
        assert!(!session.contains(flushed));
        let there = tags(engine).await;
        // It was still at its checks, or waiting to be let in: nothing of it is there.
        assert_eq!(there, [""; 0]);
        if words == Words::Postgres {
            engine.execute(text("DROP TRIGGER lingers ON tag")).await.unwrap();
        }
        session.add(tag("after, of the session"));
        session.commit().await.unwrap();
        serves(engine, "after").await;
        assert_eq!(tags(engine).await, ["after", "after, of the session"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn killed_at_any_moment_of_a_commit() {
    on_each_private(async |private, engine, _| {
        let mut kept: Vec<String> = Vec::new();
        for round in 0..6_u32 {
            let mut connection = engine.begin().await.unwrap();
            let names: Vec<String> = (0..50).map(|n| format!("{round}-{n:02}")).collect();
            for half in names.chunks(25) {
                let new: Vec<Tag> = half.iter().map(|name| tag(name.as_str())).collect();
                connection.execute(insert(Tag).values(new)).await.unwrap();
            }
            let commit = tokio::spawn(async move { connection.commit().await });
            // From before it is sent until after its answer.
            tokio::time::sleep(Duration::from_micros(u64::from(round) * 150)).await;
            private.kill();
            let committed = commit.await.unwrap();
            private.restart().unwrap();
            // Whoever was answered has left an idle connection, which a BEGIN replaces.
            let mut reader = engine.begin().await.unwrap();
            let there = reader.all(select(Tag::name).order_by(Tag::name)).await.unwrap();
            drop(reader);
            let lasting: Vec<String> = kept.iter().chain(&names).cloned().collect();
            match committed {
                Ok(()) => assert_eq!(there, lasting, "what was committed is there"),
                Err(error) => {
                    assert!(error.is_disconnect(), "{error:?}");
                    assert!(there == lasting || there == kept, "all or nothing: {} rows", there.len());
                }
            }
            kept = there;
        }
        serves(engine, "after").await;
    })
    .await;
}

#[tokio::test]
async fn a_session_whose_server_is_killed_is_rolled_back_and_goes_on() {
    on_each_private(async |private, engine, _| {
        let mut session = Session::new(engine);
        let kept = session.add(tag("kept"));
        session.commit().await.unwrap();
        session[kept].name = "changed".into();
        let lost = session.add(tag("lost"));
        session.flush().await.unwrap();
        private.kill();
        session.add(tag("lost, too"));
        assert_lost(session.commit().await);
        let again = session.flush().await.unwrap_err();
        assert!(matches!(again, Error::Session(SessionError::NeedsRollback { .. })), "{again}");
        session.rollback().await.unwrap();
        assert_eq!(session[kept].name, "kept");
        assert!(!session.contains(lost));
        private.restart().unwrap();
        session[kept].name = "kept, changed".into();
        session.add(tag("after"));
        session.commit().await.unwrap();
        assert_eq!(tags(engine).await, ["after", "kept, changed"]);
        // The loss of a connection is no reason to run everything again: it may have been done.
        private.kill();
        let mut tries = 0;
        let options = TransactionOptions::new().retries(5);
        let tried = engine
            .transaction_with(options, |mut session| {
                tries += 1;
                async move { session.one(select(count(Tag))).await }
            })
            .await;
        assert_lost(tried);
        assert_eq!(tries, 1);
        private.restart().unwrap();
        serves(engine, "after all").await;
    })
    .await;
}

/// Engines whose connections are idle, and how the server knows these.
async fn idle(builder: orm::EngineBuilder<orm::Drivers>, words: Words) -> (Engine, Vec<i64>) {
    let engine = builder.max_connections(3).build().unwrap();
    let mut held = Vec::new();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let mut connection = engine.connect().await.unwrap();
        ids.push(connection.one(text(words.id()).columns::<i64>()).await.unwrap());
        connection.commit().await.unwrap();
        held.push(connection);
    }
    drop(held);
    settled(&engine).await;
    assert_eq!(engine.pool_status().idle, 3);
    (engine, ids)
}

/// The server ends these connections.
async fn cut(admin: &Engine, words: Words, ids: &[i64]) {
    for &id in ids {
        admin.execute(text(words.end(id))).await.unwrap();
    }
    until("they are gone", async || number(admin, words.there(ids)).await == 0).await;
}

#[tokio::test]
async fn idle_connections_that_were_cut_are_replaced() {
    on_each_server(async |db| {
        let words = words(db).unwrap();
        metadata![Tag].create_all(&db.engine).await.unwrap();

        let (engine, ids) = idle(db.builder(), words).await;
        cut(&db.engine, words, &ids).await;
        let mut held = Vec::new();
        for n in 0..3 {
            let mut connection = engine.begin().await.unwrap();
            connection.execute(insert(Tag).set(Tag::name, format!("begun {n}"))).await.unwrap();
            held.push(connection);
        }
        for connection in &mut held {
            connection.commit().await.unwrap();
        }
        assert_eq!(engine.pool_status().opened, 6);
        drop(held);
        engine.dispose().await;

        let (engine, ids) = idle(db.builder(), words).await;
        cut(&db.engine, words, &ids).await;
        let mut session = Session::new(&engine);
        session.add(tag("of a session"));
        session.commit().await.unwrap();
        drop(session);
        engine.dispose().await;

        let (engine, ids) = idle(db.builder(), words).await;
        cut(&db.engine, words, &ids).await;
        let tried = engine.transaction(async |mut session| session.all(select(Tag::name)).await).await;
        assert_eq!(tried.unwrap().len(), 4);
        engine.dispose().await;

        // Without a BEGIN nobody knows whether the statement was run.
        let (engine, ids) = idle(db.builder(), words).await;
        cut(&db.engine, words, &ids).await;
        let mut errors = 0;
        for n in 0..5 {
            match engine.one(text(format!("SELECT {n}")).columns::<i32>()).await {
                Ok(answer) => assert_eq!(answer, n),
                Err(error) => {
                    assert!(error.is_disconnect(), "{error:?}");
                    errors += 1;
                }
            }
        }
        assert!(errors <= 1, "{errors}");
        engine.dispose().await;

        let (engine, ids) = idle(db.builder().ping_after(Duration::ZERO), words).await;
        cut(&db.engine, words, &ids).await;
        for n in 0..5 {
            assert_eq!(engine.one(text(format!("SELECT {n}")).columns::<i32>()).await.unwrap(), n);
        }
        engine.dispose().await;
        assert_eq!(tags(&db.engine).await, ["begun 0", "begun 1", "begun 2", "of a session"]);
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_is_cut_in_use_says_so_once() {
    on_each_server(async |db| {
        let words = words(db).unwrap();
        metadata![Tag].create_all(&db.engine).await.unwrap();
        let engine = db.builder().max_connections(2).build().unwrap();
        let own = text(words.id()).columns::<i64>();

        // In a transaction, what was done is lost.
        let mut connection = engine.begin().await.unwrap();
        let id = connection.one(own.clone()).await.unwrap();
        connection.execute(insert(Tag).set(Tag::name, "lost")).await.unwrap();
        cut(&db.engine, words, &[id]).await;
        assert_lost(connection.execute(insert(Tag).set(Tag::name, "lost, too")).await);
        connection.rollback().await.unwrap();
        drop(connection);
        settled(&engine).await;
        assert_eq!(tags(&engine).await, [""; 0]);

        // Between transactions, too: whoever holds the connection may have set something on it.
        let mut connection = engine.begin().await.unwrap();
        let id = connection.one(own.clone()).await.unwrap();
        connection.commit().await.unwrap();
        cut(&db.engine, words, &[id]).await;
        assert_lost(connection.begin().await);
        drop(connection);
        let mut connection = engine.begin().await.unwrap();
        connection.execute(insert(Tag).set(Tag::name, "kept")).await.unwrap();
        connection.commit().await.unwrap();
        drop(connection);

        // While its statement runs.
        let mut connection = engine.begin().await.unwrap();
        let id = connection.one(own).await.unwrap();
        let slow = tokio::spawn(async move { connection.one(text(words.sleep(63)).columns::<i64>()).await });
        until("it runs", async || number(&db.engine, words.running(&words.sleep(63))).await > 0).await;
        cut(&db.engine, words, &[id]).await;
        assert_lost(slow.await.unwrap());
        settled(&engine).await;
        assert_eq!(tags(&engine).await, ["kept"]);
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_pool_whose_connections_are_stuck_recovers() {
    on_each(async |db| {
        let engine =
            db.builder().max_connections(2).acquire_timeout(Duration::from_millis(300)).build().unwrap();
        metadata![Tag].create_all(&engine).await.unwrap();
        let mut holder = engine.begin().await.unwrap();
        holder.execute(insert(Tag).set(Tag::name, "same")).await.unwrap();
        // It waits for the other one to end.
        let stuck = tokio::spawn({
            let engine = engine.clone();
            async move {
                let mut connection = engine.begin().await?;
                connection.execute(insert(Tag).set(Tag::name, "same")).await?;
                connection.commit().await
            }
        });
        until("both are out", async || engine.pool_status().open == 2 && engine.pool_status().idle == 0)
            .await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        for _ in 0..2 {
            let error = engine.connect().await.unwrap_err();
            assert!(matches!(error, Error::Timeout { what: TimeoutKind::Pool, .. }), "{error}");
            assert!(!error.is_retryable());
        }
        assert_eq!(engine.pool_status().timed_out, 2);
        // Whoever gives up waiting frees the connection, whatever the database is doing for it.
        stuck.abort();
        _ = stuck.await;
        holder.commit().await.unwrap();
        drop(holder);
        settled(&engine).await;
        assert_eq!(tags(&engine).await, ["same"]);
        let both = (engine.begin().await.unwrap(), engine.begin().await.unwrap());
        drop(both);
        engine.dispose().await;
    })
    .await;
}
