//! What DDL says beyond a table's columns: types by name, options, views, tables of queries, scripts.

use orm::prelude::*;
use orm::schema::{
    CheckDef, ColumnDef, ColumnType, ConstraintKind, ExcludeDef, ForeignKeyDef, IndexColumn, IndexDef,
    TableDef,
};
use orm::tree::{AlterTable, CreateTable, Ddl, DropConstraint, TableChange, TableRef};
use orm::{
    Connection, DataType, EnumType, Inspector, create_table_as, create_view, drop_view, options, types,
};

use crate::databases::{on_each, on_each_with};

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(new)]
struct Reader {
    #[column(primary_key)]
    id: i64,
    #[column(length = 40)]
    name: String,
    age: Option<i32>,
}

async fn readers(engine: &Engine) {
    metadata![Reader].create_all(engine).await.unwrap();
    let rows = [("it's", Some(30)), (r"back\slash", Some(17)), ("é", None)];
    for (name, age) in rows {
        let insert = insert(Reader).set(Reader::name, name).set(Reader::age, age);
        engine.execute(insert).await.unwrap();
    }
}

async fn count(connection: &mut Connection, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    let query = text(sql).columns::<i64>();
    connection.one(query).await.unwrap()
}

#[tokio::test]
async fn views_and_tables_of_queries() {
    on_each(async |db| {
        readers(&db.engine).await;
        let mut connection = db.engine.connect().await.unwrap();
        // The values stand in the text, whatever is in them.
        let named = |name| select((Reader::id, Reader::name)).filter(Reader::name.eq(name));
        // seekdb keeps a view's text without doubling the quotes in it and without what says that bytes are text, and has no
        // temporary tables for MySQL.
        let is_seekdb = db.server.is_some_and(|server| server.is_seekdb());
        let [quoted, slashed] = if is_seekdb { ["é", "é"] } else { ["it's", r"back\slash"] };
        connection.execute(create_view("quoted", named(quoted))).await.unwrap();
        connection.execute(create_view("slashed", named(slashed))).await.unwrap();
        connection.execute(create_table_as("copy", select((Reader::id, Reader::age)))).await.unwrap();
        assert_eq!(count(&mut connection, "quoted").await, 1);
        assert_eq!(count(&mut connection, "slashed").await, 1);
        assert_eq!(count(&mut connection, "copy").await, 3);
        if !is_seekdb {
            let temporary = create_table_as("for_now", named("é")).temporary();
            connection.execute(temporary).await.unwrap();
            assert_eq!(count(&mut connection, "for_now").await, 1);
        }
        for view in ["quoted", "slashed"] {
            connection.execute(drop_view(view)).await.unwrap();
        }
        connection.execute(drop_view("quoted").if_exists()).await.unwrap();
        connection.commit().await.unwrap();
    })
    .await;
}

fn column(name: &'static str, column_type: impl Into<ColumnType>) -> ColumnDef {
    ColumnDef::declared(name.into(), column_type).nullable(true)
}

fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableDef {
    TableDef::new(name.into(), columns.into())
}

