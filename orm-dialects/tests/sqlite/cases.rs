use std::path::Path;
use std::time::{Duration, Instant};

use orm_core::driver::{Driver, DriverConnection, DriverOptions, TransactionOptions};
use orm_core::{Error, IntegrityKind, StatementKind, TimeoutKind};
use orm_dialects::Sqlite;
use orm_dialects::sqlite::SqliteDriver;
use orm_query::schema::{ColumnDef, IndexColumn, IndexDef, TableDef};
use orm_query::tree::{
    BinaryOperator, ColumnRef, CreateIndex, CreateTable, Ddl, Expr, From, InList, Insert, InsertSource,
    OrderBy, Select, SourceRef, Statement, TableRef,
};
use orm_query::{Bind, Cell, CompileError, Compiled, DataType, Dialect, ExecutionOptions, Row, Value};
use rust_decimal::Decimal;

const PLAIN: ExecutionOptions = ExecutionOptions::new();
const DEFAULT: TransactionOptions = TransactionOptions::new();

type Connection = Box<dyn DriverConnection>;

fn driver(url: &str) -> SqliteDriver {
    configured(url, DriverOptions::default())
}

fn configured(url: &str, options: DriverOptions) -> SqliteDriver {
    let sign = if url.contains('?') { '&' } else { '?' };
    SqliteDriver::new(&format!("{url}{sign}reader={READER}"), options).unwrap()
}

fn file(path: &Path, options: &str) -> SqliteDriver {
    driver(&format!("sqlite:{}?{options}", path.display()))
}

async fn memory() -> (SqliteDriver, Connection) {
    let driver = driver("sqlite::memory:");
    let connection = driver.connect().await.unwrap();
    (driver, connection)
}

fn bound(sql: &str, binds: impl IntoIterator<Item = (Value, DataType)>) -> Compiled {
    let binds = binds.into_iter().map(|(value, data_type)| Bind::new(value, data_type)).collect();
    Compiled { sql: sql.into(), binds }
}

fn sql(sql: &str) -> Compiled {
    bound(sql, [])
}

async fn run(connection: &mut Connection, text: &str) -> u64 {
    connection.execute(&sql(text), &PLAIN).await.unwrap_or_else(|error| panic!("{text}: {error}"))
}

async fn fail(connection: &mut Connection, text: &str) -> Error {
    connection.execute(&sql(text), &PLAIN).await.expect_err(text)
}

/// What `read` makes of each row.
async fn rows<T>(
    connection: &mut Connection,
    statement: &Compiled,
    mut read: impl FnMut(&dyn Row) -> T,
) -> Result<Vec<T>, Error> {
    let mut cursor = connection.fetch(statement, &PLAIN);
    let mut all = Vec::new();
    while let Some(row) = cursor.next().await? {
        all.push(read(row));
    }
    Ok(all)
}

/// The first column of every row.
async fn numbers(connection: &mut Connection, text: &str) -> Vec<i64> {
    let rows = rows(connection, &sql(text), |row| row.i64(0).unwrap().unwrap()).await;
    rows.unwrap_or_else(|error| panic!("{text}: {error}"))
}

async fn texts(connection: &mut Connection, statement: &Compiled) -> Vec<String> {
    rows(connection, statement, |row| row.text(0).unwrap().unwrap().into_owned()).await.unwrap()
}

/// The first column of the first row.
async fn one<T>(connection: &mut Connection, text: &str, read: impl Fn(&dyn Row) -> Cell<T>) -> Cell<T> {
    rows(connection, &sql(text), |row| read(row)).await.unwrap_or_else(|e| panic!("{text}: {e}")).remove(0)
}

fn compiled(statement: Statement) -> Compiled {
    Sqlite.compile(&statement).unwrap()
}

// ---------------------------------------------------------------------------------------------- values

#[tokio::test]
async fn values_come_back_as_they_went() {
    let (_driver, mut c) = memory().await;
    let at = chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap().and_hms_micro_opt(23, 59, 58, 7).unwrap();
    let json = serde_json::json!({"a": [1, 1.5, null, "ü\u{0}"]});
    let uuid = uuid::Uuid::from_u128(0x1234_5678_1234_5678_1234_5678_1234_5678);
    let numeric = DataType::Numeric { precision: Some(28), scale: Some(3) };
    macro_rules! check {
        ($($data_type:expr, $value:expr, $class:literal, $getter:ident, $expected:expr;)*) => { $(
            {
            let statement = bound("SELECT typeof(?1), ?1", [($value, $data_type)]);
            let mut cursor = c.fetch(&statement, &PLAIN);
            let row = cursor.next().await.unwrap().unwrap();
            assert_eq!(row.text(0).unwrap().unwrap(), $class);
            assert_eq!(row.$getter(1).unwrap().unwrap(), $expected);
            assert!(!row.is_null(1).unwrap());
            }
        )* };
    }
    check! {
        DataType::Boolean, V::Bool(true), "integer", bool, true;
        DataType::SmallInt, V::I16(i16::MIN), "integer", i64, i64::from(i16::MIN);
        DataType::Integer, V::I32(i32::MIN), "integer", i64, i64::from(i32::MIN);
        DataType::BigInt, V::I64(i64::MIN), "integer", i64, i64::MIN;
        DataType::BigInt, V::I64(i64::MAX), "integer", i64, i64::MAX;
        DataType::Real, V::F32(0.1), "real", f32, 0.1_f32;
        DataType::Real, V::F32(f32::MAX), "real", f32, f32::MAX;
        DataType::Double, V::F64(f64::MIN_POSITIVE), "real", f64, f64::MIN_POSITIVE;
        DataType::Double, V::F64(f64::NEG_INFINITY), "real", f64, f64::NEG_INFINITY;
        DataType::Double, V::F64(3.0), "real", f64, 3.0;
        DataType::NUMERIC, V::Decimal(Decimal::MAX), "text", decimal, Decimal::MAX;
        numeric.clone(), V::Decimal(Decimal::new(-15, 1)), "text", text, "-1.500";
        numeric.clone(), V::I64(7), "text", text, "7.000";
        DataType::Text, V::Text(String::from("a\u{1}ü'")), "text", text, "a\u{1}ü'";
        DataType::Text, V::Text(String::new()), "text", text, "";
        DataType::Varchar(2), V::Text(String::from("longer")), "text", text, "longer";
        DataType::Bytes, V::Bytes(vec![0, 255]), "blob", bytes, vec![0_u8, 255];
        DataType::Bytes, V::Bytes(vec![]), "blob", bytes, Vec::<u8>::new();
        DataType::Date, V::Date(at.date()), "text", date, at.date();
        DataType::Time, V::Time(at.time()), "text", time, at.time();
        DataType::Timestamp, V::DateTime(at), "text", datetime, at;
        DataType::TimestampTz, V::TimestampTz(at.and_utc()), "text", timestamp_tz, at.and_utc();
        DataType::Uuid, V::Uuid(uuid), "text", uuid, uuid;
        DataType::Json, V::Json(json.clone()), "text", json, json;
        DataType::Json, V::Json(serde_json::Value::Null), "text", json, serde_json::Value::Null;
    }
    let null = bound("SELECT ?", [(Value::Null, DataType::Integer)]);
    assert_eq!(
        rows(&mut c, &null, |row| (row.is_null(0), row.i64(0))).await.unwrap(),
        [(Ok(true), Ok(None))]
    );
}

type V = Value;

