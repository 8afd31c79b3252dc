//! What a database refuses is told by its kind and by the names of what it is about, on each database alike as far as it
//! tells them.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use orm::prelude::*;
use orm::{DataKind, Error, IntegrityKind, StatementKind};
use orm_test_servers::{Kind, Server, required};

use super::{Words, assert_lost, number, settled, words};
use crate::databases::{Database, on_each, on_each_server, on_each_with, on_file, rows};

async fn create(db: &Database) {
    for sql in [
        "CREATE TABLE parent (id INTEGER NOT NULL PRIMARY KEY)",
        "CREATE TABLE child (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(5) NOT NULL, amount INTEGER NOT NULL, \
         small SMALLINT, born DATE, parent_id INTEGER, CONSTRAINT uq_child_name UNIQUE (name), \
         CONSTRAINT ck_child_amount CHECK (amount > 0), \
         CONSTRAINT fk_child_parent FOREIGN KEY (parent_id) REFERENCES parent (id))",
        "INSERT INTO parent VALUES (1)",
        "INSERT INTO child VALUES (1, 'a', 1, 1, '2026-01-02', 1)",
    ] {
        db.engine.execute(text(sql)).await.unwrap();
    }
}

/// The error of a statement, which names it; behind it the engine serves as before.
async fn refused(db: &Database, sql: &str) -> Error {
    let error = db.engine.execute(text(sql)).await.unwrap_err();
    assert_eq!(error.statement().map(|statement| &*statement.sql), Some(sql), "{error:?}");
    assert!(!error.is_disconnect() && !error.is_retryable(), "{error:?}");
    assert_eq!(number(&db.engine, "SELECT 1").await, 1);
    error
}

/// A name that is told is the right one; where `must`, it is told.
fn is_told(told: Option<&str>, right: &str, must: bool, error: &Error) {
    match told {
        Some(told) => assert_eq!(told, right, "{error:?}"),
        None => assert!(!must, "{right} is not told: {error:?}"),
    }
}

#[tokio::test]
async fn violated_constraints() {
    on_each(async |db| {
        create(db).await;
        let (names, is_server) = (db.features.names_columns_in_errors, db.server.is_some());
        let tells = !db.server.is_some_and(|server| server.is_seekdb());
        let check = async |sql: &str, expected: IntegrityKind, right: [(&str, bool); 3]| {
            let error = refused(db, sql).await;
            let Error::Integrity { kind, constraint, table, column, .. } = &error else {
                panic!("{error:?}")
            };
            assert_eq!(*kind, expected, "{error:?}");
            for (told, (right, must)) in [constraint, table, column].into_iter().zip(right) {
                is_told(told.as_deref(), right, must, &error);
            }
        };
        use IntegrityKind::{Check, ForeignKey, NotNull, Unique};
        check(
            "INSERT INTO child VALUES (2, 'a', 1, 1, NULL, NULL)",
            Unique,
            [("uq_child_name", is_server), ("child", names), ("name", names)],
        )
        .await;
        check("UPDATE child SET name = NULL", NotNull, [("", false), ("child", names), ("name", true)]).await;
        check(
            "INSERT INTO child (id, amount) VALUES (2, 1)",
            NotNull,
            [("", false), ("child", names), ("name", true)],
        )
        .await;
        check(
            "INSERT INTO child VALUES (2, 'b', 0, 1, NULL, NULL)",
            Check,
            [("ck_child_amount", tells), ("child", names && is_server), ("", false)],
        )
        .await;
        let told = is_server && tells;
        let foreign_key = [("fk_child_parent", told), ("child", told), ("parent_id", false)];
        check("UPDATE child SET parent_id = 9", ForeignKey, foreign_key).await;
        check("DELETE FROM parent", ForeignKey, foreign_key).await;
        // Of its own name the server tells something of its own making.
        let error = refused(db, "INSERT INTO child VALUES (1, 'b', 1, 1, NULL, NULL)").await;
        assert!(matches!(error, Error::Integrity { kind: Unique, .. }), "{error:?}");
        assert_eq!(rows(&db.engine, "child", "id, name, amount, parent_id").await, ["1|a|1|1"]);
    })
    .await;
}

