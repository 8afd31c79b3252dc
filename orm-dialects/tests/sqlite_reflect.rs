//! What is in a SQLite database, read back; and the types that SQLite keeps as text.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use orm_core::driver::{Driver, DriverOptions};
use orm_core::{
    Drivers, Engine, Error, Events, Execution, Inspector, IntegrityKind, MetaData, ReflectTable, Result,
};
use orm_dialects::sqlite::SqliteDriver;
use orm_query::schema::{
    CheckDef, ColumnDef, Deferrable, ForeignKeyDef, IndexColumn, IndexDef, Name, ReferentialAction, TableDef,
    UniqueDef,
};
use orm_query::tree::{
    AlterTable, BinaryOperator, ColumnRef, Expr, From, Insert, InsertSource, Select, SelectItem, SourceRef,
    Statement, TableChange, TableRef,
};
use orm_query::typed::text;
use orm_query::{Bind, BitString, DataType, EnumType, Interval, Value};

struct OnlySqlite;

impl Drivers for OnlySqlite {
    fn open(url: &str, options: &DriverOptions) -> Result<Arc<dyn Driver>> {
        Ok(Arc::new(SqliteDriver::new(url, options.clone())?))
    }
}

type Db = Engine<OnlySqlite>;

fn memory() -> Db {
    Db::new("sqlite::memory:").unwrap()
}