#[tokio::test]
async fn values_survive_the_columns_of_their_types() {
    use DataType::*;
    let (_driver, mut c) = memory().await;
    let hex = uuid::Uuid::from_u128(0x1234_5678_9012_3456_7890_1234_5678_9012);
    let text = |text: &str| Value::Text(text.into());
    for (name, data_type, value, class, stored) in [
        ("a", Uuid, Value::Uuid(hex), "text", "12345678901234567890123456789012"),
        ("b", Json, Value::Json(serde_json::json!(1.0)), "text", "1.0"),
        ("c", Json, Value::Json(serde_json::json!("1")), "text", "\"1\""),
        ("d", Text, text("1"), "text", "1"),
        ("e", Varchar(9), text("1e3"), "text", "1e3"),
        ("f", Numeric { precision: None, scale: None }, Value::Decimal(Decimal::new(10, 1)), "text", "1.0"),
        (
            "g",
            Numeric { precision: Some(9), scale: Some(4) },
            Value::Decimal(Decimal::new(5, 0)),
            "text",
            "5.0000",
        ),
        ("h", Boolean, Value::Bool(false), "integer", "0"),
        ("i", Double, Value::F64(2.0), "real", "2.0"),
    ] {
        let table =
            TableDef::new(format!("t_{name}").into(), vec![ColumnDef::new("v", data_type.clone())].into());
        let create = CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false };
        c.execute(&compiled(Statement::Ddl(Ddl::CreateTable(create))), &PLAIN).await.unwrap();
        c.execute(&bound(&format!("INSERT INTO t_{name} VALUES (?)"), [(value, data_type)]), &PLAIN)
            .await
            .unwrap();
        let read = format!("SELECT typeof(v) || ' ' || v FROM t_{name}");
        assert_eq!(texts(&mut c, &sql(&read)).await, [format!("{class} {stored}")], "{name}");
    }
}

#[tokio::test]
async fn nothing_is_read_as_what_it_is_not() {
    let (_driver, mut c) = memory().await;
    macro_rules! refused {
        ($($sql:literal, $getter:ident, $reason:literal;)*) => { $(
            let error = one(&mut c, concat!("SELECT 0, ", $sql, " AS x"), |row| row.$getter(1).map(|v| v.map(drop))).await;
            assert_eq!(error.unwrap_err().to_string(), $reason);
        )* };
    }
    refused! {
        "'5'", i64, "column 1 (`x`) cannot be read as `i64`: it is the TEXT \"5\"";
        "1.5", i64, "column 1 (`x`) cannot be read as `i64`: it is the REAL 1.5";
        "9e18", i64, "column 1 (`x`) cannot be read as `i64`: it is the REAL 9e18";
        "'abc'", bool, "column 1 (`x`) cannot be read as `bool`: it is the TEXT \"abc\"";
        "2", bool, "column 1 (`x`) cannot be read as `bool`: it is the INTEGER 2";
        "9007199254740993", f64, "column 1 (`x`) cannot be read as `f64`: it is the INTEGER 9007199254740993";
        "9223372036854775807", f64, "column 1 (`x`) cannot be read as `f64`: it is the INTEGER 9223372036854775807";
        "1e39", f32, "column 1 (`x`) cannot be read as `f32`: it is the REAL 1e39";
        "'1'", f64, "column 1 (`x`) cannot be read as `f64`: it is the TEXT \"1\"";
        "'1,5'", decimal, "column 1 (`x`) cannot be read as `Decimal`: it is the TEXT \"1,5\"";
        "1e300", decimal, "column 1 (`x`) cannot be read as `Decimal`: it is the REAL 1e300";
        "1", text, "column 1 (`x`) cannot be read as `String`: it is the INTEGER 1";
        "x'61'", text, "column 1 (`x`) cannot be read as `String`: it is a BLOB of 1 byte(s)";
        "'a'", bytes, "column 1 (`x`) cannot be read as `Vec<u8>`: it is the TEXT \"a\"";
        "20240101", date, "column 1 (`x`) cannot be read as `NaiveDate`: it is the INTEGER 20240101";
        "'2024-02-30'", date, "column 1 (`x`) cannot be read as `NaiveDate`: it is the TEXT \"2024-02-30\"";
        "'25:00'", time, "column 1 (`x`) cannot be read as `NaiveTime`: it is the TEXT \"25:00\"";
        "'2024-01-01 10:00:00Z'", datetime,
            "column 1 (`x`) cannot be read as `NaiveDateTime`: it is the TEXT \"2024-01-01 10:00:00Z\"";
        "0", timestamp_tz, "column 1 (`x`) cannot be read as `DateTime<Utc>`: it is the INTEGER 0";
        "x'00'", uuid, "column 1 (`x`) cannot be read as `Uuid`: it is a BLOB of 1 byte(s)";
        "'{'", json, "column 1 (`x`) cannot be read as `serde_json::Value`: it is the TEXT \"{\"";
    }
    let error = one(&mut c, "SELECT CAST(x'ff' AS TEXT) AS x", |row| row.text(0).map(|v| v.map(drop))).await;
    assert!(
        error.unwrap_err().to_string().contains("column 0 (`x`) cannot be read as `String`: invalid utf-8")
    );
    let error = one(&mut c, "SELECT 1", |row| row.i64(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "column 1 (``) cannot be read as `i64`: the row has 1 column(s)");
}

#[tokio::test]
async fn what_is_exact_is_read() {
    let (_driver, mut c) = memory().await;
    assert_eq!(one(&mut c, "SELECT 3.0", |row| row.i64(0)).await, Ok(Some(3)));
    assert_eq!(
        one(&mut c, "SELECT 9007199254740992", |row| row.f64(0)).await,
        Ok(Some(9_007_199_254_740_992.0))
    );
    assert_eq!(one(&mut c, "SELECT 0.1 + 0.2", |row| row.decimal(0)).await, Ok(Some(Decimal::new(3, 1))));
    assert_eq!(one(&mut c, "SELECT 7", |row| row.decimal(0)).await, Ok(Some(Decimal::new(7, 0))));
    assert_eq!(one(&mut c, "SELECT 0.1", |row| row.f32(0)).await, Ok(Some(0.1)));
    let uuid = uuid::Uuid::from_u128(0x61626364_65666768_696a6b6c_6d6e6f70);
    assert_eq!(one(&mut c, &format!("SELECT '{uuid}'"), |row| row.uuid(0)).await, Ok(Some(uuid)));
    assert_eq!(
        one(&mut c, "SELECT x'6162636465666768696a6b6c6d6e6f70'", |row| row.uuid(0)).await,
        Ok(Some(uuid))
    );
    let json = one(&mut c, "SELECT json_extract('{\"a\": 5}', '$.a')", |row| row.json(0)).await;
    assert_eq!(json, Ok(Some(serde_json::json!(5))));
    // The same value may be read twice, and by two getters.
    let twice = one(&mut c, "SELECT '5'", |row| {
        row.text(0)?;
        row.decimal(0)
    });
    assert_eq!(twice.await, Ok(Some(Decimal::new(5, 0))));
}

#[tokio::test]
async fn the_columns_of_a_row() {
    let (_driver, mut c) = memory().await;
    let statement = sql("SELECT 1 AS a, 2 AS a, 3");
    let names = rows(&mut c, &statement, |row| {
        (
            row.len(),
            row.column_name(1).map(str::to_owned),
            row.column_name(3).map(str::to_owned),
            row.is_null(3).is_err(),
        )
    });
    assert_eq!(names.await.unwrap(), [(3, Some("a".into()), None, true)]);
}

// ---------------------------------------------------------------------------------------------- decimals

fn decimals() -> Expr {
    let data_type = DataType::Numeric { precision: Some(30), scale: None };
    Expr::Column(ColumnRef { source: SourceRef::named("t"), name: "v".into(), data_type })
}

#[tokio::test]
async fn decimals_are_compared_and_ordered_as_numbers() {
    let (_driver, mut c) = memory().await;
    let numeric = || DataType::Numeric { precision: Some(30), scale: None };
    let table = TableDef::new(
        "t".into(),
        vec![
            ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement(),
            ColumnDef::new("v", numeric()),
        ]
        .into(),
    );
    let create = CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false };
    c.execute(&compiled(Statement::Ddl(Ddl::CreateTable(create))), &PLAIN).await.unwrap();
    let index = IndexDef::new(None, vec![IndexColumn::new("v".into())].into(), true);
    let table = TableRef { schema: None, name: "t".into(), alias: None };
    let create = CreateIndex { table: table.clone(), index, if_not_exists: false };
    c.execute(&compiled(Statement::Ddl(Ddl::CreateIndex(create))), &PLAIN).await.unwrap();

    let decimal = |text: &str| Value::Decimal(Decimal::from_str_exact(text).unwrap());
    let bind = |text: &str| Expr::Bind(Bind::new(decimal(text), numeric()));
    let values = [
        "10",
        "9.5",
        "-3",
        "-20.25",
        "0.1",
        "79228162514264337593543950335",
        "79228162514264337593543950334",
    ];
    let insert = Insert { prefixes: Vec::new(), or: None, with: orm_query::tree::With::default(),
        table: table.clone(),
        columns: vec!["v".into()],
        source: InsertSource::Values(values.iter().map(|v| vec![bind(v)]).collect()),
        on_conflict: None, returning: Vec::new(),
    };
    assert_eq!(c.execute(&compiled(Statement::Insert(insert)), &PLAIN).await.unwrap(), values.len() as u64);

    let select = |filter: Option<Expr>| {
        compiled(Statement::Select(Select {
            columns: vec![decimals().into()],
            from: vec![From::Table(table.clone())],
            filter,
            order_by: vec![decimals().into()],
            ..Select::default()
        }))
    };
    let ordered = [
        "-20.25",
        "-3",
        "0.1",
        "9.5",
        "10",
        "79228162514264337593543950334",
        "79228162514264337593543950335",
    ];
    assert_eq!(texts(&mut c, &select(None)).await, ordered);
    for (filter, expected) in [
        (decimals().binary(BinaryOperator::Gt, bind("9.6")), &ordered[4..]),
        (decimals().binary(BinaryOperator::Eq, bind("10.000")), &ordered[4..5]),
        (bind("9.50").binary(BinaryOperator::Eq, decimals()), &ordered[3..4]),
        (decimals().binary(BinaryOperator::IsNotDistinctFrom, bind("0.10")), &ordered[2..3]),
        (
            decimals().binary(BinaryOperator::Multiply, bind("2")).binary(BinaryOperator::Eq, bind("19")),
            &ordered[3..4],
        ),
        (
            Expr::InList(Box::new(InList {
                operand: decimals(),
                list: vec![bind("-3.0"), bind("10.0")],
                negated: false,
            })),
            &["-3", "10"],
        ),
        (
            // A tuple keeps the collations of its columns.
            Expr::InList(Box::new(InList {
                operand: Expr::Tuple(vec![decimals(), decimals()]),
                list: vec![
                    Expr::Tuple(vec![bind("-3.0"), bind("-3.00")]),
                    Expr::Tuple(vec![bind("9.5"), bind("10")]),
                ],
                negated: false,
            })),
            &["-3"],
        ),
    ] {
        assert_eq!(texts(&mut c, &select(Some(filter.clone()))).await, expected, "{filter:?}");
    }
    let plan = rows(&mut c, &sql("EXPLAIN QUERY PLAN SELECT v FROM t WHERE v > '5'"), |row| {
        row.text(3).unwrap().unwrap().into_owned()
    })
    .await;
    assert!(plan.unwrap()[0].contains("USING COVERING INDEX ix_t_v (v>?)"));

    let again = bound("INSERT INTO t (v) VALUES (?)", [(decimal("10.00"), numeric())]);
    assert!(matches!(
        c.execute(&again, &PLAIN).await,
        Err(Error::Integrity { kind: IntegrityKind::Unique, .. })
    ));
    assert_eq!(one(&mut c, "SELECT max(v) FROM t", |row| row.decimal(0)).await, Ok(Some(Decimal::MAX)));
    let sum = one(&mut c, "SELECT sum(v) FROM t WHERE id < 6", |row| row.decimal(0)).await;
    assert_eq!(sum, Ok(Some(Decimal::from_str_exact("-3.65").unwrap())));
}

