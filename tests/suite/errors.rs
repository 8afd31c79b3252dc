//! Bad input: each mistake has its own typed error that names what it is about, and nothing half-written stays.

use orm::prelude::*;
use orm::{Error, IntegrityKind, StatementKind, TimeoutKind};

use crate::databases::{on_each, on_file, rows};
use crate::models::{self, *};

#[test]
fn malformed_urls() {
    for url in [
        "",
        "sqlite",
        "no scheme at all",
        "postgre://x/y",
        "oracle://x",
        "mysql://x/y?what=1",
        "postgres://x/y?what=1",
        "postgres://x:port/y",
        "sqlite://x.db?mode=nonsense",
        "sqlite://x.db?what=1",
    ] {
        let error = Engine::new(url).unwrap_err();
        assert!(matches!(error, Error::Url { .. }), "{url}: {error}");
    }
    for url in ["postgres://user:secret@host/db?what=1", "mysql://user:secret@host/db?what=1"] {
        let error = Engine::new(url).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let error = Engine::new("oracle://user:secret@host/db").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database URL `oracle:…` is not valid: no driver knows the scheme `oracle`; this build has: sqlite, \
         postgres, postgresql, mysql, mariadb. Others are features of the crate `orm`"
    );
}

#[tokio::test]
async fn missing_tables_and_columns_and_syntax() {
    on_each(async |db| {
        let error = db.engine.all(select(User)).await.unwrap_err();
        let Error::Statement { kind: StatementKind::NoSuchTable, statement, .. } = &error else {
            panic!("{error}")
        };
        assert!(statement.as_ref().unwrap().sql.starts_with("SELECT user_account.id"));
        assert!(error.to_string().contains("user_account"), "{error}");
        db.engine.execute(text("CREATE TABLE user_account (id INTEGER PRIMARY KEY)")).await.unwrap();
        let error = db.engine.all(select(User)).await.unwrap_err();
        assert!(matches!(error, Error::Statement { kind: StatementKind::NoSuchColumn, .. }), "{error}");
        let error = db.engine.execute(text("SELEKT 1")).await.unwrap_err();
        assert!(matches!(error, Error::Statement { kind: StatementKind::Syntax, .. }), "{error}");
        let error = db.engine.execute(text("CREATE TABLE user_account (id INTEGER)")).await.unwrap_err();
        assert!(matches!(error, Error::Statement { kind: StatementKind::AlreadyExists, .. }), "{error}");
    })
    .await;
}

#[tokio::test]
async fn values_that_do_not_fit_name_their_column() {
    // Only a file's columns take values of any kind.
    on_file(async |db| {
        models::create(&db.engine).await;
        let engine = &db.engine;
        engine.execute(text("CREATE TABLE loose (id, name, fullname)")).await.unwrap();
        engine
            .execute(text("INSERT INTO loose VALUES (1, NULL, 'x'), ('abc', 'y', 'z'), (3, 'n', x'00ff')"))
            .await
            .unwrap();
        let read = async |sql: &str| {
            engine.all(text(sql).columns::<(i64, String, Option<String>)>()).await.unwrap_err()
        };
        let error = read("SELECT id, name, fullname FROM loose WHERE id = 1").await;
        let Error::Decode { error: cause, statement } = &error else { panic!("{error}") };
        assert_eq!((cause.position, cause.column.as_str()), (1, "name"));
        assert_eq!(
            cause.to_string(),
            "column 1 (`name`) cannot be read as `String`: it is NULL; read it as `Option<String>`"
        );
        assert!(statement.is_some());
        for (sql, column) in [
            ("SELECT id, name, fullname FROM loose WHERE id = 'abc'", "id"),
            ("SELECT id, name, fullname FROM loose WHERE id = 3", "fullname"),
        ] {
            let error = read(sql).await;
            assert!(matches!(&error, Error::Decode { error, .. } if error.column == column), "{error}");
        }
        let narrow = engine.one(text("SELECT 70000").columns::<i16>()).await.unwrap_err();
        assert!(matches!(&narrow, Error::Decode { error, .. } if error.reason.contains("70000")), "{narrow}");
        let missing = engine.one(text("SELECT 1").columns::<(i64, i64)>()).await.unwrap_err();
        assert!(matches!(&missing, Error::Decode { error, .. } if error.position == 1), "{missing}");
        // The mapped column says the length; SQLite would take any.
        let mut session = Session::new(engine);
        session.add(User { name: "x".repeat(31), ..default() });
        let long = session.flush().await.unwrap_err();
        let Error::Compile(orm::CompileError::Value { column, .. }) = &long else { panic!("{long}") };
        assert_eq!(column.as_deref(), Some("user_account.name"), "{long}");
        session.rollback().await.unwrap();
        session.add(User { name: "é".repeat(30), ..default() });
        session.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn violated_constraints_name_table_and_column() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let engine = &db.engine;
        engine.execute(insert(Tag).set(Tag::name, "t")).await.unwrap();
        let check = |error: &Error, expected: IntegrityKind, names: (Option<&str>, Option<&str>)| {
            let Error::Integrity { kind, table, column, .. } = error else { panic!("{error}") };
            assert_eq!(*kind, expected, "{error}");
            if db.features.names_columns_in_errors {
                assert_eq!((table.as_deref(), column.as_deref()), names, "{error}");
            }
        };
        let unique = engine.execute(insert(Tag).set(Tag::name, "t")).await.unwrap_err();
        check(&unique, IntegrityKind::Unique, (Some("tag"), Some("name")));
        let null = engine.execute(text("INSERT INTO tag (name) VALUES (NULL)")).await.unwrap_err();
        check(&null, IntegrityKind::NotNull, (Some("tag"), Some("name")));
        let missing = engine
            .execute(insert(Address).set(Address::email, "e").set(Address::user_id, 99))
            .await
            .unwrap_err();
        assert!(matches!(missing, Error::Integrity { kind: IntegrityKind::ForeignKey, .. }), "{missing}");
        engine
            .execute(text("CREATE TABLE positive (n INTEGER, CONSTRAINT is_positive CHECK (n > 0))"))
            .await
            .unwrap();
        let negative = engine.execute(text("INSERT INTO positive VALUES (-1)")).await.unwrap_err();
        let Error::Integrity { kind: IntegrityKind::Check, constraint, .. } = &negative else {
            panic!("{negative}")
        };
        if db.features.names_columns_in_errors {
            assert_eq!(constraint.as_deref(), Some("is_positive"));
        }
        // The whole batch goes, not half of it.
        let mut session = Session::new(engine);
        session.add_all(["a", "b", "t", "c"].map(|name| Tag { name: name.into(), ..default() }));
        let error = session.commit().await.unwrap_err();
        check(&error, IntegrityKind::Unique, (Some("tag"), Some("name")));
        session.rollback().await.unwrap();
        drop(session);
        assert_eq!(rows(engine, "tag", "name").await, ["t"]);
    })
    .await;
}

