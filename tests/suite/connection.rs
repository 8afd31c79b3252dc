//! Engine, connection, streaming and metadata: Core without a session.

use futures_util::StreamExt;
use orm::prelude::*;

use crate::databases::{on_each, on_file, rows};
use crate::models::{self, *};
use crate::support::Statements;

fn insert_user(name: &str) -> impl orm::typed::Executable + use<> {
    insert(User).set(User::name, name.to_owned())
}

#[tokio::test]
async fn commit_as_you_go_and_begin_once() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut connection = db.engine.connect().await.unwrap();
        assert!(!connection.in_transaction());
        assert_eq!(connection.execute(insert_user("kept")).await.unwrap(), 1);
        assert!(connection.in_transaction());
        connection.commit().await.unwrap();
        connection.execute(insert_user("rolled back")).await.unwrap();
        connection.rollback().await.unwrap();
        connection.execute(insert_user("dropped")).await.unwrap();
        drop(connection);
        let mut begun = db.engine.begin().await.unwrap();
        assert!(begun.in_transaction());
        begun.execute(insert_user("begun")).await.unwrap();
        begun.commit().await.unwrap();
        drop(begun);
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["begun", "kept"]);
    })
    .await;
}

#[tokio::test]
async fn the_verbs_count_rows() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let engine = &db.engine;
        for name in ["a", "b"] {
            engine.execute(insert_user(name)).await.unwrap();
        }
        let by_name = |name: &'static str| select(User::id).filter(User::name.eq(name));
        assert_eq!(engine.one(by_name("a")).await.unwrap(), 1);
        assert_eq!(engine.one_or_none(by_name("z")).await.unwrap(), None);
        assert_eq!(engine.first(select(User::id).order_by(User::id.desc())).await.unwrap(), Some(2));
        assert!(matches!(engine.one(by_name("z")).await, Err(orm::Error::NoResultFound { .. })));
        assert!(matches!(engine.one(select(User)).await, Err(orm::Error::MultipleResultsFound { .. })));
        assert!(matches!(
            engine.one_or_none(select(User)).await,
            Err(orm::Error::MultipleResultsFound { .. })
        ));
        let mut connection = engine.connect().await.unwrap();
        assert_eq!(connection.scalar(select(count(User))).await.unwrap(), Some(2));
    })
    .await;
}

#[tokio::test]
async fn rows_stream_and_may_be_abandoned() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add_all((0..5_000).map(|n| User { name: n.to_string(), ..default() }));
        session.commit().await.unwrap();
        let mut connection = db.engine.connect().await.unwrap();
        let stream = connection.stream(select(User).order_by(User::id)).await.unwrap();
        let ids: Vec<i64> = stream.map(|user| user.unwrap().id).collect().await;
        assert_eq!(ids, (1..=5_000).collect::<Vec<i64>>());
        let mut stream = connection.stream(select((User::id, User::name)).order_by(User::id)).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), (1, "0".to_owned()));
        drop(stream);
        assert_eq!(connection.one(select(count(User))).await.unwrap(), 5_000);
        let query = select(User).order_by(User::id).options(selectin(User::addresses));
        let mut stream = connection.stream(query).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap().addresses.loaded().map(<[_]>::len), Some(0));
        drop(stream);
        assert_eq!(connection.one(select(count(User))).await.unwrap(), 5_000);
    })
    .await;
}