#[tokio::test]
async fn violated_exclusions() {
    on_each_with(|f| f.arrays_and_ranges && f.index_methods, "exclusion constraints", async |db| {
        let create = "CREATE TABLE booking (during int4range, CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&))";
        db.engine.execute(text(create)).await.unwrap();
        db.engine.execute(text("INSERT INTO booking VALUES ('[1,5)')")).await.unwrap();
        let error = refused(db, "INSERT INTO booking VALUES ('[4,6)')").await;
        let Error::Integrity { kind: IntegrityKind::Exclusion, constraint, table, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!((constraint.as_deref(), table.as_deref()), (Some("no_overlap"), Some("booking")));
    })
    .await;
}

#[tokio::test]
async fn values_that_no_column_takes() {
    on_each_server(async |db| {
        create(db).await;
        let check = async |sql: &str, expected: DataKind| {
            let error = refused(db, sql).await;
            assert!(matches!(error, Error::Data { kind, .. } if kind == expected), "{sql}: {error:?}");
        };
        check("UPDATE child SET name = 'toolong'", DataKind::TooLong).await;
        check("UPDATE child SET small = 70000", DataKind::OutOfRange).await;
        check("UPDATE child SET amount = 3000000000", DataKind::OutOfRange).await;
        check("UPDATE child SET amount = 9223372036854775807 + amount", DataKind::OutOfRange).await;
        check("UPDATE child SET amount = amount / 0", DataKind::DivisionByZero).await;
        check("UPDATE child SET born = 'no date'", DataKind::Malformed).await;
        check("UPDATE child SET small = 'abc'", DataKind::Malformed).await;
        let kept = rows(&db.engine, "child", "id, name, amount, small, born").await;
        assert_eq!(kept, ["1|a|1|1|2026-01-02"]);
    })
    .await;
}

#[tokio::test]
async fn statements_that_do_not_fit_the_schema() {
    on_each(async |db| {
        create(db).await;
        let check = async |sql: &str, expected: StatementKind| {
            let error = refused(db, sql).await;
            assert!(matches!(error, Error::Statement { kind, .. } if kind == expected), "{sql}: {error:?}");
        };
        db.engine.execute(text("CREATE INDEX by_amount ON child (amount)")).await.unwrap();
        db.engine.execute(text("CREATE VIEW children AS SELECT id FROM child")).await.unwrap();
        for sql in [
            "SELECT 1 FROM nowhere",
            "INSERT INTO nowhere VALUES (1)",
            "DELETE FROM nowhere",
            "DROP TABLE nowhere",
        ] {
            check(sql, StatementKind::NoSuchTable).await;
        }
        for sql in [
            "SELECT absent FROM child",
            "SELECT child.absent FROM child",
            "INSERT INTO child (absent) VALUES (1)",
            "UPDATE child SET absent = 1",
            "SELECT id FROM child ORDER BY absent",
        ] {
            check(sql, StatementKind::NoSuchColumn).await;
        }
        for sql in [
            "CREATE TABLE child (id INTEGER)",
            "CREATE INDEX by_amount ON child (amount)",
            "ALTER TABLE child ADD COLUMN name VARCHAR(5)",
            "CREATE VIEW children AS SELECT 1 AS id",
        ] {
            check(sql, StatementKind::AlreadyExists).await;
        }
        for sql in ["SELEKT 1", "SELECT 1 FROM", "SELECT (1", "INSERT child VALUES 1", "UPDATE child SET = 1"]
        {
            check(sql, StatementKind::Syntax).await;
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_may_only_read() {
    on_each_with(
        |f| f.read_only_transactions,
        "read-only transactions",
        async |db| {
            create(db).await;
            let setup = match words(db) {
                Some(Words::Postgres) => "SET default_transaction_read_only = on",
                Some(Words::MySql) => "SET SESSION TRANSACTION READ ONLY",
                None => "PRAGMA query_only = ON",
            };
            let engine =
                if db.file.is_some() || db.server.is_some() { db.builder().setup(setup) } else { return };
            let engine = engine.build().unwrap();
            for sql in
                ["INSERT INTO parent VALUES (2)", "CREATE TABLE another (id INTEGER)", "DELETE FROM child"]
            {
                let error = engine.execute(text(sql)).await.unwrap_err();
                assert!(matches!(error, Error::ReadOnly { .. }), "{sql}: {error:?}");
            }
            assert_eq!(number(&engine, "SELECT count(*) FROM child").await, 1);
            engine.dispose().await;
        },
    )
    .await;
    on_file(async |db| {
        create(db).await;
        let engine = Engine::new(&db.url.replace("mode=rwc", "mode=ro")).unwrap();
        let error = engine.execute(text("INSERT INTO parent VALUES (2)")).await.unwrap_err();
        assert!(matches!(error, Error::ReadOnly { .. }), "{error:?}");
        engine.dispose().await;
        let full = db.builder().setup("PRAGMA max_page_count = 20").build().unwrap();
        full.execute(text("CREATE TABLE much (line TEXT)")).await.unwrap();
        let error = full.execute(text("INSERT INTO much VALUES (hex(zeroblob(1000000)))")).await.unwrap_err();
        assert!(matches!(error, Error::Full { .. }), "{error:?}");
        assert_eq!(number(&full, "SELECT count(*) FROM much").await, 0);
        full.dispose().await;
    })
    .await;
}

/// A URL with another user and his password.
fn as_user(url: &str, user: &str, password: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (_, host) = rest.split_once('@').unwrap();
    format!("{scheme}://{user}:{password}@{host}")
}

#[tokio::test]
async fn whoever_may_not_and_whoever_is_one_too_many() {
    on_each_server(async |db| {
        create(db).await;
        let words = words(db).unwrap();
        let user = format!("orm_small_{}", std::process::id());
        let (before, after) = match words {
            Words::Postgres => (
                vec![
                    format!("CREATE ROLE {user} LOGIN PASSWORD 'right' CONNECTION LIMIT 1"),
                    format!("DO 'BEGIN EXECUTE ''GRANT USAGE ON SCHEMA '' || current_schema || '' TO {user}''; END'"),
                    format!("GRANT SELECT ON child TO {user}"),
                ],
                vec![format!("DROP OWNED BY {user}"), format!("DROP ROLE {user}")],
            ),
            Words::MySql => (
                vec![
                    format!("CREATE USER {user} IDENTIFIED BY 'right' WITH MAX_USER_CONNECTIONS 1"),
                    format!("GRANT SELECT ON child TO {user}"),
                ],
                vec![format!("DROP USER {user}")],
            ),
        };
        for sql in before {
            db.engine.execute(text(&sql)).await.unwrap();
        }
        let url = as_user(&db.url, &user, "right");
        let engine = Engine::builder(&url).max_connections(2).build().unwrap();
        assert_eq!(number(&engine, "SELECT count(*) FROM child").await, 1);
        for sql in ["DELETE FROM child", "SELECT 1 FROM parent", "DROP TABLE child", "CREATE TABLE another (id INTEGER)"] {
            let error = engine.execute(text(sql)).await.unwrap_err();
            let denied = StatementKind::PermissionDenied;
            assert!(matches!(error, Error::Statement { kind, .. } if kind == denied), "{sql}: {error:?}");
        }
        // The pool would open a second one, and the server has no more for this user.
        let held = engine.begin().await.unwrap();
        let error = engine.connect().await.unwrap_err();
        assert!(matches!(error, Error::Connection { .. }), "{error:?}");
        drop(held);
        settled(&engine).await;
        assert_eq!(number(&engine, "SELECT count(*) FROM child").await, 1);
        assert_eq!(engine.pool_status().open, 1);
        engine.dispose().await;
        for sql in after {
            db.engine.execute(text(&sql)).await.unwrap();
        }
    })
    .await;
}

fn refuses(error: &Error, secret: &str) {
    assert!(matches!(error, Error::Authentication { .. }), "{error:?}");
    assert!(!error.is_retryable());
    assert!(!format!("{error} {error:?}").contains(secret), "the password is told: {error:?}");
}

#[tokio::test]
async fn whoever_is_not_let_in() {
    for kind in Kind::ALL {
        let private = match Server::private(kind) {
            Ok(private) => private,
            Err(missing) => {
                assert!(!required(), "{missing}");
                continue;
            }
        };
        eprintln!("on {}", private.server());
        let admin = Engine::new(private.url()).unwrap();
        match Words::of(kind) {
            Words::Postgres => {
                let file = text("SELECT current_setting('hba_file')").columns::<String>();
                let file = admin.one(file).await.unwrap();
                for sql in [
                    "CREATE ROLE sandy LOGIN PASSWORD 'se@cret'".to_owned(),
                    format!(
                        "COPY (SELECT 'host all sandy 127.0.0.1/32 scram-sha-256' \
                         UNION ALL SELECT 'host all all 127.0.0.1/32 trust') TO '{file}'"
                    ),
                    "SELECT pg_reload_conf()".to_owned(),
                ] {
                    admin.execute(text(sql)).await.unwrap();
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            Words::MySql => {
                admin.execute(text("CREATE USER sandy IDENTIFIED BY 'se@cret'")).await.unwrap();
                admin.execute(text("GRANT SELECT ON *.* TO sandy")).await.unwrap();
            }
        }
        let right = Engine::new(&as_user(private.url(), "sandy", "se%40cret")).unwrap();
        assert_eq!(number(&right, "SELECT 1").await, 1);
        right.dispose().await;
        for wrong in ["wr%40ng", ""] {
            let engine = Engine::new(&as_user(private.url(), "sandy", wrong)).unwrap();
            refuses(&engine.connect().await.unwrap_err(), "wr@ng");
            refuses(&engine.one(text("SELECT 1").columns::<i32>()).await.unwrap_err(), "wr%40ng");
            assert_eq!(engine.pool_status().open, 0);
        }
        let nobody = Engine::new(&as_user(private.url(), "nobody_here", "wr%40ng")).unwrap();
        refuses(&nobody.connect().await.unwrap_err(), "wr@ng");
        admin.dispose().await;
    }
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    on_each_server(async |db| {
        let (scheme, _) = db.url.split_once("://").unwrap();
        // Nobody listens on a port that was just given back.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        for place in [format!("127.0.0.1:{port}/test"), format!("nowhere.invalid:{port}/test")] {
            let engine = Engine::new(&format!("{scheme}://sandy:se%40cret@{place}")).unwrap();
            let start = Instant::now();
            let error = engine.connect().await.unwrap_err();
            assert!(start.elapsed() < Duration::from_secs(10));
            let Error::Connection { message } = &error else { panic!("{error:?}") };
            assert!(message.contains(place.split(':').next().unwrap()), "where it is: {message}");
            assert!(message.contains(&port.to_string()), "where it is: {message}");
            assert!(!message.contains("cret"), "{message}");
            assert_lost(engine.execute(text("SELECT 1")).await);
            assert_lost(Session::new(&engine).all(text("SELECT 1").columns::<i32>()).await);
            assert_eq!(engine.pool_status().open, 0);
            engine.dispose().await;
        }
        // A server that takes the connection and says nothing.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let engine = Engine::builder(&format!("{scheme}://sandy@127.0.0.1:{port}/test"))
            .acquire_timeout(Duration::from_millis(300))
            .build()
            .unwrap();
        let error = engine.connect().await.unwrap_err();
        assert!(matches!(error, Error::Timeout { .. } | Error::Connection { .. }), "{error:?}");
        engine.dispose().await;
        // A server without the database.
        let (server, _) = db.server.unwrap().url.rsplit_once('/').unwrap();
        let engine = Engine::new(&format!("{server}/orm_not_there")).unwrap();
        let error = engine.connect().await.unwrap_err();
        let Error::Connection { message } = &error else { panic!("{error:?}") };
        assert!(message.contains("orm_not_there"), "{message}");
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn a_transaction_after_an_error() {
    on_each(async |db| {
        create(db).await;
        let mut connection = db.engine.begin().await.unwrap();
        connection.execute(text("INSERT INTO parent VALUES (2)")).await.unwrap();
        connection.execute(text("INSERT INTO parent VALUES (1)")).await.unwrap_err();
        if words(db) == Some(Words::Postgres) {
            for _ in 0..2 {
                let error = connection.execute(text("INSERT INTO parent VALUES (3)")).await.unwrap_err();
                let failed = StatementKind::FailedTransaction;
                assert!(matches!(error, Error::Statement { kind, .. } if kind == failed), "{error:?}");
            }
            // The server answers to this COMMIT by a rollback, and calls it a success.
            let error = connection.commit().await.unwrap_err();
            let failed = StatementKind::FailedTransaction;
            assert!(matches!(error, Error::Statement { kind, .. } if kind == failed), "{error:?}");
            connection.rollback().await.unwrap();
            assert_eq!(rows(&db.engine, "parent", "id").await, ["1"]);
        } else {
            // Only the statement is undone.
            connection.execute(text("INSERT INTO parent VALUES (3)")).await.unwrap();
            connection.commit().await.unwrap();
            assert_eq!(rows(&db.engine, "parent", "id").await, ["1", "2", "3"]);
        }
        // In a savepoint, it costs that alone.
        let mut nested = connection.nested().await.unwrap();
        nested.execute(text("INSERT INTO parent VALUES (1)")).await.unwrap_err();
        nested.rollback().await.unwrap();
        connection.execute(text("INSERT INTO parent VALUES (4)")).await.unwrap();
        connection.commit().await.unwrap();
        drop(connection);
        let last = "SELECT max(id) FROM parent";
        assert_eq!(number(&db.engine, last).await, 4);
    })
    .await;
}
