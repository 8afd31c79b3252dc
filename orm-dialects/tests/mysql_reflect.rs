//! What is in a MariaDB or MySQL database, read back.
//!
//! It needs a server at `ORM_MARIADB_URL`, or at `mysql://root@127.0.0.1:3306/test`, and makes databases of its own there.

use std::sync::Arc;

use expect_test::expect;
use orm_core::driver::DriverOptions;
use orm_core::{Engine, Inspector, MetaData};
use orm_dialects::mysql::MySqlDriver;
use orm_query::schema::{
    CheckDef, ColumnDef, Counter, ForeignKeyDef, IndexColumn, IndexDef, List, Name, ReferentialAction,
    SequenceDef, TableDef, UniqueDef,
};
use orm_query::typed::text;
use orm_query::{DataType, EnumType};

fn server() -> String {
    std::env::var("ORM_MARIADB_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306/test".into())
}

fn engine(url: &str) -> Engine {
    Engine::with_driver(Arc::new(MySqlDriver::new(url, DriverOptions::default()).unwrap()))
}

/// An engine on a new database of that name.
async fn database(name: &str) -> Engine {
    let admin = engine(&server());
    for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        admin.execute(text(sql)).await.unwrap();
    }
    admin.dispose().await;
    let url = server();
    let (start, _) = url.rsplit_once('/').unwrap();
    engine(&format!("{start}/{name}"))
}

async fn drop_database(engine: Engine, name: &str) {
    engine.execute(text(format!("DROP DATABASE {name}"))).await.unwrap();
    engine.dispose().await;
}