#[tokio::test]
async fn a_sum_out_of_a_subquery_is_compared_as_a_number() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (v DECIMAL_TEXT COLLATE decimal); INSERT INTO t VALUES ('10.5'), ('9')")
        .await;
    let sum = orm_query::tree::Function::new("sum", vec![decimals()], DataType::NUMERIC);
    let query = Select {
        columns: vec![orm_query::tree::SelectItem {
            expr: Expr::Function(Box::new(sum)),
            label: Some("total".into()),
            left_out: false,
        }],
        from: vec![From::Table(TableRef { schema: None, name: "t".into(), alias: None })],
        ..Select::default()
    };
    let total = Expr::Column(ColumnRef {
        source: SourceRef::named("x"),
        name: "total".into(),
        data_type: DataType::NUMERIC,
    });
    let big = Expr::Bind(Bind::new(Value::Decimal(Decimal::new(100, 0)), DataType::NUMERIC));
    let outer = |operator| {
        compiled(Statement::Select(Select {
            columns: vec![total.clone().into()],
            from: vec![From::query(query.clone(), "x")],
            filter: Some(total.clone().binary(operator, big.clone())),
            ..Select::default()
        }))
    };
    let found =
        rows(&mut c, &outer(BinaryOperator::Lt), |row| row.decimal(0).unwrap().unwrap()).await.unwrap();
    assert_eq!(found, [Decimal::new(195, 1)]);
    assert!(rows(&mut c, &outer(BinaryOperator::Gt), |_| ()).await.unwrap().is_empty());
}

// ---------------------------------------------------------------------------------------------- SQL that runs

#[tokio::test]
async fn every_keyword_is_a_name() {
    let keywords = "abort action add after all alter always analyze and as asc attach autoincrement before begin between \
        by cascade case cast check collate column commit conflict constraint create cross current current_date \
        current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop each \
        else end escape except exclude exclusive exists explain fail filter first following for foreign from full \
        generated glob group groups having if ignore immediate in index indexed initially inner insert instead \
        intersect into is isnull join key last left like limit match materialized natural no not nothing notnull null \
        nulls of offset on or order others outer over partition plan pragma preceding primary query raise range \
        recursive references regexp reindex release rename replace restrict returning right rollback row rows \
        savepoint select set table temp temporary then ties to transaction trigger unbounded union unique update using \
        vacuum values view virtual when where window with without true false rowid oid";
    let (_driver, mut c) = memory().await;
    for word in keywords.split_whitespace() {
        let table = TableDef::new(
            word.into(),
            vec![ColumnDef::new("x", DataType::Text), ColumnDef::named(word.into(), DataType::Text)].into(),
        );
        let create = CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false };
        c.execute(&compiled(Statement::Ddl(Ddl::CreateTable(create))), &PLAIN)
            .await
            .unwrap_or_else(|e| panic!("{word}: {e}"));
        let column = || {
            Expr::Column(ColumnRef {
                source: SourceRef::named(word),
                name: word.into(),
                data_type: DataType::Text,
            })
        };
        let value = |v: &str| Expr::Bind(Bind::new(Value::Text(v.into()), DataType::Text));
        let table = TableRef { schema: None, name: word.into(), alias: None };
        let insert = Insert { prefixes: Vec::new(), or: None, with: orm_query::tree::With::default(),
            table: table.clone(),
            columns: vec!["x".into(), word.into()],
            source: InsertSource::Values(vec![vec![value("a"), value("b")]]),
            on_conflict: None, returning: vec![column().into()],
        };
        assert_eq!(texts(&mut c, &compiled(Statement::Insert(insert))).await, ["b"], "{word}");
        let select = Select {
            columns: vec![column().into()],
            from: vec![From::Table(table)],
            filter: Some(column().binary(BinaryOperator::Eq, value("b"))),
            group_by: vec![column()],
            order_by: vec![OrderBy::from(column())],
            ..Select::default()
        };
        assert_eq!(texts(&mut c, &compiled(Statement::Select(select))).await, ["b"], "{word}");
    }
}