#[tokio::test]
async fn types_by_their_names() {
    on_each(async |db| {
        let body = ColumnType::from(DataType::Text)
            .with_variant(types::mysql::mediumtext())
            .with_variant(types::postgres::other("VARCHAR"))
            .with_variant(types::sqlite::other(DataType::Text, "CLOB"));
        let mood = EnumType::new("mood_of_words".into(), vec!["good".into(), "bad".into()].into());
        let words = table(
            "words",
            vec![
                ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement(),
                column("a", types::numeric(Some(10), Some(2))).server_default("1.50"),
                column("b", types::float(Some(24))),
                column("c", types::char(3)),
                column("d", types::varchar(Some(20))).server_default("'it''s'"),
                column("e", types::text(None)),
                column("f", types::blob(None)),
                column("g", types::time(Some(3))),
                column("h", types::datetime(Some(3))),
                column("i", types::datetime_tz(Some(3))).server_default("CURRENT_TIMESTAMP"),
                column("j", body),
                column("k", DataType::Enum(mood.as_text().check_name("ck_mood"))),
                column("l", types::decimal(Some(5), None)).check(CheckDef::new(None, "l > 0".into())),
            ],
        );
        let metadata = MetaData::new().with_table(words.clone());
        metadata.create_all(&db.engine).await.unwrap();
        let mut connection = db.engine.connect().await.unwrap();
        connection.execute(text("INSERT INTO words (j, k) VALUES ('text', 'good')")).await.unwrap();
        assert_eq!(count(&mut connection, "words WHERE d = 'it''s' AND a = 1.5 AND i IS NOT NULL").await, 1);
        connection.commit().await.unwrap();
        if db.features.check_constraints {
            for wrong in ["(k) VALUES ('so-so')", "(l) VALUES (0)"] {
                let sql = format!("INSERT INTO words {wrong}");
                connection.execute(text(sql)).await.unwrap_err();
                connection.rollback().await.unwrap();
            }
        }
        drop(connection);
        let found = Inspector::new(&db.engine).await.unwrap().table("words").await.unwrap().unwrap();
        assert_eq!(words.differences(&found, db.engine.dialect()), []);
        metadata.drop_all(&db.engine).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn options_of_each_database() {
    on_each(async |db| {
        let mut table = table(
            "kept",
            vec![
                ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement(),
                column("a", DataType::Integer),
            ],
        )
        .option(options::postgres::unlogged())
        .option(options::postgres::with("fillfactor = 70"))
        .option(options::mysql::row_format("DYNAMIC"))
        .option(options::mysql::auto_increment(100))
        .option(options::sqlite::autoincrement());
        table.indexes = vec![IndexDef::over(["a"]).filter_if_possible("a > 0")].into();
        let metadata = MetaData::new().with_table(table);
        metadata.create_all(&db.engine).await.unwrap();
        let mut connection = db.engine.connect().await.unwrap();
        for _ in 0..2 {
            connection.execute(text("INSERT INTO kept (a) VALUES (1)")).await.unwrap();
        }
        assert_eq!(count(&mut connection, "kept").await, 2);
        connection.commit().await.unwrap();
        drop(connection);
        metadata.drop_all(&db.engine).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn temporary_tables_are_the_connection_s_own() {
    on_each(async |db| {
        if db.server.is_some_and(|server| server.is_seekdb()) {
            // It has none for MySQL.
            return;
        }
        let mut connection = db.engine.connect().await.unwrap();
        let own = table("own", vec![column("a", DataType::Integer)]).temporary();
        let create = CreateTable { table: std::borrow::Cow::Owned(own), if_not_exists: false };
        connection.execute(create).await.unwrap();
        connection.execute(text("INSERT INTO own VALUES (1)")).await.unwrap();
        assert_eq!(count(&mut connection, "own").await, 1);
        connection.commit().await.unwrap();
        let mut inspector = Inspector::new(&db.engine).await.unwrap();
        assert!(!inspector.table_names(None).await.unwrap().contains(&"own".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn scripts_create_and_drop_everything() {
    on_each(async |db| {
        let key = |name: &'static str, target: &'static str| {
            ForeignKeyDef::new(vec![name.into()].into(), target.into(), vec!["id".into()].into())
        };
        let of = |name, column_name: &'static str, target, constraint| {
            let id = ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement();
            let mut table = table(name, vec![id, column(column_name, DataType::BigInt)]);
            table.foreign_keys = vec![key(column_name, target).name(constraint)].into();
            table
        };
        let metadata = MetaData::new()
            .with_table(of("hare", "tortoise_id", "tortoise", "fk_hare"))
            .with_table(of("tortoise", "hare_id", "hare", "fk_tortoise"));
        let dialect = db.engine.dialect();
        let mut connection = db.engine.connect().await.unwrap();
        for sql in metadata.create_script(dialect).unwrap() {
            connection.execute(Ddl::Text(sql.into())).await.unwrap();
        }
        connection.execute(text("INSERT INTO hare (tortoise_id) VALUES (NULL)")).await.unwrap();
        assert_eq!(count(&mut connection, "hare").await, 1);
        connection.commit().await.unwrap();
        for sql in metadata.drop_script(dialect).unwrap() {
            connection.execute(Ddl::Text(sql.into())).await.unwrap();
        }
        connection.commit().await.unwrap();
        drop(connection);
        let mut inspector = Inspector::new(&db.engine).await.unwrap();
        assert_eq!(inspector.table_names(None).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn exclusions_and_their_end() {
    on_each_with(
        |features| features.arrays_and_ranges,
        "ranges",
        async |db| {
            let part = |name: &'static str| IndexColumn::new(name.into());
            let exclude = ExcludeDef::new([(part("during"), "&&".into())]).name("no_overlap");
            let booking = table("booking", vec![column("during", DataType::Range(orm::RangeType::Integer))])
                .excludes(vec![exclude]);
            let metadata = MetaData::new().with_table(booking);
            metadata.create_all(&db.engine).await.unwrap();
            let take = || text("INSERT INTO booking VALUES ('[1,5)')");
            db.engine.execute(take()).await.unwrap();
            db.engine.execute(take()).await.unwrap_err();
            let table = TableRef { schema: None, name: "booking".into(), alias: None };
            let drop = DropConstraint::new(ConstraintKind::Exclude, "no_overlap");
            let alter = AlterTable { table, change: TableChange::DropConstraint(drop) };
            db.engine.execute(alter).await.unwrap();
            db.engine.execute(take()).await.unwrap();
            metadata.drop_all(&db.engine).await.unwrap();
        },
    )
    .await;
}