async fn run(engine: &Engine, sql: &[&str]) {
    for sql in sql {
        engine.execute(text(sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

fn names(names: &[&'static str]) -> List<Name> {
    names.iter().map(|name| Name::Borrowed(name)).collect()
}

fn column(name: &'static str, data_type: DataType) -> ColumnDef {
    ColumnDef::new(name, data_type).nullable(true)
}

fn id() -> ColumnDef {
    ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement()
}

fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableDef {
    TableDef::new(name.into(), columns.into())
}

/// Whatever two tables can have.
fn tables() -> [TableDef; 2] {
    let mut parent = table(
        "parent",
        vec![id(), column("x", DataType::Integer), column("y", DataType::Varchar(20)).comment(r"it's \ why")],
    );
    parent.uniques = vec![UniqueDef::new(Some("uq_xy".into()), names(&["x", "y"]))].into();
    parent.comment = Some(r"what's \ it".into());

    let colors = EnumType::new("".into(), names(&["red", "it's", r"b\"]));
    let mut child = table(
        "child",
        vec![
            id(),
            column("parent_id", DataType::BigInt),
            column("px", DataType::Integer),
            column("py", DataType::Varchar(20)),
            ColumnDef::new("flag", DataType::Boolean).server_default("1"),
            column("small", DataType::SmallInt).server_default("-5"),
            column("positive", DataType::UnsignedBigInt),
            column("real_one", DataType::Real).server_default("0.5"),
            column("amount", DataType::Numeric { precision: Some(10), scale: Some(2) })
                .server_default("0.00"),
            column("body", DataType::Text).server_default("'none'"),
            column("name", DataType::Varchar(30)).collation("utf8mb4_bin").server_default(r"'it''s \'"),
            column("made", DataType::Text).server_default(r"concat('it''s \','x')"),
            column("data", DataType::Bytes),
            column("day", DataType::Date).server_default("curdate()"),
            column("time_of_day", DataType::Time),
            column("at", DataType::Timestamp).server_default("current_timestamp(6)"),
            column("seen", DataType::Timestamp)
                .server_default("current_timestamp(6) on update current_timestamp(6)"),
            column("uuid", DataType::Uuid),
            column("doc", DataType::Json),
            column("color", DataType::Enum(colors)).server_default("'red'"),
            column("bits", DataType::Bit(3)).server_default("b'101'"),
            column("twice", DataType::Integer).computed("`small` * 2"),
            column("upper_name", DataType::Varchar(30)).computed_virtual(r"concat(`name`,'it''s \')"),
        ],
    );
    let mut to_parent =
        ForeignKeyDef::new(names(&["parent_id"]), "parent".into(), names(&["id"])).name("fk_parent");
    to_parent.on_delete = Some(ReferentialAction::Cascade);
    let mut pair =
        ForeignKeyDef::new(names(&["px", "py"]), "parent".into(), names(&["x", "y"])).name("fk_xy");
    pair.on_update = Some(ReferentialAction::Cascade);
    child.foreign_keys = vec![to_parent, pair].into();
    child.checks =
        vec![CheckDef::new(Some("ck_small".into()), r"`small` < 100 and `name` <> 'it''s \'".into())].into();
    child.uniques = vec![UniqueDef::new(Some("uq_name".into()), names(&["name"]))].into();
    let index = |name: &'static str, columns: Vec<IndexColumn>, unique| {
        IndexDef::new(Some(name.into()), columns.into(), unique)
    };
    let part = |name: &'static str| IndexColumn::new(name.into());
    child.indexes = vec![
        index("ft_body", vec![part("body")], false).method("fulltext"),
        index("ix_body", vec![part("body").length(10), part("small").descending()], false),
        index("ix_day", vec![part("day")], false),
        index("uq_data", vec![part("data").length(5)], true),
    ]
    .into();
    [child, parent]
}

async fn reflected(engine: &Engine) -> Vec<TableDef> {
    Inspector::new(engine).await.unwrap().tables(None).await.unwrap()
}

#[tokio::test]
async fn tables_come_back_as_they_were_made() {
    let engine = database("orm_reflect_tables").await;
    let mut metadata = MetaData::new();
    for table in tables() {
        metadata = metadata.with_table(table);
    }
    metadata.create_all(&engine).await.unwrap();
    for (found, made) in reflected(&engine).await.iter().zip(&tables()) {
        for (found, made) in found.columns.iter().zip(&*made.columns) {
            assert_eq!(found, made);
        }
        assert_eq!(found, made);
    }
    // Nothing is missing, so nothing is made; and everything goes again.
    metadata.create_all(&engine).await.unwrap();
    metadata.drop_all(&engine).await.unwrap();
    assert_eq!(reflected(&engine).await, []);
    drop_database(engine, "orm_reflect_tables").await;
}

#[tokio::test]
async fn types_come_back_as_the_dialect_says() {
    let engine = database("orm_reflect_types").await;
    let text_enum = EnumType::new("color".into(), names(&["red", "green"])).as_text();
    let types = [
        DataType::NUMERIC,
        DataType::Numeric { precision: Some(20), scale: None },
        DataType::TimestampTz,
        DataType::Jsonb,
        DataType::Interval,
        DataType::Enum(EnumType::new("size".into(), names(&["small", "large"]))),
        DataType::Enum(text_enum),
        DataType::UnsignedSmallInt,
        DataType::UnsignedInteger,
        DataType::Double,
        DataType::Other("char(2)".into()),
        DataType::Other("year(4)".into()),
        DataType::Other("set('a','b')".into()),
    ];
    let columns = types
        .iter()
        .enumerate()
        .map(|(i, data_type)| ColumnDef::named(format!("c{i}").into(), data_type.clone()).nullable(true));
    let made = TableDef::new("t".into(), columns.collect::<Vec<_>>().into());
    MetaData::new().with_table(made).create_all(&engine).await.unwrap();
    let mut connection = engine.connect().await.unwrap();
    let expected: Vec<DataType> = types.iter().map(|t| connection.dialect().reflected_type(t)).collect();
    let found = Inspector::new(&mut connection).await.unwrap().columns("t").await.unwrap();
    assert_eq!(found.iter().map(|column| column.data_type.clone()).collect::<Vec<_>>(), expected);
    drop(connection);
    drop_database(engine, "orm_reflect_types").await;
}

#[tokio::test]
async fn what_the_server_rewrites_is_alike() {
    let engine = database("orm_reflect_sql").await;
    let written = [
        "a != 1 AND (a NOT BETWEEN 5 AND 7)",
        "lower(b) IN ('x', 'it''s')",
        "a % 2 = 1 OR b IS NULL",
        "char_length(b) >= 3",
        r"b LIKE 'x\%' ESCAPE '\'",
        "b REGEXP '^x' AND coalesce(b, c) <=> c",
        "b || c || '-' != 'x'",
        "b > c COLLATE utf8mb4_bin",
        "CASE WHEN a > 1 THEN TRUE ELSE FALSE END",
        "a + a * 2 > -1.50",
        "cast(a AS CHAR) = 'x'",
    ];
    let mut made = table(
        "t",
        vec![
            column("a", DataType::Integer).server_default("1 + 1"),
            column("b", DataType::Varchar(20)).server_default("lower('X')"),
            column("c", DataType::Varchar(20)).server_default("'x'"),
            column("d", DataType::TimestampTz).server_default("now()"),
            column("e", DataType::Time).server_default("CURRENT_TIME"),
            column("f", DataType::Boolean).server_default("TRUE"),
            column("g", DataType::Numeric { precision: Some(10), scale: Some(2) }).server_default("0"),
            column("h", DataType::Varchar(60)).computed("b || '-' || upper(c)"),
            column("i", DataType::Integer).computed_virtual("a / 2"),
        ],
    );
    let check =
        |(i, sql): (usize, &&'static str)| CheckDef::new(Some(format!("ck{i:02}").into()), (*sql).into());
    made.checks = written.iter().enumerate().map(check).collect::<Vec<_>>().into();
    MetaData::new().with_table(made.clone()).create_all(&engine).await.unwrap();
    let found = reflected(&engine).await.remove(0);
    let connection = engine.connect().await.unwrap();
    let normalized = |sql: &Name| connection.dialect().normalized_sql(sql);
    for (found, made) in found.checks.iter().zip(&*made.checks) {
        assert_eq!(normalized(&found.sql), normalized(&made.sql));
    }
    assert_eq!(found.checks.len(), written.len());
    for (found, made) in found.columns.iter().zip(&*made.columns) {
        let of = |sql: &Option<Name>| sql.as_ref().map(normalized);
        assert_eq!(of(&found.server_default), of(&made.server_default), "{}", made.name);
        assert_eq!(of(&found.computed), of(&made.computed), "{}", made.name);
        assert_eq!(found.is_virtual, made.is_virtual);
    }
    drop(connection);
    // What is told can be sent again, and is told the same.
    run(&engine, &["DROP TABLE t"]).await;
    MetaData::new().with_table(found.clone()).create_all(&engine).await.unwrap();
    assert_eq!(reflected(&engine).await, [found]);
    drop_database(engine, "orm_reflect_sql").await;
}

#[tokio::test]
async fn tables_of_others() {
    let engine = database("orm_reflect_others").await;
    run(
        &engine,
        &[
            "CREATE TABLE p (id INT PRIMARY KEY, x INT, y INT, UNIQUE (x, y))",
            "CREATE TABLE t (
                b INT, a INT, PRIMARY KEY (a, b), ti TINYINT, mi MEDIUMINT UNSIGNED, vb VARBINARY(16),
                fl FLOAT(7, 3), ts TIMESTAMP NULL, tx TEXT CHARACTER SET latin1, js LONGTEXT CHECK (json_valid(js) AND a > 1),
                px INT, py INT, FOREIGN KEY (px, py) REFERENCES p (x, y) ON UPDATE SET NULL ON DELETE RESTRICT,
                UNIQUE (ti), UNIQUE part (tx(5)), KEY descending (mi DESC)
            ) COLLATE utf8mb4_unicode_ci",
            "CREATE VIEW v AS SELECT a, 'it''s \\' AS s FROM t",
        ],
    )
    .await;
    let mut inspector = Inspector::new(&engine).await.unwrap();
    let described = |table: &TableDef| {
        let mut lines = vec![format!("{} {:?}", table.full_name(), table.comment)];
        for c in &*table.columns {
            let key = if c.primary_key { " key" } else { "" };
            let null = if c.nullable { "" } else { " NOT NULL" };
            lines.push(format!("  {} {}{null}{key} {:?}", c.name, c.data_type, c.collation.as_deref()));
        }
        for k in &*table.foreign_keys {
            lines.push(format!(
                "  {:?} {:?} -> {} {:?} {:?} {:?}",
                k.name.as_deref(),
                k.columns,
                k.target,
                k.target_columns,
                k.on_delete,
                k.on_update
            ));
        }
        lines.extend(
            table.uniques.iter().map(|u| format!("  unique {:?} {:?}", u.name.as_deref(), u.columns)),
        );
        lines.extend(table.checks.iter().map(|c| format!("  check {:?} {}", c.name.as_deref(), c.sql)));
        lines.extend(table.indexes.iter().map(|i| {
            let columns: Vec<_> =
                i.columns.iter().map(|c| (c.name.as_ref(), c.length, c.descending)).collect();
            format!("  index {:?} {} {columns:?}", i.name.as_deref(), i.unique)
        }));
        lines.join("\n")
    };
    let t = inspector.table("t").await.unwrap().unwrap();
    expect![[r#"
        t None
          b INTEGER NOT NULL key None
          a INTEGER NOT NULL key None
          ti SMALLINT None
          mi INTEGER UNSIGNED None
          vb BYTES None
          fl float(7,3) None
          ts TIMESTAMP WITH TIME ZONE None
          tx TEXT Some("latin1_swedish_ci")
          js TEXT None
          px INTEGER None
          py INTEGER None
          Some("t_ibfk_1") ["px", "py"] -> p ["x", "y"] None Some(SetNull)
          unique Some("ti") ["ti"]
          check Some("js") json_valid(`js`) and `a` > 1
          index Some("descending") false [("mi", None, true)]
          index Some("part") true [("tx", Some(5), false)]"#]]
    .assert_eq(&described(&t));
    let v = inspector.table("v").await.unwrap().unwrap();
    expect![[r#"
        v None
          a INTEGER NOT NULL None
          s VARCHAR(6) NOT NULL None"#]]
    .assert_eq(&described(&v));
    assert_eq!(inspector.table_names(None).await.unwrap(), ["p", "t"]);
    assert_eq!(inspector.view_names(None).await.unwrap(), ["v"]);
    let definition = inspector.view_definition(None, "v").await.unwrap().unwrap();
    assert!(definition.ends_with(r"'it''s \' AS `s` from `orm_reflect_others`.`t`"), "{definition}");
    assert_eq!(inspector.view_definition(None, "t").await.unwrap(), None);
    assert_eq!(inspector.table("none").await.unwrap(), None);
    assert_eq!(inspector.default_schema_name().await.unwrap().as_deref(), Some("orm_reflect_others"));
    drop(inspector);
    drop_database(engine, "orm_reflect_others").await;
}

#[tokio::test]
async fn schemas() {
    let engine = database("orm_reflect_schemas").await;
    let other = database("orm_reflect_other_schema").await;
    run(&other, &["CREATE TABLE far (id INT PRIMARY KEY)"]).await;
    run(
        &engine,
        &["CREATE TABLE near (id INT PRIMARY KEY, far_id INT, CONSTRAINT fk FOREIGN KEY (far_id) REFERENCES orm_reflect_other_schema.far (id))"],
    )
    .await;
    let mut inspector = Inspector::new(&engine).await.unwrap();
    let all = inspector.schema_names().await.unwrap();
    assert!(all.contains(&"orm_reflect_schemas".into()) && !all.contains(&"information_schema".into()));
    let near = inspector.table("near").await.unwrap().unwrap();
    assert_eq!(near.schema, None);
    assert_eq!(near.foreign_keys[0].target_schema.as_deref(), Some("orm_reflect_other_schema"));
    assert_eq!(near.indexes.len(), 0, "the server's own index behind the key");
    let far = inspector.table_in(Some("orm_reflect_other_schema"), "far").await.unwrap().unwrap();
    assert_eq!(far.schema.as_deref(), Some("orm_reflect_other_schema"));
    assert_eq!(inspector.table_names(Some("orm_reflect_other_schema")).await.unwrap(), ["far"]);
    assert_eq!(inspector.table_names(Some("orm_reflect_none")).await.unwrap(), [] as [&str; 0]);
    drop(inspector);
    drop_database(engine, "orm_reflect_schemas").await;
    drop_database(other, "orm_reflect_other_schema").await;
}

#[tokio::test]
async fn sequences() {
    let engine = database("orm_reflect_sequences").await;
    if !engine.connect().await.unwrap().dialect().features().sequences {
        return drop_database(engine, "orm_reflect_sequences").await;
    }
    let counted = Counter::new().start(5).increment(2).max_value(100).cache(7).cycle();
    let made = [
        SequenceDef::new("back").counter(Counter::new().increment(-1)),
        SequenceDef::new("counted").counter(counted),
        SequenceDef::new("it`s"),
    ];
    let mut metadata = MetaData::new();
    for sequence in made.clone() {
        metadata = metadata.with_sequence(sequence);
    }
    metadata.create_all(&engine).await.unwrap();
    let mut inspector = Inspector::new(&engine).await.unwrap();
    assert_eq!(inspector.sequences(None).await.unwrap(), made);
    assert_eq!(inspector.table_names(None).await.unwrap(), [] as [&str; 0]);
    assert_eq!(inspector.table("back").await.unwrap(), None);
    drop(inspector);
    metadata.drop_all(&engine).await.unwrap();
    drop_database(engine, "orm_reflect_sequences").await;
}