#[tokio::test]
async fn regular_expressions_and_joins_that_sqlite_learned_late() {
    let (_driver, mut c) = memory().await;
    assert_eq!(numbers(&mut c, "SELECT 'abc' REGEXP '^a.c$'").await, [1]);
    assert_eq!(numbers(&mut c, "SELECT 'abc' NOT REGEXP 'd'").await, [1]);
    let full = "SELECT coalesce(a, 0) + coalesce(b, 0) FROM (SELECT 1 AS a) FULL OUTER JOIN (SELECT 2 AS b) ON a = b";
    assert_eq!(numbers(&mut c, full).await, [1, 2]);
    let error = fail(&mut c, "SELECT 'a' REGEXP '('").await;
    assert!(matches!(error, Error::Database { .. }), "{error:?}");
}

#[tokio::test]
async fn the_clock_and_casts_are_read_as_their_types() {
    use DataType::*;
    use orm_query::tree::Cast;
    let (_driver, mut c) = memory().await;
    let clock = |name, data_type, sql| ColumnDef::new(name, data_type).server_default(sql);
    let columns = vec![
        clock("a", Date, "CURRENT_DATE"),
        clock("b", Time, "CURRENT_TIME"),
        clock("c", Timestamp, "CURRENT_TIMESTAMP"),
        clock("d", TimestampTz, "now()"),
    ];
    let table = TableDef::new("t".into(), columns.into());
    let create = CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false };
    c.execute(&compiled(Statement::Ddl(Ddl::CreateTable(create))), &PLAIN).await.unwrap();
    run(&mut c, "INSERT INTO t DEFAULT VALUES").await;
    let column = |name: &'static str, data_type| {
        Expr::Column(ColumnRef { source: SourceRef::named("t"), name: name.into(), data_type })
    };
    let cast = |operand, data_type| Expr::Cast(Box::new(Cast { operand, data_type }));
    let now = || column("c", Timestamp);
    let columns = [
        column("a", Date),
        column("b", Time),
        now(),
        column("d", TimestampTz),
        cast(now(), Date),
        cast(now(), Time),
        cast(cast(now(), Date), Timestamp),
        cast(now(), TimestampTz),
        cast(column("d", TimestampTz), Timestamp),
    ];
    let select = Select {
        columns: columns.into_iter().map(Into::into).collect(),
        from: vec![From::Table(TableRef { schema: None, name: "t".into(), alias: None })],
        ..Select::default()
    };
    let read = |row: &dyn Row| {
        let length = |position| row.text(position).unwrap().unwrap().len();
        assert_eq!([0, 1, 2, 3].map(length), [10, 15, 26, 32]);
        let at = row.datetime(2).unwrap().unwrap();
        assert!((chrono::Utc::now().naive_utc() - at).abs() < chrono::TimeDelta::seconds(10));
        assert_eq!(row.date(0).unwrap(), Some(at.date()));
        assert!(row.time(1).unwrap().is_some() && row.timestamp_tz(3).unwrap().is_some());
        assert_eq!(row.date(4).unwrap(), Some(at.date()));
        assert_eq!(row.time(5).unwrap(), Some(at.time()));
        assert_eq!(row.datetime(6).unwrap(), Some(at.date().into()));
        assert_eq!(row.timestamp_tz(7).unwrap(), Some(at.and_utc()));
        assert_eq!(row.datetime(8).unwrap().map(|v| v.and_utc()), row.timestamp_tz(3).unwrap());
    };
    assert_eq!(rows(&mut c, &compiled(Statement::Select(select)), read).await.unwrap().len(), 1);

    let value = |value, data_type| Expr::Bind(Bind::new(value, data_type));
    let text = |text: &str| value(Value::Text(text.into()), Text);
    let uuid = uuid::Uuid::from_u128(0xABCD);
    let columns = [
        cast(text(&uuid.to_string().to_uppercase()), Uuid),
        cast(text(" {\"a\": [1]} "), Json),
        cast(text("größer"), Varchar(3)),
        cast(value(Value::F64(2.346), Double), Numeric { precision: Some(9), scale: Some(2) }),
        cast(value(Value::I64(5), BigInt), Boolean),
        cast(value(Value::I64(0), BigInt), Boolean),
    ];
    let select = Select { columns: columns.into_iter().map(Into::into).collect(), ..Select::default() };
    let read = |row: &dyn Row| {
        assert_eq!(row.uuid(0).unwrap(), Some(uuid));
        assert_eq!(row.json(1).unwrap(), Some(serde_json::json!({"a": [1]})));
        assert_eq!(row.text(2).unwrap().as_deref(), Some("grö"));
        assert_eq!(row.decimal(3).unwrap(), Some(Decimal::new(235, 2)));
        assert_eq!((row.bool(4), row.bool(5)), (Ok(Some(true)), Ok(Some(false))));
    };
    assert_eq!(rows(&mut c, &compiled(Statement::Select(select)), read).await.unwrap().len(), 1);
}