#[tokio::test]
async fn a_locked_database_is_a_timeout_and_the_session_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc&busy_timeout=50", directory.path().join("locked.db").display());
    let engine = Engine::new(&url).unwrap();
    models::create(&engine).await;
    let mut holder = engine.connect().await.unwrap();
    holder.execute(insert(Tag).set(Tag::name, "held")).await.unwrap();
    let mut session = Session::new(&engine);
    session.add(Tag { name: "waits".into(), ..default() });
    let error = session.commit().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { what: TimeoutKind::Lock, .. }), "{error}");
    assert!(error.is_retryable());
    session.rollback().await.unwrap();
    holder.commit().await.unwrap();
    session.add(Tag { name: "waits".into(), ..default() });
    session.commit().await.unwrap();
    assert_eq!(rows(&engine, "tag", "name").await, ["held", "waits"]);
}

#[tokio::test]
async fn a_read_only_database_says_so() {
    on_file(async |db| {
        models::create(&db.engine).await;
        let file = db.file.as_ref().unwrap().display().to_string();
        let reader = Engine::new(&format!("sqlite://{file}?mode=ro")).unwrap();
        assert_eq!(reader.all(select(User)).await.unwrap().len(), 0);
        let mut session = Session::new(&reader);
        session.add(Tag { name: "t".into(), ..default() });
        let error = session.commit().await.unwrap_err();
        assert!(matches!(error, Error::ReadOnly { .. }), "{error}");
        session.rollback().await.unwrap();
        assert_eq!(session.all(select(Tag)).await.unwrap().len(), 0);
    })
    .await;
}

/// Text that would do harm if it were SQL.
const HOSTILE: &[&str] = &[
    "'; DROP TABLE user_account; --",
    "\" OR \"\"=\"",
    "a'b\"c`d\\e\nf;g--h/*i*/",
    "%_[]^$",
    "😀 Łódź 中文 \u{202e}",
];

#[tokio::test]
async fn values_never_become_sql() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        for value in HOSTILE {
            let tag = session.add(Tag { name: (*value).into(), ..default() });
            session.flush().await.unwrap();
            assert_eq!(session.one(select(Tag).filter(Tag::name.eq(*value))).await.unwrap(), tag);
            assert_eq!(session.one(select(Tag).filter(Tag::name.contains(*value))).await.unwrap(), tag);
            let as_text =
                text("SELECT name FROM tag WHERE name = :v").bind_str("v", value).columns::<String>();
            assert_eq!(session.one(as_text).await.unwrap(), *value);
        }
        session.commit().await.unwrap();
        assert_eq!(db.engine.one(select(count(Tag))).await.unwrap(), HOSTILE.len() as i64);
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "hostile\"; DROP TABLE \"user_account\"; --", index(drop_table))]
struct Hostile {
    #[column(primary_key)]
    id: i64,
    #[column(length = 40, name = "select\" FROM; --")]
    drop_table: String,
    #[column(name = "Mixed Case")]
    mixed: Option<String>,
    #[column(name = "order")]
    reserved: Option<i64>,
}

#[tokio::test]
async fn identifiers_never_become_sql() {
    on_each(async |db| {
        models::create(&db.engine).await;
        metadata![Hostile].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let row = session.add(Hostile {
            drop_table: "x".into(),
            mixed: Some("m".into()),
            reserved: Some(1),
            ..default()
        });
        session.commit().await.unwrap();
        session[row].drop_table = "y".into();
        session.commit().await.unwrap();
        let query =
            select((Hostile::drop_table, Hostile::mixed, Hostile::reserved)).order_by(Hostile::reserved);
        assert_eq!(session.all(query).await.unwrap(), [("y".to_owned(), Some("m".to_owned()), Some(1))]);
        session.delete(row);
        session.commit().await.unwrap();
        metadata![Hostile].drop_all(&db.engine).await.unwrap();
        assert_eq!(db.engine.one(select(count(User))).await.unwrap(), 0, "the other table is there");
        let error = db
            .engine
            .one(select(func("lower(x); DROP TABLE user_account; --", ()).returns::<i64>()))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Compile(orm::CompileError::Identifier { .. })), "{error}");
    })
    .await;
}
