//! Results of a connection: rows with their columns, mappings, streams, options of statements, savepoints.

use orm::prelude::*;
use orm::{
    Error, ExecutionOptions, IsolationLevel, Mappings, RowMapping, StatementOptions, TransactionOptions,
};

use crate::databases::{on_each, on_each_with, rows};
use crate::models::{self, *};

async fn with_tags(engine: &Engine, names: &[&str]) {
    models::create(engine).await;
    let tags: Vec<Tag> = names.iter().map(|name| Tag { name: (*name).into(), ..default() }).collect();
    engine.execute(insert(Tag).values(tags)).await.unwrap();
}

#[tokio::test]
async fn rows_have_columns_and_verbs() {
    on_each(async |db| {
        with_tags(&db.engine, &["c", "a", "b"]).await;
        let mut connection = db.engine.connect().await.unwrap();
        let query = || select((Tag::name, Tag::id.label("number"))).order_by(Tag::name);
        let all = connection.rows(query()).await.unwrap();
        assert_eq!(all.columns(), ["name", "number"]);
        assert_eq!((all.len(), all.is_empty()), (3, false));
        assert_eq!(all.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(all.clone().scalars(), ["a", "b", "c"]);
        assert_eq!(all.clone().first().unwrap().0, "a");
        assert!(matches!(all.clone().one(), Err(Error::MultipleResultsFound { .. })));
        let parts: Vec<Vec<String>> =
            all.clone().partitions(2).map(|part| part.into_iter().map(|(name, _)| name).collect()).collect();
        assert_eq!(parts, [vec!["a", "b"], vec!["c"]]);
        assert_eq!(all.unique_by(|(name, _)| name < &"b".to_owned()).scalars(), ["a", "b"]);
        let none = connection.rows(query().filter(Tag::name.eq("z"))).await.unwrap();
        assert_eq!(none.columns(), ["name", "number"]);
        assert_eq!(none.clone().one_or_none().unwrap(), None);
        assert!(matches!(none.one(), Err(Error::NoResultFound { .. })));
        let twice =
            text("SELECT name FROM tag UNION ALL SELECT name FROM tag ORDER BY 1").columns::<String>();
        assert_eq!(connection.rows(twice).await.unwrap().unique().all(), ["a", "b", "c"]);
    })
    .await;
}

#[tokio::test]
async fn mappings_are_read_by_position_name_and_type() {
    on_each(async |db| {
        with_tags(&db.engine, &["a"]).await;
        let mut connection = db.engine.connect().await.unwrap();
        let row = connection.one(text("SELECT id, name, NULL AS missing FROM tag").mappings()).await.unwrap();
        assert_eq!(row.columns(), ["id", "name", "missing"]);
        assert_eq!(row.get::<i64>("id").unwrap(), 1);
        assert_eq!(row.get::<i32>(0).unwrap(), 1, "any width that holds it");
        assert_eq!(row.get::<String>("name").unwrap(), "a");
        assert_eq!(row.get::<Option<String>>("missing").unwrap(), None);
        let wrong = |error: orm::DecodeError| error.to_string();
        assert!(wrong(row.get::<i64>("name").unwrap_err()).contains("name"));
        assert!(wrong(row.get::<i64>("what").unwrap_err()).contains("no such column"));
        assert!(row.get::<i64>(3).is_err());
        assert!(row.get::<i64>("missing").is_err());
        let typed: Vec<RowMapping> = connection.all(Mappings(select((Tag::name, Tag::id)))).await.unwrap();
        assert_eq!(typed[0].get::<String>("name").unwrap(), "a");
    })
    .await;
}

#[tokio::test]
async fn savepoints_of_a_connection_are_kept_undone_or_dropped() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut connection = db.engine.connect().await.unwrap();
        let tag = |name: &str| insert(Tag).set(Tag::name, name.to_owned());
        connection.execute(tag("outside")).await.unwrap();
        let mut kept = connection.nested().await.unwrap();
        kept.execute(tag("kept")).await.unwrap();
        let mut inner = kept.nested().await.unwrap();
        inner.execute(tag("inner, undone")).await.unwrap();
        // An error inside is undone with it.
        inner.execute(tag("outside")).await.unwrap_err();
        inner.rollback().await.unwrap();
        kept.execute(tag("after")).await.unwrap();
        kept.commit().await.unwrap();
        let mut dropped = connection.nested().await.unwrap();
        dropped.execute(tag("dropped")).await.unwrap();
        let mut inner = dropped.nested().await.unwrap();
        inner.execute(tag("dropped, too")).await.unwrap();
        drop(inner);
        drop(dropped);
        connection.execute(tag("last")).await.unwrap();
        connection.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "name").await, ["after", "kept", "last", "outside"]);
        let mut ended = connection.nested().await.unwrap();
        // The connection's own, through the savepoint.
        Connection::rollback(&mut ended).await.unwrap();
        assert!(ended.commit().await.is_err());
    })
    .await;
}