#[tokio::test]
async fn writes_with_schemas_aliases_and_subqueries() {
    use orm_query::tree::{Delete, Exists, Update};
    let (_driver, mut c) = memory().await;
    run(
        &mut c,
        "CREATE TABLE t (a INTEGER, b INTEGER); CREATE TABLE u (a INTEGER); INSERT INTO u VALUES (1)",
    )
    .await;
    let table = |alias: Option<&'static str>| TableRef {
        schema: alias.is_none().then_some("main".into()),
        name: "t".into(),
        alias: alias.map(Into::into),
    };
    let int = |value: i64| Expr::Bind(Bind::new(Value::I64(value), DataType::BigInt));
    for alias in [None, Some("x")] {
        let table = table(alias);
        let column = |name: &'static str| {
            Expr::Column(ColumnRef { source: table.source(), name: name.into(), data_type: DataType::BigInt })
        };
        let in_u = Expr::Column(ColumnRef {
            source: SourceRef::named("u"),
            name: "a".into(),
            data_type: DataType::BigInt,
        });
        let exists = Expr::Exists(Box::new(Exists {
            query: Select {
                columns: vec![int(1).into()],
                from: vec![From::Table(TableRef { schema: None, name: "u".into(), alias: None })],
                filter: Some(in_u.binary(BinaryOperator::Eq, column("a"))),
                ..Select::default()
            }.into(),
        }));
        let returning =
            || vec![column("a").into(), column("a").binary(BinaryOperator::Add, column("b")).into()];
        let read = |row: &dyn Row| (row.i64(0).unwrap(), row.i64(1).unwrap());
        let insert = Insert { prefixes: Vec::new(), or: None, with: orm_query::tree::With::default(),
            table: table.clone(),
            columns: vec!["a".into(), "b".into()],
            source: InsertSource::Values(vec![vec![int(1), int(2)], vec![int(5), int(6)]]),
            on_conflict: None,
            returning: returning(),
        };
        let got = rows(&mut c, &compiled(Statement::Insert(insert)), read).await.unwrap();
        assert_eq!(got, [(Some(1), Some(3)), (Some(5), Some(11))]);
        let update = Update { from: Vec::new(), prefixes: Vec::new(), order_by: Vec::new(), limit: None, with: orm_query::tree::With::default(),
            table: table.clone(),
            set: vec![("b".into(), column("b").binary(BinaryOperator::Multiply, int(10)))],
            filter: Some(exists.clone()),
            returning: returning(),
        };
        let got = rows(&mut c, &compiled(Statement::Update(update)), read).await.unwrap();
        assert_eq!(got, [(Some(1), Some(21))]);
        let delete = Delete { using: Vec::new(), prefixes: Vec::new(), order_by: Vec::new(), limit: None, with: orm_query::tree::With::default(),
            table: table.clone(),
            filter: Some(exists.or(column("a").binary(BinaryOperator::Eq, int(5)))),
            returning: returning(),
        };
        let got = rows(&mut c, &compiled(Statement::Delete(delete)), read).await.unwrap();
        assert_eq!(got, [(Some(1), Some(21)), (Some(5), Some(11))]);
    }
}

/// A tree of operators that is as deep as luck has it, and the same with every operand in parentheses.
fn anything(luck: &mut impl FnMut(u32) -> u32, depth: u32) -> (Expr, String) {
    use orm_query::tree::{Between, Case, Like, UnaryOperator as U};
    let literal = |n: u32| {
        let value = i64::from(n) - 3;
        (Expr::Bind(Bind::new(Value::I64(value), DataType::BigInt)), format!("({value})"))
    };
    if depth == 0 || luck(5) == 0 {
        return literal(luck(9));
    }
    let mut operand = || anything(luck, depth - 1);
    let ((a, a_sql), (b, b_sql), (c, c_sql)) = (operand(), operand(), operand());
    use BinaryOperator::*;
    let operators = [
        (Eq, "="),
        (Ne, "!="),
        (Lt, "<"),
        (Ge, ">="),
        (IsDistinctFrom, "IS NOT"),
        (IsNotDistinctFrom, "IS"),
        (Add, "+"),
        (Subtract, "-"),
        (Multiply, "*"),
        (Concat, "||"),
    ];
    match luck(18) {
        0 => (a.unary(U::Not), format!("(NOT {a_sql})")),
        1 => (a.unary(U::Negate), format!("(- {a_sql})")),
        2 => (a.unary(U::IsNull), format!("({a_sql} IS NULL)")),
        3 => (Expr::And(vec![a, b, c]), format!("({a_sql} AND {b_sql} AND {c_sql})")),
        4 => (Expr::Or(vec![a, b, c]), format!("({a_sql} OR {b_sql} OR {c_sql})")),
        5 => {
            let between = Between { operand: a, low: b, high: c, negated: true };
            (Expr::Between(Box::new(between)), format!("({a_sql} NOT BETWEEN {b_sql} AND {c_sql})"))
        }
        6 => {
            let list = InList { operand: a, list: vec![b, c], negated: false };
            (Expr::InList(Box::new(list)), format!("({a_sql} IN ({b_sql}, {c_sql}))"))
        }
        7 => {
            let like = Like { operand: a, pattern: b, before: false, after: false, escape: None, negated: false, ignore_case: false };
            (Expr::Like(Box::new(like)), format!("({a_sql} LIKE {b_sql})"))
        }
        8 => {
            let case = Case { operand: Some(a), branches: vec![(b.clone(), c)], otherwise: Some(b) };
            (Expr::Case(Box::new(case)), format!("(CASE {a_sql} WHEN {b_sql} THEN {c_sql} ELSE {b_sql} END)"))
        }
        _ => {
            let (operator, sql) = operators[luck(operators.len() as u32) as usize];
            (a.binary(operator, b), format!("({a_sql} {sql} {b_sql})"))
        }
    }
}

#[tokio::test]
async fn no_parentheses_are_missing() {
    let (_driver, mut c) = memory().await;
    let mut state = 7_u64;
    let mut luck = |below: u32| {
        // SplitMix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(below)) as u32
    };
    for _ in 0..2_000 {
        let (tree, sql) = anything(&mut luck, 4);
        let select = compiled(Statement::Select(Select { columns: vec![tree.into()], ..Select::default() }));
        let said = Compiled {
            sql: format!("SELECT quote(({})), quote({sql})", &select.sql["SELECT ".len()..]).into(),
            ..select
        };
        let both = rows(&mut c, &said, |row| {
            (row.text(0).unwrap().unwrap().into_owned(), row.text(1).unwrap().unwrap().into_owned())
        });
        let both = both.await.unwrap_or_else(|error| panic!("{}: {error}", said.sql)).remove(0);
        assert_eq!(both.0, both.1, "{} with {:?}", said.sql, said.binds);
    }
}

// ---------------------------------------------------------------------------------------------- binds

#[tokio::test]
async fn too_few_binds_are_no_nulls() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (a, b)").await;
    let few = bound("INSERT INTO t VALUES (?, ?)", [(Value::I32(1), DataType::Integer)]);
    let error = c.execute(&few, &PLAIN).await.unwrap_err();
    assert!(
        matches!(&error, Error::Compile(CompileError::Invalid(reason)) if reason.contains("2 placeholder(s) and 1 bind(s)")),
        "{error:?}"
    );
    let many = bound("SELECT '?'", [(Value::I32(1), DataType::Integer)]);
    assert!(rows(&mut c, &many, |_| ()).await.is_err());
    assert!(c.execute(&bound("SELECT ?", [(Value::F64(f64::NAN), DataType::Double)]), &PLAIN).await.is_err());
    assert_eq!(numbers(&mut c, "SELECT count(*) FROM t").await, [0]);
    // A NUL would keep sqlx searching for the end of the text.
    assert!(c.execute(&sql("SELECT 1\0"), &PLAIN).await.is_err());
}

#[tokio::test]
async fn rows_changed_are_those_of_this_statement() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (a)").await;
    assert_eq!(run(&mut c, "INSERT INTO t VALUES (1), (2), (3)").await, 3);
    assert_eq!(run(&mut c, "CREATE TABLE u (a)").await, 0);
    assert_eq!(run(&mut c, "SELECT * FROM t").await, 0);
    assert_eq!(run(&mut c, "UPDATE t SET a = 1 WHERE a = 9").await, 0);
    assert_eq!(run(&mut c, "-- nothing").await, 0);
    assert_eq!(run(&mut c, "WITH x AS (SELECT 1) DELETE FROM t WHERE a > 1").await, 2);
}