async fn run(db: &Db, sql: &[&str]) {
    for sql in sql {
        db.execute(text(sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

async fn table(db: &Db, name: &str) -> TableDef {
    TableDef::reflect(db, name).await.unwrap()
}

fn names(names: &[&'static str]) -> std::borrow::Cow<'static, [Name]> {
    names.iter().map(|n| Name::Borrowed(n)).collect::<Vec<_>>().into()
}

fn column(name: &'static str, data_type: DataType) -> ColumnDef {
    ColumnDef::new(name, data_type).nullable(true)
}

fn color(name: &'static str) -> DataType {
    DataType::Enum(EnumType::new(name.into(), names(&["red", "it's"])))
}

/// Whatever SQLite can have in two tables.
fn tables() -> [TableDef; 2] {
    let mut parent = TableDef::new(
        "Parent".into(),
        vec![
            ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement(),
            ColumnDef::new("code", DataType::Varchar(10)).collation("nocase"),
            column("Order", color("color")),
            column("price", DataType::Numeric { precision: Some(10), scale: Some(2) })
                .server_default("-1.50"),
            column("at", DataType::Timestamp).server_default("CURRENT_TIMESTAMP"),
            column("half", DataType::Double).computed("length(code) / 2.0"),
            column("low", DataType::Text).computed_virtual("lower(code || ',')"),
        ]
        .into(),
    );
    parent.primary_key_name = Some("pk_parent".into());
    parent.uniques = vec![
        UniqueDef::new(Some("uq".into()), names(&["code"])),
        UniqueDef::new(None, names(&["code", "price"])),
    ]
    .into();
    parent.checks = vec![
        CheckDef::new(Some("positive".into()), "price != -2 AND code != ')'".into()),
        CheckDef::new(None, "length(code) > 0".into()),
    ]
    .into();
    parent.indexes = vec![
        IndexDef::new(
            Some("a_expr".into()),
            vec![IndexColumn::expression("lower(code)".into())].into(),
            true,
        ),
        IndexDef::new(
            Some("b_parts".into()),
            vec![
                IndexColumn::new("price".into()).descending(),
                IndexColumn::new("code".into()),
                IndexColumn::new("at".into()).collation("rtrim"),
            ]
            .into(),
            false,
        )
        .filter("price > 0 AND code IS NOT NULL"),
    ]
    .into();
    let mut child = TableDef::new(
        "child".into(),
        vec![
            ColumnDef::new("a", DataType::Integer).primary_key(),
            ColumnDef::new("b", DataType::UnsignedBigInt).primary_key(),
            column("parent_id", DataType::BigInt),
            column("code", DataType::Varchar(10)),
        ]
        .into(),
    );
    let mut key =
        ForeignKeyDef::new(names(&["parent_id"]), "Parent".into(), names(&["id"])).name("fk_parent");
    key.on_delete = Some(ReferentialAction::SetNull);
    key.on_update = Some(ReferentialAction::Cascade);
    key.deferrable = Some(Deferrable::InitiallyDeferred);
    let code = ForeignKeyDef::new(names(&["code"]), "Parent".into(), names(&["code"]));
    child.foreign_keys = vec![key, code].into();
    [parent, child]
}

/// The tables as they come back.
fn reflected(mut tables: [TableDef; 2]) -> [TableDef; 2] {
    let columns = tables[0].columns.to_mut();
    columns[2].data_type = color("");
    let clock = "strftime('%Y-%m-%d %H:%M:%f000', 'now')";
    columns[4].server_default = Some(clock.into());
    tables
}

#[tokio::test]
async fn what_was_created_comes_back() {
    let db = memory();
    let [parent, child] = tables();
    MetaData::new().with_table(child).with_table(parent).create_all(&db).await.unwrap();
    let mut inspector = Inspector::new(&db).await.unwrap();
    assert_eq!(inspector.table_names(None).await.unwrap(), ["Parent", "child"]);
    let found = inspector.tables(None).await.unwrap();
    drop(inspector);
    let [parent, child] = reflected(tables());
    assert_eq!(found[0], parent);
    assert_eq!(found[1], child);
    // What was read is as good as what was written.
    let again = memory();
    MetaData::reflect(&db, None).await.unwrap().create_all(&again).await.unwrap();
    assert_eq!(table(&again, "parent").await, parent);
    assert_eq!(table(&again, "child").await, child);
}

#[tokio::test]
async fn every_type_comes_back() {
    use DataType::*;
    let types = [
        Boolean,
        SmallInt,
        Integer,
        BigInt,
        UnsignedSmallInt,
        UnsignedInteger,
        UnsignedBigInt,
        Real,
        Double,
        DataType::NUMERIC,
        Numeric { precision: None, scale: Some(3) },
        Numeric { precision: Some(5), scale: None },
        Text,
        Varchar(32),
        Bytes,
        Date,
        Time,
        Timestamp,
        TimestampTz,
        Interval,
        Uuid,
        Json,
        Jsonb,
        Bit(4),
        BitVarying(Some(4)),
        BitVarying(None),
        color("color"),
        Other("geometry".into()),
        Other("int".into()),
    ];
    let columns: Vec<ColumnDef> = (0..)
        .zip(types)
        .map(|(i, data_type)| ColumnDef::named(format!("c{i}").into(), data_type).nullable(true))
        .collect();
    let db = memory();
    let defined = TableDef::new("t".into(), columns.into());
    MetaData::new().with_table(defined.clone()).create_all(&db).await.unwrap();
    for (defined, found) in defined.columns.iter().zip(&*table(&db, "t").await.columns) {
        assert_eq!(found.data_type, db.dialect().reflected_column(defined), "{}", defined.data_type);
        assert_eq!(found.collation, None);
    }
}

#[tokio::test]
async fn keys() {
    let db = memory();
    run(
        &db,
        &[
            "CREATE TABLE rowid_ (id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, a)",
            "CREATE TABLE listed (a, Id integer, PRIMARY KEY (ID DESC))",
            "CREATE TABLE descending (id INTEGER PRIMARY KEY DESC)",
            "CREATE TABLE int_ (id INT PRIMARY KEY NOT NULL)",
            "CREATE TABLE without (id INTEGER PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (b, a))",
        ],
    )
    .await;
    let key = |name: &'static str| ColumnDef::new(name, DataType::Integer).primary_key();
    let rowid = |name: &'static str| ColumnDef::new(name, DataType::BigInt).primary_key().autoincrement();
    let untyped = column("a", DataType::Other("".into()));
    let found = table(&db, "rowid_").await;
    assert_eq!(found.primary_key_name.as_deref(), Some("pk"));
    assert_eq!(*found.columns, [rowid("id"), untyped.clone()]);
    assert_eq!(*table(&db, "listed").await.columns, [untyped, rowid("Id")]);
    assert_eq!(*table(&db, "descending").await.columns, [key("id").nullable(true)]);
    assert_eq!(*table(&db, "int_").await.columns, [key("id")]);
    assert_eq!(*table(&db, "without").await.columns, [key("id")]);
    assert_eq!(*table(&db, "pair").await.columns, [key("a").nullable(true), key("b").nullable(true)]);
    for name in ["rowid_", "int_", "pair"] {
        assert!(table(&db, name).await.indexes.is_empty());
    }
}

#[tokio::test]
async fn what_other_programs_write() {
    let db = memory();
    run(
        &db,
        &[
            "create table Users (Id integer primary key, Name character varying(20) unique default 'x')",
            "create table [My Posts] (a references users, b int references USERS(NAME) on delete set default, \
             c numeric(10,2) check (c > 0), status varchar(9) check (status in ('a', 'b')), \
             unique (B, a), foreign key (a, b) references missing)",
            "create index ix_mixed on [My Posts](B collate nocase, A desc, (c + 1) desc) where c is not null",
            "alter table [My Posts] add column d text collate RTRIM not null default (1 + 2)",
        ],
    )
    .await;
    let found = table(&db, "my posts").await;
    let mut described = TableDef::new(
        "My Posts".into(),
        vec![
            column("a", DataType::Other("".into())),
            column("b", DataType::Integer),
            column("c", DataType::Numeric { precision: Some(10), scale: Some(2) }),
            column("status", DataType::Varchar(9)),
            ColumnDef::new("d", DataType::Text).collation("RTRIM").server_default("1 + 2"),
        ]
        .into(),
    );
    described.uniques = vec![UniqueDef::new(None, names(&["b", "a"]))].into();
    described.checks =
        vec![CheckDef::new(None, "status in ('a', 'b')".into()), CheckDef::new(None, "c > 0".into())].into();
    let key = |columns: &[&'static str], target: &'static str, targets: &[&'static str]| {
        ForeignKeyDef::new(names(columns), target.into(), names(targets))
    };
    described.foreign_keys = vec![
        key(&["a"], "Users", &["Id"]),
        key(&["b"], "Users", &["Name"]).on_delete(ReferentialAction::SetDefault),
        key(&["a", "b"], "missing", &[]),
    ]
    .into();
    described.indexes = vec![
        IndexDef::new(
            Some("ix_mixed".into()),
            vec![
                IndexColumn::new("b".into()).collation("nocase"),
                IndexColumn::new("a".into()).descending(),
                IndexColumn::expression("c + 1".into()).descending(),
            ]
            .into(),
            false,
        )
        .filter("c is not null"),
    ]
    .into();
    assert_eq!(found, described);
}

#[tokio::test]
async fn views() {
    let db = memory();
    run(
        &db,
        &[
            "CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR(5))",
            "CREATE VIEW v (x, y, \"as\") AS SELECT a, b, a + 1 FROM t",
            "CREATE VIEW broken AS SELECT * FROM gone",
        ],
    )
    .await;
    let mut inspector = Inspector::new(&db).await.unwrap();
    assert_eq!(inspector.table_names(None).await.unwrap(), ["t"]);
    assert_eq!(inspector.view_names(None).await.unwrap(), ["broken", "v"]);
    let definition = inspector.view_definition(None, "v").await.unwrap();
    assert_eq!(definition.as_deref(), Some("SELECT a, b, a + 1 FROM t"));
    assert_eq!(inspector.view_definition(None, "t").await.unwrap(), None);
    assert_eq!(inspector.view_definition(None, "none").await.unwrap(), None);
    let view = inspector.table("v").await.unwrap().unwrap();
    let expected = [
        column("x", DataType::Integer),
        column("y", DataType::Varchar(5)),
        column("as", DataType::Other("".into())),
    ];
    assert_eq!(*view.columns, expected);
    let error = inspector.table("broken").await.unwrap_err();
    assert!(error.to_string().contains("no such table: main.gone"), "{error}");
    // A broken view is in nobody else's way.
    assert_eq!(inspector.tables(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn attached_databases_are_schemas() {
    let db = memory();
    let mut connection = db.connect().await.unwrap();
    connection.execute(text("ATTACH ':memory:' AS \"Sp: \"\"x\"")).await.unwrap();
    connection.commit().await.unwrap();
    for sql in [
        "CREATE TABLE t (a INTEGER PRIMARY KEY)",
        "CREATE TABLE \"Sp: \"\"x\".u (id INTEGER PRIMARY KEY)",
        "CREATE TABLE \"Sp: \"\"x\".t (b INTEGER REFERENCES u)",
        "CREATE INDEX \"Sp: \"\"x\".ix ON t (b)",
        "CREATE VIEW \"Sp: \"\"x\".v AS SELECT 1 AS one",
        "CREATE TEMP TABLE passing (a)",
    ] {
        connection.execute(text(sql)).await.unwrap();
    }
    let schema = Some("Sp: \"x");
    let mut inspector = Inspector::new(&mut connection).await.unwrap();
    assert_eq!(inspector.default_schema_name().await.unwrap().as_deref(), Some("main"));
    assert_eq!(inspector.schema_names().await.unwrap(), ["Sp: \"x", "main"]);
    assert_eq!(inspector.table_names(None).await.unwrap(), ["t"]);
    assert_eq!(inspector.table_names(schema).await.unwrap(), ["t", "u"]);
    assert_eq!(inspector.table_names(Some("temp")).await.unwrap(), ["passing"]);
    assert_eq!(inspector.view_names(schema).await.unwrap(), ["v"]);
    assert_eq!(inspector.view_definition(schema, "v").await.unwrap().as_deref(), Some("SELECT 1 AS one"));
    let here = inspector.table_in(Some("main"), "t").await.unwrap().unwrap();
    assert_eq!((here.schema, here.columns[0].name.as_ref()), (None, "a"));
    let mut there = TableDef::new("t".into(), vec![column("b", DataType::Integer)].into());
    there.schema = Some("Sp: \"x".into());
    there.foreign_keys =
        vec![ForeignKeyDef::new(names(&["b"]), "u".into(), names(&["id"])).target_schema("Sp: \"x")].into();
    let index = IndexDef::new(Some("ix".into()), vec![IndexColumn::new("b".into())].into(), false);
    there.indexes = vec![index].into();
    assert_eq!(inspector.table_in(schema, "t").await.unwrap(), Some(there));
    assert_eq!(inspector.table_in(Some("temp"), "passing").await.unwrap().unwrap().columns.len(), 1);
    assert_eq!(inspector.table_in(Some("nowhere"), "t").await.unwrap(), None);
    assert!(inspector.table_names(Some("nowhere")).await.unwrap().is_empty());
    assert!(
        inspector.sequences(None).await.unwrap().is_empty()
            && inspector.enums(None).await.unwrap().is_empty()
    );
}

#[tokio::test]
async fn virtual_tables() {
    let db = memory();
    run(&db, &["CREATE VIRTUAL TABLE search USING fts5(title, body)"]).await;
    let mut inspector = Inspector::new(&db).await.unwrap();
    assert_eq!(inspector.table_names(None).await.unwrap(), ["search"]);
    let found = inspector.table("search").await.unwrap().unwrap();
    let text = DataType::Other("".into());
    assert_eq!(*found.columns, [column("title", text.clone()), column("body", text)]);
}

#[derive(Default)]
struct Counted(AtomicUsize);

impl Events for Counted {
    fn after_execute(&self, _: &Execution<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn many_tables_take_no_more_statements_than_one() {
    let counted = Arc::new(Counted::default());
    let db = Db::builder("sqlite::memory:").events(counted.clone()).build().unwrap();
    for i in 0..300 {
        let sql = format!("CREATE TABLE t{i:03} (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b REFERENCES t000)");
        db.execute(text(sql)).await.unwrap();
    }
    let mut statements = Vec::new();
    let mut inspector = Inspector::new(&db).await.unwrap();
    let before = counted.0.load(Ordering::Relaxed);
    assert!(inspector.table("t000").await.unwrap().is_some());
    statements.push(counted.0.load(Ordering::Relaxed) - before);
    let all = inspector.tables(None).await.unwrap();
    assert_eq!(all.len(), 300);
    assert!(all.iter().all(|t| t.uniques.len() == 1 && t.foreign_keys.len() == 1 && t.columns.len() == 3));
    statements.push(counted.0.load(Ordering::Relaxed) - before - statements[0]);
    // One more for the names.
    assert_eq!(statements, [5, 6]);
}

#[tokio::test]
async fn tables_of_a_circle_are_dropped() {
    let db = memory();
    let one = |name: &'static str, other: &'static str| {
        let id = ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement();
        let mut table = TableDef::new(name.into(), vec![id, column("other", DataType::BigInt)].into());
        table.foreign_keys = vec![
            ForeignKeyDef::new(names(&["other"]), other.into(), names(&["id"]))
                .deferrable(Deferrable::InitiallyDeferred),
        ]
        .into();
        table
    };
    let metadata = MetaData::new().with_table(one("a", "b")).with_table(one("b", "a"));
    metadata.create_all(&db).await.unwrap();
    let mut connection = db.begin().await.unwrap();
    connection.execute(text("INSERT INTO a VALUES (1, 1)")).await.unwrap();
    connection.execute(text("INSERT INTO b VALUES (1, 1)")).await.unwrap();
    connection.commit().await.unwrap();
    drop(connection);
    metadata.drop_all(&db).await.unwrap();
    assert!(Inspector::new(&db).await.unwrap().table_names(None).await.unwrap().is_empty());
}

fn source(name: &'static str) -> TableRef {
    TableRef { schema: None, name: name.into(), alias: None }
}

fn of_t(name: &'static str, data_type: DataType) -> Expr {
    Expr::Column(ColumnRef { source: SourceRef::named("t"), name: name.into(), data_type })
}

fn bind(value: Value, data_type: DataType) -> Expr {
    Expr::Bind(Bind::new(value, data_type))
}

#[tokio::test]
async fn great_integers_keep_all_their_digits() {
    let db = memory();
    let id = ColumnDef::new("id", DataType::UnsignedBigInt).primary_key().autoincrement();
    let a = ColumnDef::new("a", DataType::UnsignedBigInt).server_default("18446744073709551615");
    let metadata = MetaData::new().with_table(TableDef::new("t".into(), vec![id, a].into()));
    metadata.create_all(&db).await.unwrap();
    let numbers = [u64::MAX, 9, u64::MAX - 1, 10, 1 << 63, (1 << 63) - 1];
    let rows = numbers.map(|v| vec![bind(Value::U64(v), DataType::UnsignedBigInt)]).to_vec();
    let insert = Insert {
        prefixes: Vec::new(),
        or: None,
        with: orm_query::tree::With::default(),
        table: source("t"),
        columns: vec!["a".into()],
        source: InsertSource::Values(rows),
        on_conflict: None,
        returning: vec![],
    };
    db.execute(Statement::Insert(insert)).await.unwrap();
    db.execute(text("INSERT INTO t DEFAULT VALUES")).await.unwrap();
    let a = || of_t("a", DataType::UnsignedBigInt);
    let coalesce = || {
        let zero = bind(Value::U64(0), DataType::UnsignedBigInt);
        let call = orm_query::tree::Function::new("coalesce", vec![a(), zero], DataType::UnsignedBigInt);
        Expr::Function(Box::new(call))
    };
    let above = |side: Expr, limit: u64| {
        let limit = bind(Value::U64(limit), DataType::UnsignedBigInt);
        Select {
            columns: vec![SelectItem::from(a())],
            from: vec![From::Table(source("t"))],
            filter: Some(side.binary(BinaryOperator::Ge, limit)),
            order_by: vec![coalesce().into()],
            ..Select::default()
        }
    };
    for side in [a(), coalesce()] {
        let select = above(side, (1 << 63) - 1);
        let compiled = db.dialect().compile(&Statement::Select(select)).unwrap();
        let mut sql = compiled.sql.to_string();
        for bind in &compiled.binds {
            let Value::U64(v) = &bind.value else { panic!("{bind:?}") };
            sql = sql.replacen('?', &format!("'{v}'"), 1);
        }
        let found: Vec<u64> = db.all(text(&sql).columns::<u64>()).await.unwrap();
        assert_eq!(found, [(1 << 63) - 1, 1 << 63, u64::MAX - 1, u64::MAX, u64::MAX], "{sql}");
    }
    let keys: Vec<u64> = db.all(text("SELECT id FROM t ORDER BY id").columns::<u64>()).await.unwrap();
    assert_eq!(keys, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(db.one(text("SELECT max(a) FROM t").columns::<u64>()).await.unwrap(), u64::MAX);
    for sql in ["SELECT '18446744073709551616'", "SELECT -1", "SELECT 1.5", "SELECT 1e19", "SELECT 'x'"] {
        let error = db.one(text(sql).columns::<u64>()).await.unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{sql}: {error}");
    }
}

#[tokio::test]
async fn spans_of_time_and_bits_are_read_back() {
    let db = memory();
    run(&db, &["CREATE TABLE t (a DURATION_TEXT, b BIT_TEXT(4), c VARBIT_TEXT)"]).await;
    let span = Interval { months: -14, days: 3, microseconds: 5_000_001 };
    let bits: BitString = "0110".parse().unwrap();
    let insert = Insert {
        prefixes: Vec::new(),
        or: None,
        with: orm_query::tree::With::default(),
        table: source("t"),
        columns: vec!["a".into(), "b".into(), "c".into()],
        source: InsertSource::Values(vec![vec![
            bind(Value::Interval(span), DataType::Interval),
            bind(Value::Bits(bits.clone()), DataType::Bit(4)),
            bind(Value::Null, DataType::BitVarying(None)),
        ]]),
        on_conflict: None,
        returning: vec![],
    };
    db.execute(Statement::Insert(insert)).await.unwrap();
    let all = "SELECT a, b, c FROM t";
    let row = db.one(text(all).columns::<(Interval, BitString, Option<BitString>)>()).await.unwrap();
    assert_eq!(row, (span, bits, None));
    let texts = db.one(text("SELECT a, b FROM t").columns::<(String, String)>()).await.unwrap();
    assert_eq!(texts, ("P-1Y-2M3DT5.000001S".into(), "0110".into()));
    let error = db.one(text("SELECT '01x'").columns::<BitString>()).await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error}");
}

#[tokio::test]
async fn columns_are_added_and_dropped() {
    let db = memory();
    run(&db, &["CREATE TABLE t (a INTEGER PRIMARY KEY, CHECK (a > 0))"]).await;
    let alter = |change| orm_query::tree::Ddl::AlterTable(AlterTable { table: source("t"), change });
    let price = column("price", DataType::NUMERIC).server_default("1.50");
    db.execute(alter(TableChange::AddColumn(Box::new(price.clone())))).await.unwrap();
    db.execute(alter(TableChange::AddColumn(Box::new(column("c", color("color")))))).await.unwrap();
    let found = table(&db, "t").await;
    assert_eq!(found.columns[1], price);
    assert_eq!(found.columns[2], column("c", color("")));
    assert_eq!(*found.checks, [CheckDef::new(None, "a > 0".into())]);
    let error = db.execute(text("INSERT INTO t (c) VALUES ('blue')")).await.unwrap_err();
    assert!(matches!(error, Error::Integrity { kind: IntegrityKind::Check, .. }), "{error}");
    db.execute(text("INSERT INTO t (c) VALUES ('red')")).await.unwrap();
    let kept = db.one(text("SELECT price, c FROM t").columns::<(String, String)>()).await.unwrap();
    assert_eq!(kept, ("1.50".into(), "red".into()));
    db.execute(alter(TableChange::DropColumn("c".into()))).await.unwrap();
    assert_eq!(table(&db, "t").await.columns.len(), 2);
}