#[tokio::test]
async fn the_engine_is_lazy() {
    let engine = Engine::new("sqlite:///nowhere/at/all.db").unwrap();
    let error = engine.connect().await.unwrap_err();
    assert!(
        matches!(&error, orm::Error::Connection { message } if message.contains("/nowhere/at/all.db")),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_is_opened_with_keys_checked_and_a_log() {
    on_file(async |db| {
        let pragma = async |name: &str| {
            let query = text(format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}")).columns::<String>();
            db.engine.one(query).await.unwrap()
        };
        assert_eq!(pragma("foreign_keys").await, "1");
        assert_eq!(pragma("journal_mode").await, "wal");
        let timeout = text("SELECT timeout FROM pragma_busy_timeout").columns::<i64>();
        assert_eq!(db.engine.one(timeout).await.unwrap(), 5_000);
    })
    .await;
}

#[tokio::test]
async fn a_memory_database_is_one_for_all_connections_and_one_for_each_engine() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    models::create(&engine).await;
    let (mut a, mut b) = (engine.connect().await.unwrap(), engine.connect().await.unwrap());
    a.execute(insert_user("seen")).await.unwrap();
    a.commit().await.unwrap();
    assert_eq!(b.one(select(User::name)).await.unwrap(), "seen");
    drop((a, b));
    // Nobody holds a connection, and nothing vanishes.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(engine.one(select(count(User))).await.unwrap(), 1);
    let other = Engine::new("sqlite::memory:").unwrap();
    let error = other.all(select(User)).await.unwrap_err();
    assert!(matches!(error, orm::Error::Statement { kind: orm::StatementKind::NoSuchTable, .. }), "{error}");
}

#[tokio::test]
async fn the_pool_is_bounded_and_says_so() {
    let engine = Engine::builder("sqlite::memory:")
        .max_connections(2)
        .acquire_timeout(std::time::Duration::from_millis(100))
        .build()
        .unwrap();
    let held = (engine.connect().await.unwrap(), engine.connect().await.unwrap());
    let error = engine.connect().await.unwrap_err();
    assert!(matches!(error, orm::Error::Timeout { what: orm::TimeoutKind::Pool, .. }), "{error}");
    assert_eq!(engine.pool_status().max, 2);
    drop(held);
    engine.connect().await.unwrap();
}

#[tokio::test]
async fn tables_are_created_and_dropped_in_the_order_of_their_references() {
    on_each(async |db| {
        let metadata = metadata![PostTag, Comment, Tag, Post, Blog, PostTag];
        let order: Vec<&str> = metadata.sorted_tables().iter().map(|t| t.name.as_ref()).collect();
        let before = |a: &str, b: &str| {
            order.iter().position(|t| *t == a).unwrap() < order.iter().position(|t| *t == b).unwrap()
        };
        assert_eq!(order.len(), 5);
        assert!(before("blog", "post") && before("post", "comment") && before("tag", "post_tags"));
        let sent = Statements::record();
        metadata.create_all(&db.engine).await.unwrap();
        let created = sent.taken("CREATE TABLE");
        assert_eq!(created.len(), 5);
        metadata.create_all(&db.engine).await.unwrap();
        metadata.drop_all(&db.engine).await.unwrap();
        assert_eq!(sent.taken("DROP TABLE").len(), 5);
        metadata.drop_all(&db.engine).await.unwrap();
        if db.features.transactional_ddl {
            let mut connection = db.engine.connect().await.unwrap();
            metadata.create_all(&mut connection).await.unwrap();
            connection.rollback().await.unwrap();
            let mut inspector = orm::Inspector::new(&mut connection).await.unwrap();
            let left = inspector.table_names(None).await.unwrap();
            assert_eq!(left, [""; 0], "DDL is part of the transaction");
        }
    })
    .await;
}

#[tokio::test]
async fn ddl_after_a_cached_statement() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut connection = db.engine.connect().await.unwrap();
        connection.execute(insert_user("a")).await.unwrap();
        assert_eq!(connection.all(select(User)).await.unwrap().len(), 1);
        connection
            .execute(text("ALTER TABLE user_account ADD COLUMN extra VARCHAR(9) DEFAULT 'x'"))
            .await
            .unwrap();
        assert_eq!(connection.all(select(User)).await.unwrap()[0].name, "a");
        let star = text("SELECT * FROM user_account").columns::<(i64, String, Option<String>, String)>();
        assert_eq!(connection.one(star).await.unwrap(), (1, "a".to_owned(), None, "x".to_owned()));
        connection.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn eight_tasks_lose_and_leak_nothing() {
    on_file(async |db| {
        models::create(&db.engine).await;
        let tasks = (0..8).map(|task| {
            let engine = db.engine.clone();
            tokio::spawn(async move {
                for n in 0..25 {
                    let mut session = Session::new(&engine);
                    session.add(User { name: format!("{task}-{n}"), ..default() });
                    session.commit().await.unwrap();
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(db.engine.one(select(count(User))).await.unwrap(), 200);
    })
    .await;
}

#[tokio::test]
async fn statements_are_logged_without_values_when_asked() {
    let engine = Engine::builder("sqlite::memory:").hide_parameters(true).build().unwrap();
    models::create(&engine).await;
    engine.execute(insert(Tag).set(Tag::name, "secret")).await.unwrap();
    let error = engine.execute(insert(Tag).set(Tag::name, "secret")).await.unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
    assert_eq!(&*error.statement().unwrap().sql, "INSERT INTO tag (name) VALUES (?)");
    let mut session = Session::new(&engine);
    session.add(Tag { name: "secret".into(), ..default() });
    let error = session.flush().await.unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
}