#[tokio::test]
async fn isolation_is_the_transaction_s_the_statement_s_or_the_engine_s() {
    on_each_with(
        |f| f.isolation_levels.len() > 1,
        "isolation levels",
        async |db| {
            with_tags(&db.engine, &["a"]).await;
            let serializable = TransactionOptions::new().isolation(IsolationLevel::Serializable);
            let engine = db.builder().isolation(IsolationLevel::RepeatableRead).build().unwrap();
            let mut reader = engine.begin().await.unwrap();
            assert_eq!(reader.one(select(count(Tag))).await.unwrap(), 1);
            db.engine.execute(insert(Tag).set(Tag::name, "b")).await.unwrap();
            assert_eq!(reader.one(select(count(Tag))).await.unwrap(), 1, "what was read stays");
            reader.rollback().await.unwrap();
            let committed = TransactionOptions::new().isolation(IsolationLevel::ReadCommitted);
            reader.begin_with(committed).await.unwrap();
            assert_eq!(reader.one(select(count(Tag))).await.unwrap(), 2);
            db.engine.execute(insert(Tag).set(Tag::name, "c")).await.unwrap();
            assert_eq!(reader.one(select(count(Tag))).await.unwrap(), 3, "what others commit is seen");
            let inside = reader.begin_with(serializable).await.unwrap_err();
            assert!(inside.to_string().contains("one is open"), "{inside}");
            reader.rollback().await.unwrap();
            let options = ExecutionOptions::new().isolation(IsolationLevel::Serializable);
            assert_eq!(reader.one(select(count(Tag)).execution_options(options)).await.unwrap(), 3);
            drop(reader);
            engine.dispose().await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_read_only_transaction_writes_nothing() {
    on_each_with(
        |f| f.read_only_transactions,
        "read-only transactions",
        async |db| {
            with_tags(&db.engine, &["a"]).await;
            let mut connection =
                db.engine.begin_with(TransactionOptions::new().read_only(true)).await.unwrap();
            assert_eq!(connection.one(select(count(Tag))).await.unwrap(), 1);
            let error = connection.execute(insert(Tag).set(Tag::name, "b")).await.unwrap_err();
            assert!(matches!(error, Error::ReadOnly { .. }), "{error}");
            connection.rollback().await.unwrap();
            connection.execute(insert(Tag).set(Tag::name, "b")).await.unwrap();
            connection.commit().await.unwrap();
            let engine = db.builder().read_only(true).build().unwrap();
            let error =
                engine.begin().await.unwrap().execute(insert(Tag).set(Tag::name, "c")).await.unwrap_err();
            assert!(matches!(error, Error::ReadOnly { .. }), "{error}");
            let mut writer = engine.begin_with(TransactionOptions::new().read_only(false)).await.unwrap();
            writer.execute(insert(Tag).set(Tag::name, "c")).await.unwrap();
            writer.commit().await.unwrap();
            drop(writer);
            engine.dispose().await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended() {
    on_each_with(|f| f.statement_timeout, "statement timeouts", async |db| {
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900000000) \
                       SELECT count(*) FROM n";
        let short = ExecutionOptions::new().timeout(std::time::Duration::from_millis(100));
        let mut connection = db.engine.connect().await.unwrap();
        if db.engine.dialect().name() == "mariadb" {
            connection.execute(text("SET max_recursive_iterations = 1000000000")).await.unwrap();
        }
        let slow = text(numbers).columns::<i64>().execution_options(short);
        let error = connection.one(slow).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { what: orm::TimeoutKind::Statement, .. }), "{error}");
        connection.rollback().await.unwrap();
        let quick = text("SELECT 1").columns::<i64>();
        assert_eq!(connection.one(quick.clone().execution_options(short)).await.unwrap(), 1);
        assert_eq!(connection.one(quick).await.unwrap(), 1, "the limit is the statement's alone");
    })
    .await;
}

#[tokio::test]
async fn two_phase_commit() {
    on_each_with(
        |f| f.two_phase,
        "two-phase commit",
        async |db| {
            models::create(&db.engine).await;
            let mut connection = db.engine.connect().await.unwrap();
            let id = format!("orm-{}-{:p}", std::process::id(), &connection);
            let tag = |name: &str| insert(Tag).set(Tag::name, name.to_owned());
            if let Err(error) = async {
                connection.begin_two_phase(&id).await?;
                connection.execute(tag("kept")).await?;
                connection.prepare_two_phase(&id).await
            }
            .await
            {
                assert!(error.to_string().contains("prepared transactions are disabled"), "{error}");
                return;
            }
            drop(connection);
            let mut other = db.engine.connect().await.unwrap();
            assert!(other.prepared_transactions().await.unwrap().contains(&id));
            assert_eq!(db.engine.one(select(count(Tag))).await.unwrap(), 0, "nobody sees it yet");
            other.commit_prepared(&id).await.unwrap();
            assert_eq!(rows(&db.engine, "tag", "name").await, ["kept"]);
            other.begin_two_phase(&id).await.unwrap();
            other.execute(tag("undone")).await.unwrap();
            other.prepare_two_phase(&id).await.unwrap();
            other.rollback_prepared(&id).await.unwrap();
            assert_eq!(rows(&db.engine, "tag", "name").await, ["kept"]);
            assert!(!other.prepared_transactions().await.unwrap().contains(&id));
        },
    )
    .await;
}