#[tokio::test]
async fn a_changed_table_and_a_cached_statement() {
    let (driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (a INTEGER)").await;
    run(&mut c, "INSERT INTO t VALUES (1)").await;
    let mut other = driver.connect().await.unwrap();
    for star in ["SELECT * FROM t", "SELECT t.* FROM t", "SELECT a FROM t"] {
        assert_eq!(numbers(&mut other, star).await, [1], "{star}");
    }
    run(&mut c, "ALTER TABLE t ADD COLUMN b INTEGER").await;
    c.clear_statement_cache().await.unwrap();
    for star in ["SELECT * FROM t", "SELECT t.* FROM t", "SELECT a FROM t"] {
        assert_eq!(numbers(&mut other, star).await, [1], "{star}");
        assert_eq!(numbers(&mut c, star).await, [1], "{star}");
    }
    let width = rows(&mut other, &sql("SELECT * FROM t"), |row| row.len()).await.unwrap();
    assert_eq!(width, [2]);
    assert_eq!(run(&mut other, "INSERT INTO t SELECT * FROM t").await, 1);
}

#[tokio::test]
async fn a_thread_that_dies_is_an_error_and_not_the_end_of_the_rows() {
    let dir = tempfile::tempdir().unwrap();
    let attached = dir.path().join("attached.db");
    let owner = file(&attached, "mode=rwc");
    let mut o = owner.connect().await.unwrap();
    run(&mut o, "CREATE TABLE t (a); INSERT INTO t VALUES (1)").await;
    let driver = file(&dir.path().join("main.db"), "mode=rwc");
    let mut c = driver.connect().await.unwrap();
    run(&mut c, &format!("ATTACH '{}' AS att", attached.display())).await;
    let star = sql("SELECT * FROM att.t");
    assert_eq!(rows(&mut c, &star, |row| row.len()).await.unwrap(), [1]);
    run(&mut o, "ALTER TABLE t ADD COLUMN b").await;
    // sqlx panics in the thread of the connection; should it stop to, the row is right.
    match rows(&mut c, &star, |row| row.len()).await {
        Err(Error::Connection { .. }) => {}
        Ok(rows) => assert_eq!(rows, [2]),
        other => panic!("{other:?}"),
    }
    drop(c);
    assert_eq!(numbers(&mut driver.connect().await.unwrap(), "SELECT 1").await, [1]);
}

// ---------------------------------------------------------------------------------------------- errors

#[tokio::test]
async fn constraints_say_what_they_are() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY)").await;
    run(
        &mut c,
        "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, p_id INTEGER REFERENCES p (id), \
         UNIQUE (a, b), CONSTRAINT positive CHECK (a > 0), CHECK (b < 100))",
    )
    .await;
    run(&mut c, "CREATE UNIQUE INDEX ix_sum ON t (a + b)").await;
    run(&mut c, "CREATE TRIGGER no_nines BEFORE INSERT ON t WHEN new.a = 9 BEGIN SELECT RAISE(ABORT, 'no nines'); END").await;
    run(&mut c, "INSERT INTO t VALUES (1, 1, 1, NULL)").await;
    for (text, expected) in [
        ("INSERT INTO t VALUES (1, 2, 2, NULL)", (IntegrityKind::Unique, None, Some("t"), Some("id"))),
        ("INSERT INTO t VALUES (2, 1, 1, NULL)", (IntegrityKind::Unique, Some("ix_sum"), None, None)),
        ("INSERT INTO t VALUES (2, NULL, 1, NULL)", (IntegrityKind::NotNull, None, Some("t"), Some("a"))),
        ("INSERT INTO t VALUES (2, -1, 1, NULL)", (IntegrityKind::Check, Some("positive"), None, None)),
        ("INSERT INTO t VALUES (2, 1, 500, NULL)", (IntegrityKind::Check, None, None, None)),
        ("INSERT INTO t VALUES (2, 2, 5, 77)", (IntegrityKind::ForeignKey, None, None, None)),
        ("INSERT INTO t VALUES (2, 9, 5, NULL)", (IntegrityKind::Other, None, None, None)),
    ] {
        match fail(&mut c, text).await {
            Error::Integrity { kind, constraint, table, column, statement: None, .. } => {
                assert_eq!(
                    (kind, constraint.as_deref(), table.as_deref(), column.as_deref()),
                    expected,
                    "{text}"
                );
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    run(&mut c, "DROP INDEX ix_sum").await;
    match fail(&mut c, "INSERT INTO t VALUES (2, 1, 1, NULL)").await {
        Error::Integrity { kind: IntegrityKind::Unique, table, column, .. } => {
            assert_eq!((table.as_deref(), column.as_deref()), (Some("t"), Some("a, b")));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn statements_that_are_refused_say_why() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (a)").await;
    for (text, expected) in [
        ("SELECT a FROM missing", StatementKind::NoSuchTable),
        ("INSERT INTO missing VALUES (1)", StatementKind::NoSuchTable),
        ("SELECT b FROM t", StatementKind::NoSuchColumn),
        ("INSERT INTO t (b) VALUES (1)", StatementKind::NoSuchColumn),
        ("UPDATE t SET b = 1", StatementKind::NoSuchColumn),
        ("CREATE TABLE t (a)", StatementKind::AlreadyExists),
        ("SELEC a FROM t", StatementKind::Syntax),
        ("SELECT a FROM", StatementKind::Syntax),
        ("SELECT 'a", StatementKind::Syntax),
    ] {
        match fail(&mut c, text).await {
            Error::Statement { kind, .. } => assert_eq!(kind, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    // The cursor tells it too, and the connection is as good as before.
    assert!(matches!(rows(&mut c, &sql("SELECT b FROM t"), |_| ()).await, Err(Error::Statement { .. })));
    assert_eq!(numbers(&mut c, "SELECT 1").await, [1]);
}

// ---------------------------------------------------------------------------------------------- opening

#[tokio::test]
async fn files() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ä ?#.db");
    let url = |options: &str| {
        let path = path.display().to_string().replace('?', "%3F");
        format!("sqlite://{path}?{options}")
    };
    let missing = driver(&url("mode=rw"));
    match missing.connect().await.err() {
        Some(Error::Connection { message }) => {
            assert!(message.contains("ä ?#.db") && message.contains("?mode=rwc"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    let created = driver(&url("mode=rwc"));
    assert!(!path.exists(), "nothing is opened before it is needed");
    let mut c = created.connect().await.unwrap();
    assert!(path.exists());
    run(&mut c, "CREATE TABLE t (a)").await;
    assert_eq!(texts(&mut c, &sql("PRAGMA journal_mode")).await, ["wal"]);
    assert_eq!(numbers(&mut c, "PRAGMA synchronous").await, [1]);
    assert_eq!(numbers(&mut c, "PRAGMA foreign_keys").await, [1]);
    assert_eq!(numbers(&mut c, "PRAGMA busy_timeout").await, [5_000]);

    let reader = driver(&url("mode=ro&busy_timeout=250&foreign_keys=off"));
    let mut r = reader.connect().await.unwrap();
    assert_eq!(numbers(&mut r, "SELECT count(*) FROM t").await, [0]);
    assert_eq!(numbers(&mut r, "PRAGMA foreign_keys").await, [0]);
    assert_eq!(numbers(&mut r, "PRAGMA busy_timeout").await, [250]);
    assert!(matches!(fail(&mut r, "INSERT INTO t VALUES (1)").await, Error::ReadOnly { .. }));

    let no_directory = file(&dir.path().join("none/x.db"), "mode=rwc");
    let error = no_directory.connect().await.err().unwrap().to_string();
    assert!(error.contains("does its directory exist"), "{error}");
    std::fs::write(dir.path().join("text.db"), "no database ".repeat(100)).unwrap();
    let error = file(&dir.path().join("text.db"), "").connect().await.err().unwrap();
    assert!(
        matches!(&error, Error::Connection { message } if message.contains("is it a SQLite database?")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_journal_that_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let driver = file(&dir.path().join("a.db"), "mode=rwc&journal_mode=truncate");
    let mut c = driver.connect().await.unwrap();
    assert_eq!(texts(&mut c, &sql("PRAGMA journal_mode")).await, ["truncate"]);
    assert_eq!(numbers(&mut c, "PRAGMA synchronous").await, [2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_open_a_new_file_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move {
                let driver = file(&path, "mode=rwc");
                let mut c = driver.connect().await.unwrap();
                run(&mut c, "CREATE TABLE IF NOT EXISTS t (a)").await;
                run(&mut c, "INSERT INTO t VALUES (1)").await;
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let driver = file(&path, "");
    let mut c = driver.connect().await.unwrap();
    assert_eq!(numbers(&mut c, "SELECT count(*) FROM t").await, [8]);
    assert_eq!(texts(&mut c, &sql("PRAGMA journal_mode")).await, ["wal"]);
}

#[test]
fn a_driver_needs_no_runtime_before_it_connects() {
    let driver = driver("sqlite::memory:");
    let mut future = driver.connect();
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(Err(Error::Connection { message })) => assert!(message.contains("Tokio")),
        _ => panic!("it connected without a runtime"),
    }
}

// ---------------------------------------------------------------------------------------------- memory

#[tokio::test]
async fn a_database_in_memory_is_one_for_all_connections_and_stays() {
    let first = driver("sqlite::memory:");
    let second = driver("sqlite://");
    let mut a = first.connect().await.unwrap();
    let mut b = first.connect().await.unwrap();
    run(&mut a, "CREATE TABLE t (a)").await;
    run(&mut b, "INSERT INTO t VALUES (1)").await;
    assert_eq!(numbers(&mut a, "SELECT count(*) FROM t").await, [1]);
    let mut c = second.connect().await.unwrap();
    assert!(matches!(fail(&mut c, "SELECT a FROM t").await, Error::Statement { .. }));
    // The driver keeps it without any connection, wherever they are dropped.
    std::thread::scope(|scope| {
        scope.spawn(move || drop((a, b)));
    });
    let mut a = first.connect().await.unwrap();
    assert_eq!(numbers(&mut a, "SELECT count(*) FROM t").await, [1]);
}

#[tokio::test]
async fn a_named_database_in_memory_is_shared_and_ends_with_its_drivers() {
    let first = driver(&format!("sqlite:shared_{READER}?mode=memory"));
    let second = driver(&format!("sqlite:shared_{READER}?mode=memory"));
    let (mut a, mut b) = (first.connect().await.unwrap(), second.connect().await.unwrap());
    run(&mut a, "CREATE TABLE t (a)").await;
    assert_eq!(numbers(&mut b, "SELECT count(*) FROM t").await, [0]);
    a.close().await;
    b.close().await;
    first.close().await;
    let mut b = second.connect().await.unwrap();
    assert_eq!(numbers(&mut b, "SELECT count(*) FROM t").await, [0]);
    b.close().await;
    second.close().await;
    let third = driver(&format!("sqlite:shared_{READER}?mode=memory"));
    assert!(matches!(
        fail(&mut third.connect().await.unwrap(), "SELECT a FROM t").await,
        Error::Statement { .. }
    ));
}

/// Writers that add one in transactions of their own while readers look.
async fn hammer(driver: SqliteDriver) {
    const WRITERS: i64 = 4;
    const EACH: i64 = 50;
    let driver = std::sync::Arc::new(driver);
    run(&mut driver.connect().await.unwrap(), "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (0)").await;
    let mut tasks = Vec::new();
    for _ in 0..WRITERS {
        let driver = driver.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..EACH {
                let mut c = driver.connect().await.unwrap();
                c.begin(&DEFAULT).await.unwrap();
                run(&mut c, "UPDATE t SET n = n + 1").await;
                c.commit().await.unwrap();
            }
        }));
    }
    for _ in 0..3 {
        let driver = driver.clone();
        tasks.push(tokio::spawn(async move {
            let mut seen = 0;
            for _ in 0..EACH {
                let mut c = driver.connect().await.unwrap();
                let now = numbers(&mut c, "SELECT n FROM t").await[0];
                assert!(now >= seen);
                seen = now;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(numbers(&mut driver.connect().await.unwrap(), "SELECT n FROM t").await, [WRITERS * EACH]);
    driver.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_and_writers_in_memory() {
    hammer(driver("sqlite::memory:")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_and_writers_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    hammer(file(&dir.path().join("a.db"), "mode=rwc")).await;
}

// ---------------------------------------------------------------------------------------------- transactions

#[tokio::test]
async fn transactions_and_savepoints() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (a INTEGER)").await;
    c.begin(&DEFAULT).await.unwrap();
    assert!(c.in_transaction());
    run(&mut c, "INSERT INTO t VALUES (1)").await;
    c.savepoint(1).await.unwrap();
    run(&mut c, "INSERT INTO t VALUES (2)").await;
    c.savepoint(2).await.unwrap();
    run(&mut c, "INSERT INTO t VALUES (3)").await;
    c.rollback_to(2).await.unwrap();
    run(&mut c, "INSERT INTO t VALUES (4)").await;
    c.release(1).await.unwrap();
    c.savepoint(1).await.unwrap();
    run(&mut c, "INSERT INTO t VALUES (5)").await;
    c.rollback_to(1).await.unwrap();
    c.commit().await.unwrap();
    assert!(!c.in_transaction());
    assert_eq!(numbers(&mut c, "SELECT a FROM t ORDER BY a").await, [1, 2, 4]);
    c.begin(&DEFAULT).await.unwrap();
    run(&mut c, "DELETE FROM t").await;
    c.rollback().await.unwrap();
    assert!(!c.in_transaction());
    assert_eq!(numbers(&mut c, "SELECT count(*) FROM t").await, [3]);
    // A rollback of nothing is none.
    c.rollback().await.unwrap();
}

#[tokio::test]
async fn a_commit_that_fails_leaves_the_transaction_open() {
    let (_driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE p (id INTEGER PRIMARY KEY)").await;
    run(&mut c, "CREATE TABLE t (p_id INTEGER REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)").await;
    c.begin(&DEFAULT).await.unwrap();
    run(&mut c, "INSERT INTO t VALUES (1)").await;
    match c.commit().await {
        Err(Error::Integrity { kind: IntegrityKind::ForeignKey, .. }) => {}
        other => panic!("{other:?}"),
    }
    assert!(c.in_transaction());
    run(&mut c, "INSERT INTO p VALUES (1)").await;
    c.commit().await.unwrap();
    assert_eq!(numbers(&mut c, "SELECT count(*) FROM t").await, [1]);
}

async fn single() -> (SqliteDriver, Connection) {
    let (driver, mut c) = memory().await;
    run(&mut c, "CREATE TABLE t (a INTEGER)").await;
    assert!(c.is_clean());
    (driver, c)
}

/// The connection as the next user gets it: without a transaction and without what was written in one.
async fn is_clean(c: &mut Connection) {
    if !c.is_clean() {
        c.reset().await.unwrap();
    }
    assert!(c.is_clean() && !c.is_broken() && !c.in_transaction());
    assert_eq!(numbers(c, "SELECT count(*) FROM t").await, [0]);
    c.begin(&DEFAULT).await.unwrap();
    c.rollback().await.unwrap();
}

#[tokio::test]
async fn a_connection_left_in_a_transaction_is_rolled_back() {
    let (driver, mut c) = single().await;
    c.begin(&DEFAULT).await.unwrap();
    run(&mut c, "INSERT INTO t VALUES (1)").await;
    assert!(!c.is_clean());
    is_clean(&mut c).await;
    // Closed or only dropped, it is the same.
    for close in [true, false] {
        let mut other = driver.connect().await.unwrap();
        other.begin(&DEFAULT).await.unwrap();
        run(&mut other, "INSERT INTO t VALUES (1)").await;
        if close {
            other.close().await;
        } else {
            drop(other);
        }
        run(&mut c, "UPDATE t SET a = 1").await;
        is_clean(&mut c).await;
    }
}

#[tokio::test]
async fn what_a_text_began_is_rolled_back_too() {
    for begin in ["BEGIN", "SELECT 1; SAVEPOINT x"] {
        let (_driver, mut c) = single().await;
        run(&mut c, begin).await;
        run(&mut c, "INSERT INTO t VALUES (1)").await;
        assert!(!c.is_clean());
        is_clean(&mut c).await;
    }
}

#[tokio::test]
async fn a_connection_that_a_text_has_changed_is_nobody_elses() {
    for text in ["PRAGMA foreign_keys = OFF", "CREATE TEMP TABLE t2 (a)"] {
        let (_driver, mut c) = single().await;
        run(&mut c, text).await;
        assert!(!c.is_clean());
        assert!(matches!(c.reset().await, Err(Error::Connection { .. })));
    }
}

/// Polls a future a few times and drops it.
async fn abandon(future: impl Future, polls: usize) {
    let mut future = std::pin::pin!(future);
    for _ in 0..polls {
        if std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx).is_ready())).await {
            return;
        }
    }
}

#[tokio::test]
async fn a_begin_that_is_dropped() {
    for polls in 0..4 {
        let (_driver, mut c) = single().await;
        abandon(c.begin(&DEFAULT), polls).await;
        is_clean(&mut c).await;
        // And by the same user.
        abandon(c.begin(&DEFAULT), polls).await;
        c.begin(&DEFAULT).await.unwrap();
        run(&mut c, "INSERT INTO t VALUES (1)").await;
        c.rollback().await.unwrap();
        is_clean(&mut c).await;
    }
}

#[tokio::test]
async fn a_commit_that_is_dropped() {
    for polls in 0..4 {
        let (_driver, mut c) = single().await;
        c.begin(&DEFAULT).await.unwrap();
        run(&mut c, "INSERT INTO t VALUES (1)").await;
        abandon(c.commit(), polls).await;
        c.reset().await.unwrap();
        // Either is right; nothing in between is.
        assert!(numbers(&mut c, "SELECT count(*) FROM t").await[0] <= 1);
        c.begin(&DEFAULT).await.unwrap();
        c.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_statement_that_is_dropped_in_a_transaction() {
    for polls in 0..4 {
        let (_driver, mut c) = single().await;
        c.begin(&DEFAULT).await.unwrap();
        abandon(c.execute(&sql("INSERT INTO t VALUES (1)"), &PLAIN), polls).await;
        is_clean(&mut c).await;
    }
}

#[tokio::test]
async fn a_cursor_that_is_dropped() {
    let (_driver, mut c) = single().await;
    let many = sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT i FROM n",
    );
    let start = Instant::now();
    {
        let mut cursor = c.fetch(&many, &PLAIN);
        assert_eq!(cursor.next().await.unwrap().unwrap().i64(0), Ok(Some(1)));
    }
    assert_eq!(numbers(&mut c, "SELECT 7").await, [7]);
    drop(c.fetch(&many, &PLAIN));
    c.begin(&DEFAULT).await.unwrap();
    let insert = sql("INSERT INTO t VALUES (1), (2) RETURNING a");
    {
        let mut cursor = c.fetch(&insert, &PLAIN);
        cursor.next().await.unwrap();
    }
    assert_eq!(numbers(&mut c, "SELECT a FROM t").await, [1, 2]);
    is_clean(&mut c).await;
    assert!(start.elapsed() < Duration::from_secs(2), "the rest was read");
}

#[tokio::test]
async fn a_cursor_that_is_done_stays_done() {
    let (_driver, mut c) = memory().await;
    let statement = sql("SELECT 1");
    let mut cursor = c.fetch(&statement, &PLAIN);
    assert!(cursor.next().await.unwrap().is_some());
    assert!(cursor.next().await.unwrap().is_none());
    assert!(cursor.next().await.unwrap().is_none());
}

#[test]
fn a_connection_dropped_without_a_runtime_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let driver = file(&dir.path().join("a.db"), "mode=rwc");
    let first = runtime();
    let mut c = first.block_on(async {
        let mut c = driver.connect().await.unwrap();
        run(&mut c, "CREATE TABLE t (a INTEGER)").await;
        driver.connect().await.unwrap()
    });
    first.block_on(async {
        c.begin(&DEFAULT).await.unwrap();
        run(&mut c, "INSERT INTO t VALUES (1)").await;
    });
    drop(c);
    first.block_on(async { is_clean(&mut driver.connect().await.unwrap()).await });
    // And with a runtime that ends at once.
    let c = first.block_on(async {
        let mut c = driver.connect().await.unwrap();
        c.begin(&DEFAULT).await.unwrap();
        run(&mut c, "INSERT INTO t VALUES (1)").await;
        c
    });
    first.block_on(async { drop(c) });
    drop(first);
    runtime().block_on(async { is_clean(&mut driver.connect().await.unwrap()).await });
}

// ---------------------------------------------------------------------------------------------- locks

#[tokio::test]
async fn a_lock_that_someone_holds() {
    let dir = tempfile::tempdir().unwrap();
    let driver = file(&dir.path().join("a.db"), "mode=rwc&busy_timeout=100ms");
    let mut a = driver.connect().await.unwrap();
    let mut b = driver.connect().await.unwrap();
    run(&mut a, "CREATE TABLE t (a INTEGER)").await;
    a.begin(&DEFAULT).await.unwrap();
    run(&mut a, "INSERT INTO t VALUES (1)").await;
    let start = Instant::now();
    match fail(&mut b, "INSERT INTO t VALUES (2)").await {
        Error::Timeout { what: TimeoutKind::Lock, .. } => {}
        other => panic!("{other:?}"),
    }
    assert!(start.elapsed() >= Duration::from_millis(90));
    // A reader sees what was before, and does not wait.
    b.begin(&DEFAULT).await.unwrap();
    assert_eq!(numbers(&mut b, "SELECT count(*) FROM t").await, [0]);
    a.commit().await.unwrap();
    // What it read is old now.
    let error = fail(&mut b, "INSERT INTO t VALUES (2)").await;
    assert!(matches!(error, Error::Serialization { .. }) && error.is_retryable(), "{error:?}");
    b.rollback().await.unwrap();
    b.begin(&DEFAULT).await.unwrap();
    assert_eq!(numbers(&mut b, "SELECT count(*) FROM t").await, [1]);
    run(&mut b, "INSERT INTO t VALUES (2)").await;
    b.commit().await.unwrap();
}

#[tokio::test]
async fn an_immediate_transaction_waits_at_begin() {
    let dir = tempfile::tempdir().unwrap();
    let driver = file(&dir.path().join("a.db"), "mode=rwc&busy_timeout=100ms&transaction=immediate");
    let mut a = driver.connect().await.unwrap();
    let mut b = driver.connect().await.unwrap();
    a.begin(&DEFAULT).await.unwrap();
    match b.begin(&DEFAULT).await {
        Err(Error::Timeout { what: TimeoutKind::Lock, .. }) => assert!(!b.in_transaction()),
        other => panic!("{other:?}"),
    }
    a.rollback().await.unwrap();
    b.begin(&DEFAULT).await.unwrap();
}
