//! The PostgreSQL driver by itself, on a server: what only shows below the engine.
//!
//! The server is that of `ORM_POSTGRES_URL`, or of the local port. Each case has a schema of its own.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use orm_core::driver::{Cursor, Driver, DriverConnection, DriverOptions, TransactionOptions};
use orm_core::{DataKind, Error, IntegrityKind, StatementKind, TimeoutKind};
use orm_dialects::postgres::PostgresDriver;
use orm_query::{
    Bind, BitString, Compiled, DataType, Dialect, EnumType, ExecutionOptions, Hstore, Interval,
    IsolationLevel, Range, RangeType, Row, Value, read_value,
};
use serde_json::json;

type Connection = Box<dyn DriverConnection>;

const PLAIN: ExecutionOptions = ExecutionOptions::new();
const BEGIN: TransactionOptions = TransactionOptions::new();

fn url() -> String {
    std::env::var("ORM_POSTGRES_URL").unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/test".into())
}

/// The URL with one more option.
fn url_with(option: &str) -> String {
    let url = url();
    let sign = if url.contains('?') { '&' } else { '?' };
    format!("{url}{sign}{option}")
}

fn driver_with(url: &str, options: DriverOptions) -> PostgresDriver {
    PostgresDriver::new(url, options).unwrap()
}

fn driver_options(change: impl FnOnce(&mut DriverOptions)) -> DriverOptions {
    let mut options = DriverOptions::default();
    change(&mut options);
    options
}

/// A schema of the case's own, on the search path of all connections of its driver.
struct Case {
    driver: PostgresDriver,
    schema: String,
}

impl Case {
    async fn new(name: &str) -> (Case, Connection) {
        Case::with(name, DriverOptions::default()).await
    }

    async fn with(name: &str, options: DriverOptions) -> (Case, Connection) {
        let schema = format!("orm_driver_{name}");
        let mut first = driver_with(&url(), DriverOptions::default()).connect().await.unwrap();
        run(&mut first, &format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await;
        run(&mut first, &format!("CREATE SCHEMA {schema}")).await;
        first.close().await;
        let url = url_with(&format!("options=-c%20search_path%3D{schema},public"));
        let driver = driver_with(&url, options);
        let connection = driver.connect().await.unwrap();
        (Case { driver, schema }, connection)
    }

    async fn another(&self) -> Connection {
        self.driver.connect().await.unwrap()
    }

    async fn end(self) {
        let mut last = self.another().await;
        run(&mut last, &format!("DROP SCHEMA {} CASCADE", self.schema)).await;
    }
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

async fn numbers(connection: &mut Connection, text: &str) -> Vec<i64> {
    let rows = rows(connection, &sql(text), |row| row.i64(0).unwrap().unwrap()).await;
    rows.unwrap_or_else(|error| panic!("{text}: {error}"))
}

async fn number(connection: &mut Connection, text: &str) -> i64 {
    numbers(connection, text).await[0]
}

async fn text(connection: &mut Connection, text: &str) -> String {
    let rows = rows(connection, &sql(text), |row| row.text(0).unwrap().unwrap().into_owned()).await;
    rows.unwrap_or_else(|error| panic!("{text}: {error}")).remove(0)
}

/// Polls `future` so many times, letting the runtime's other work come between, and drops it. `true` when it was complete.
async fn step<F: Future>(future: F, polls: usize) -> bool {
    let mut future = std::pin::pin!(future);
    for _ in 0..polls {
        let mut done = false;
        std::future::poll_fn(|cx| {
            done = future.as_mut().poll(cx).is_ready();
            Poll::Ready(())
        })
        .await;
        if done {
            return true;
        }
        // The server has time to answer, so that each poll gets one step further.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    false
}

// Types

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().unwrap())
}

fn array(of: DataType) -> DataType {
    DataType::Array(of.into())
}

fn range(range: Range<Value>) -> Value {
    Value::Range(Box::new(range))
}

fn mood() -> DataType {
    let values: Vec<std::borrow::Cow<'static, str>> = vec!["sad".into(), "very happy".into()];
    DataType::Enum(EnumType::new("mood".into(), values.into()))
}

/// Each type, its declaration, and values that must come back as they were.
fn samples() -> Vec<(DataType, &'static str, Vec<Value>)> {
    use DataType as T;
    use Value as V;
    let date = |text: &str| text.parse().map(V::Date).unwrap();
    let time = |text: &str| text.parse().map(V::Time).unwrap();
    let datetime = |text: &str| text.parse().map(V::DateTime).unwrap();
    let moment = |text: &str| V::TimestampTz(text.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    let inet = |text: &str| V::Inet(text.parse().unwrap());
    let bits = |text: &str| V::Bits(text.parse::<BitString>().unwrap());
    let interval = |months, days, microseconds| V::Interval(Interval { months, days, microseconds });
    let text = |text: &str| V::Text(text.to_owned());
    let hstore: Hstore =
        [("a", Some("1".to_owned())), ("é \"", None), ("", Some(String::new()))].into_iter().collect();
    vec![
        (T::Boolean, "bool", vec![V::Bool(true), V::Bool(false)]),
        (T::SmallInt, "int2", vec![V::I16(i16::MIN), V::I16(0), V::I16(i16::MAX)]),
        (T::Integer, "int4", vec![V::I32(i32::MIN), V::I32(-1), V::I32(i32::MAX)]),
        (T::BigInt, "int8", vec![V::I64(i64::MIN), V::I64(1), V::I64(i64::MAX)]),
        (T::UnsignedSmallInt, "int4", vec![V::I32(0), V::I32(65_535)]),
        (T::UnsignedInteger, "int8", vec![V::I64(0), V::I64(u32::MAX.into())]),
        (T::UnsignedBigInt, "numeric(20)", vec![V::U64(0), V::U64(10_000), V::U64(u64::MAX)]),
        (
            T::Real,
            "float4",
            vec![
                V::F32(1.5),
                V::F32(-0.0),
                V::F32(f32::MIN_POSITIVE / 2.0),
                V::F32(f32::MAX),
                V::F32(f32::NAN),
                V::F32(f32::NEG_INFINITY),
            ],
        ),
        (
            T::Double,
            "float8",
            vec![
                V::F64(0.1),
                V::F64(-0.0),
                V::F64(5e-324),
                V::F64(f64::MAX),
                V::F64(f64::NAN),
                V::F64(f64::INFINITY),
            ],
        ),
        (
            T::NUMERIC,
            "numeric",
            vec![
                decimal("0"),
                decimal("0.00"),
                decimal("-1.50"),
                decimal("10000"),
                decimal("0.0001"),
                decimal("123456789.987654321"),
                decimal("79228162514264337593543950335"),
                decimal("-7.9228162514264337593543950335"),
                decimal("0.0000000000000000000000000001"),
            ],
        ),
        (T::Numeric { precision: Some(10), scale: Some(2) }, "numeric(10, 2)", vec![decimal("12345678.90")]),
        (T::Text, "text", vec![text(""), text("it's \"é\" \\ \u{1F600}\n"), text(&"x".repeat(100_000))]),
        (T::Varchar(5), "varchar(5)", vec![text("äöüßé")]),
        (T::Bytes, "bytea", vec![V::Bytes(vec![]), V::Bytes((0..=255).collect())]),
        (T::Date, "date", vec![date("2024-02-29"), date("-4713-11-24"), V::Date(chrono::NaiveDate::MAX)]),
        (T::Time, "time", vec![time("00:00:00"), time("23:59:59.999999")]),
        (
            T::Timestamp,
            "timestamp",
            vec![
                datetime("2000-01-01T00:00:00"),
                datetime("1999-12-31T23:59:59.999999"),
                datetime("-4713-11-24T00:00:00"),
            ],
        ),
        (
            T::TimestampTz,
            "timestamptz",
            vec![moment("2024-02-29T23:59:59.000001Z"), moment("0001-01-01T00:00:00Z")],
        ),
        (T::Uuid, "uuid", vec![V::Uuid(uuid::Uuid::nil()), V::Uuid(uuid::Uuid::from_u128(1 << 127 | 7))]),
        (T::Json, "json", vec![V::Json(json!(null)), V::Json(json!({"a": [1, 2.5, "é"], "b": {}}))]),
        (T::Jsonb, "jsonb", vec![V::Json(json!("x")), V::Json(json!({"b": [true, null], "a": 1e300}))]),
        (mood(), "mood", vec![text("sad"), text("very happy")]),
        (
            T::Interval,
            "interval",
            vec![interval(0, 0, 0), interval(-14, 3, -1), interval(i32::MAX, i32::MIN, 0)],
        ),
        (array(T::Integer), "int4[]", vec![V::Array(vec![]), V::Array(vec![V::I32(1), V::Null, V::I32(-1)])]),
        (array(T::Text), "text[]", vec![V::Array(vec![text(""), text("a,{}\""), V::Null])]),
        (array(T::NUMERIC), "numeric[]", vec![V::Array(vec![decimal("1.50"), V::Null])]),
        (array(T::TimestampTz), "timestamptz[]", vec![V::Array(vec![moment("2024-02-29T00:00:00Z")])]),
        (array(T::Jsonb), "jsonb[]", vec![V::Array(vec![V::Json(json!({"a": 1}))])]),
        (array(T::Uuid), "uuid[]", vec![V::Array(vec![V::Uuid(uuid::Uuid::nil())])]),
        (array(T::Inet), "inet[]", vec![V::Array(vec![inet("10.0.0.1")])]),
        (array(T::Interval), "interval[]", vec![V::Array(vec![interval(1, 2, 3)])]),
        (
            T::Range(RangeType::Integer),
            "int4range",
            vec![range(Range::Empty), range(Range::from(V::I32(1)..V::I32(5))), range(Range::from(..))],
        ),
        (T::Range(RangeType::BigInt), "int8range", vec![range(Range::from(V::I64(i64::MIN)..V::I64(5)))]),
        (
            T::Range(RangeType::Numeric),
            "numrange",
            vec![range(Range::from(decimal("1.5")..=decimal("2.50"))), range(Range::from(decimal("0")..))],
        ),
        (T::Range(RangeType::Date), "daterange", vec![range(Range::from(..date("2024-02-29")))]),
        (
            T::Range(RangeType::Timestamp),
            "tsrange",
            vec![range(Range::from(datetime("2024-01-01T00:00:00")..datetime("2024-01-02T00:00:00")))],
        ),
        (
            T::Range(RangeType::TimestampTz),
            "tstzrange",
            vec![range(Range::from(moment("2024-01-01T00:00:00Z")..))],
        ),
        (T::Hstore, "hstore", vec![V::Hstore(Hstore::default()), V::Hstore(hstore)]),
        (T::Inet, "inet", vec![inet("192.168.0.1"), inet("192.168.0.1/24"), inet("::1"), inet("fe80::1/10")]),
        (T::Cidr, "cidr", vec![inet("10.0.0.0/8"), inet("::/0"), inet("1.2.3.4/32")]),
        (T::Bit(3), "bit(3)", vec![bits("101")]),
        (T::BitVarying(None), "varbit", vec![bits(""), bits("1"), bits("0000000010")]),
        (T::Other("citext".into()), "citext", vec![text("aB")]),
    ]
}

async fn create_types(connection: &mut Connection) {
    run(connection, "CREATE TYPE mood AS ENUM ('sad', 'very happy')").await;
    for extension in ["hstore", "citext"] {
        run(connection, &format!("CREATE EXTENSION IF NOT EXISTS {extension} WITH SCHEMA public")).await;
    }
}

#[tokio::test]
async fn each_type_comes_back_as_it_was() {
    let (case, mut connection) = Case::new("types").await;
    create_types(&mut connection).await;
    for (number, (data_type, declared, values)) in samples().into_iter().enumerate() {
        run(&mut connection, &format!("CREATE TABLE t{number} (id int8, v {declared})")).await;
        let values: Vec<Value> = values.into_iter().chain([Value::Null]).collect();
        // All in one statement, each twice, for the statement that is in the cache.
        for round in 0..2 {
            for (id, value) in values.iter().enumerate() {
                let insert = bound(
                    &format!("INSERT INTO t{number} VALUES ($1, $2)"),
                    [
                        (Value::I64((id + round * values.len()) as i64), DataType::BigInt),
                        (value.clone(), data_type.clone()),
                    ],
                );
                let inserted = connection.execute(&insert, &PLAIN).await;
                assert_eq!(inserted.unwrap_or_else(|e| panic!("{declared} {value:?}: {e}")), 1);
            }
        }
        let select = sql(&format!("SELECT v, id FROM t{number} ORDER BY id"));
        let found = rows(&mut connection, &select, |row| {
            let natural = row.data_type(0).unwrap();
            // What it says of itself must be readable too.
            read_value(row, 0, &natural).unwrap_or_else(|e| panic!("{declared} as {natural}: {e}"));
            read_value(row, 0, &data_type).unwrap_or_else(|e| panic!("{declared}: {e}"))
        });
        let twice: Vec<Value> = values.iter().chain(&values).cloned().collect();
        assert_eq!(found.await.unwrap(), twice, "{declared}");
        // As a parameter beside a column, without a cast.
        let equal = bound(
            &format!("SELECT count(*) FROM t{number} WHERE v = $1"),
            [(values[values.len() - 2].clone(), data_type.clone())],
        );
        if !matches!(data_type, DataType::Json) {
            let count = rows(&mut connection, &equal, |row| row.i64(0).unwrap()).await;
            assert_eq!(count.unwrap_or_else(|e| panic!("{declared}: {e}")), [Some(2)], "{declared}");
        }
    }
    case.end().await;
}

#[tokio::test]
async fn natural_types() {
    let (case, mut connection) = Case::new("natural").await;
    create_types(&mut connection).await;
    run(&mut connection, "CREATE DOMAIN age AS int4 CHECK (value >= 0)").await;
    let select = "SELECT 1::int2, 1::oid, 'a'::name, 'a'::\"char\", 'sad'::mood, 5::age, '{sad}'::mood[], '(1,2)'::point, \
                  'a'::citext, 'a=>1'::hstore, ARRAY['x'], '<a/>'::xml, NULL, 'test'::regclass::oid, pg_sleep(0)"
        .replace("'test'::regclass::oid", "'pg_class'::regclass");
    let select = sql(&select);
    let found = rows(&mut connection, &select, |row| {
        (0..row.len()).map(|at| row.data_type(at).unwrap().to_string()).collect::<Vec<_>>()
    });
    let expected = [
        "SMALLINT",
        "BIGINT",
        "TEXT",
        "TEXT",
        "ENUM mood",
        "INTEGER",
        "ENUM mood ARRAY",
        "POINT",
        "TEXT",
        "HSTORE",
        "TEXT ARRAY",
        "TEXT",
        "TEXT",
        "BIGINT",
        "TEXT",
    ];
    assert_eq!(found.await.unwrap(), [expected]);
    let found = rows(&mut connection, &select, |row| {
        assert_eq!(row.array(6, &DataType::Text).unwrap(), Some(vec![Value::Text("sad".into())]));
        assert_eq!(row.data_type(99), None);
        assert!(row.is_null(99).is_err());
        row.text(7).unwrap_err().to_string()
    });
    let error = found.await.unwrap().remove(0);
    assert!(error.contains("POINT") && error.contains("cast it to text"), "{error}");
    case.end().await;
}

#[tokio::test]
async fn what_does_not_fit_is_an_error_and_never_another_value() {
    let (case, mut connection) = Case::new("misfits").await;
    let select = "SELECT 9223372036854775807::numeric + 1, 1.5::numeric, 'NaN'::numeric, 1e40::numeric, 0.1::float8, \
                  'infinity'::date, 'infinity'::timestamptz, '24:00'::time, 300::int4, '{{1}}'::int4[], \
                  '[0:0]={1}'::int4[], '5874897-12-31'::date, ('x' || chr(1))::text, 1::int8, 0.1234567890123456789::numeric";
    let select = sql(select);
    let read = rows(&mut connection, &select, |row| {
        let error = |read: Result<(), orm_query::DecodeError>| read.unwrap_err().reason;
        [
            error(row.i64(0).map(drop)),
            error(row.i64(1).map(drop)),
            error(row.decimal(2).map(drop)),
            error(row.decimal(3).map(drop)),
            error(row.f32(4).map(drop)),
            error(row.date(5).map(drop)),
            error(row.timestamp_tz(6).map(drop)),
            error(row.time(7).map(drop)),
            error(row.text(8).map(drop)),
            error(row.array(9, &DataType::Integer).map(drop)),
            error(row.array(10, &DataType::Integer).map(drop)),
            error(row.date(11).map(drop)),
            error(row.i64(12).map(drop)),
            error(row.bool(13).map(drop)),
            error(row.f64(14).map(drop)),
        ]
    });
    let expected = [
        "9223372036854775808 is out of range",
        "it has a fraction",
        "it is NaN",
        "it has more digits than a Decimal holds",
        "a 32-bit float would lose digits",
        "it is infinite",
        "it is infinite",
        "it is 24:00, which chrono does not have",
        "it is of the type INT4",
        "it has more than one dimension",
        "its first index is 0, not 1",
        "chrono has no date so far away",
        "it is of the type TEXT",
        "it is of the type INT8",
        "it has more digits than a double keeps; read it as Decimal, or cast it to double precision",
    ];
    assert_eq!(read.await.unwrap().remove(0), expected.map(String::from));
    let refused = [
        (Value::I64(1 << 40), DataType::Integer),
        (Value::Text("a\0b".into()), DataType::Text),
        (Value::Text("a".into()), DataType::BigInt),
        (Value::F64(0.1), DataType::Real),
        (Value::I64(i64::MAX), DataType::Double),
        (Value::Inet("10.0.0.1/8".parse().unwrap()), DataType::Cidr),
        (Value::Array(vec![Value::Text("x".into())]), array(DataType::Integer)),
        (Value::Array(vec![]), array(DataType::Hstore)),
    ];
    for (value, data_type) in refused {
        let statement = bound("SELECT $1", [(value.clone(), data_type)]);
        let error = connection.execute(&statement, &PLAIN).await.unwrap_err();
        assert!(matches!(error, Error::Compile(orm_query::CompileError::Value { .. })), "{value:?}: {error}");
    }
    assert_eq!(number(&mut connection, "SELECT 1").await, 1);
    case.end().await;
}

// Statements

#[tokio::test]
async fn the_same_text_with_binds_of_other_types() {
    let (case, mut connection) = Case::new("cache").await;
    let cases = [
        (Value::I64(1 << 40), DataType::BigInt, "bigint"),
        (Value::I32(7), DataType::Integer, "integer"),
        (Value::F64(0.5), DataType::Double, "double precision"),
        (Value::Text("x".into()), DataType::Text, "text"),
        (decimal("1.50"), DataType::NUMERIC, "numeric"),
        (Value::Null, DataType::Uuid, "uuid"),
    ];
    for _ in 0..3 {
        for (value, data_type, name) in &cases {
            let statement =
                bound("SELECT $1, pg_typeof($1)::text -- end", [(value.clone(), data_type.clone())]);
            let found = rows(&mut connection, &statement, |row| {
                (read_value(row, 0, data_type).unwrap(), row.text(1).unwrap().unwrap().into_owned())
            });
            assert_eq!(found.await.unwrap(), [(value.clone(), (*name).to_owned())]);
        }
    }
    case.end().await;
}

#[tokio::test]
async fn more_statements_than_the_cache_holds() {
    let options = driver_options(|o| o.statement_cache_capacity = 5);
    let (case, mut connection) = Case::with("small_cache", options).await;
    for round in 0..3 {
        for n in 0..100 {
            let data_type = if round == 1 { DataType::Integer } else { DataType::BigInt };
            let statement = bound(&format!("SELECT {n} + $1"), [(Value::I32(round), data_type)]);
            let found = rows(&mut connection, &statement, |row| row.i64(0).unwrap().unwrap()).await.unwrap();
            assert_eq!(found, [n + i64::from(round)]);
        }
    }
    let prepared = number(&mut connection, "SELECT count(*) FROM pg_prepared_statements").await;
    assert!(prepared <= 6, "{prepared}");
    let options = driver_options(|o| o.statement_cache_capacity = 0);
    let mut connection = driver_with(&url(), options).connect().await.unwrap();
    for _ in 0..3 {
        assert_eq!(
            number(&mut connection, "SELECT count(*) FROM pg_prepared_statements WHERE name <> ''").await,
            0
        );
    }
    case.end().await;
}

#[tokio::test]
async fn a_changed_table_does_not_break_a_prepared_statement() {
    let (case, mut connection) = Case::new("stale").await;
    let mut other = case.another().await;
    run(&mut connection, "CREATE TABLE t (a int4)").await;
    run(&mut connection, "INSERT INTO t VALUES (1)").await;
    let select = "SELECT * FROM t";
    assert_eq!(numbers(&mut connection, select).await, [1]);
    run(&mut other, "ALTER TABLE t ALTER a TYPE int8").await;
    assert_eq!(numbers(&mut connection, select).await, [1]);
    run(&mut other, "ALTER TABLE t ADD b text DEFAULT 'x'").await;
    // `execute` too.
    assert_eq!(run(&mut connection, select).await, 0);
    let found = rows(&mut connection, &sql(select), |row| row.text(1).unwrap().unwrap().into_owned()).await;
    assert_eq!(found.unwrap(), ["x"]);
    // In a transaction it is for the caller to run it again.
    for retry in [false, true] {
        connection.begin(&BEGIN).await.unwrap();
        let error = rows(&mut connection, &sql(select), |_| ()).await;
        if retry {
            assert_eq!(error.unwrap().len(), 1);
            connection.commit().await.unwrap();
        } else {
            assert_eq!(error.unwrap().len(), 1);
            connection.commit().await.unwrap();
            run(&mut other, "ALTER TABLE t ALTER a TYPE int4").await;
            connection.begin(&BEGIN).await.unwrap();
            let error = rows(&mut connection, &sql(select), |_| ()).await.unwrap_err();
            assert!(error.is_retryable(), "{error}");
            let error = fail(&mut connection, "SELECT 1").await;
            assert!(
                matches!(error, Error::Statement { kind: StatementKind::FailedTransaction, .. }),
                "{error}"
            );
            connection.rollback().await.unwrap();
        }
    }
    case.end().await;
}

#[tokio::test]
async fn texts_of_the_users_own() {
    let (case, mut connection) = Case::new("texts").await;
    let changed = run(
        &mut connection,
        "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); UPDATE t SET a = a + 1; -- end",
    );
    assert_eq!(changed.await, 4, "two inserted, two updated");
    assert_eq!(run(&mut connection, "UPDATE t SET a = 0 WHERE a > 1").await, 2);
    assert_eq!(run(&mut connection, "SELECT * FROM t").await, 0);
    assert_eq!(
        run(&mut connection, "WITH d AS (DELETE FROM t RETURNING *) INSERT INTO t SELECT 7 FROM d").await,
        2
    );
    for text in ["LISTEN a", "COPY t FROM STDIN", "COPY (SELECT 1) TO STDOUT"] {
        assert!(matches!(fail(&mut connection, text).await, Error::Unsupported { .. }), "{text}");
    }
    for text in ["", ";", "-- nothing"] {
        assert_eq!(run(&mut connection, text).await, 0);
        assert!(rows(&mut connection, &sql(text), |_| ()).await.unwrap().is_empty());
    }
    assert!(connection.is_clean());
    // Prepared statements are gone, and sqlx does not know.
    assert_eq!(number(&mut connection, "SELECT 5").await, 5);
    run(&mut connection, "DEALLOCATE ALL").await;
    assert_eq!(number(&mut connection, "SELECT 5").await, 5);
    assert!(!connection.is_clean());
    case.end().await;
}

#[tokio::test]
async fn a_reset_connection_is_as_new() {
    let options = driver_options(|o| o.setup.push("SET application_name = 'set up'".into()));
    let (case, mut connection) = Case::with("reset", options).await;
    let before = text(&mut connection, "SHOW search_path").await;
    for change in [
        "SET search_path = pg_catalog",
        "CREATE TEMP TABLE gone (a int)",
        "SELECT pg_advisory_lock(77)",
        "SELECT set_config('application_name', 'x', false)",
        "PREPARE p AS SELECT 1",
        "BEGIN",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
    ] {
        run(&mut connection, change).await;
        assert!(!connection.is_clean(), "{change}");
        connection.reset().await.unwrap();
        assert!(connection.is_clean(), "{change}");
    }
    assert_eq!(text(&mut connection, "SHOW search_path").await, before);
    assert_eq!(text(&mut connection, "SHOW application_name").await, "set up");
    assert_eq!(text(&mut connection, "SHOW timezone").await, "UTC");
    assert_eq!(
        number(
            &mut connection,
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        .await,
        0
    );
    fail(&mut connection, "SELECT * FROM gone").await;
    case.end().await;
}

// Transactions

#[tokio::test]
async fn transactions_and_savepoints() {
    let (case, mut connection) = Case::new("transactions").await;
    run(&mut connection, "CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)").await;
    connection.begin(&BEGIN).await.unwrap();
    assert!(connection.in_transaction() && !connection.is_clean());
    run(&mut connection, "INSERT INTO t VALUES (1)").await;
    connection.savepoint(1).await.unwrap();
    run(&mut connection, "INSERT INTO t VALUES (2)").await;
    fail(&mut connection, "SELECT 1 / 0").await;
    connection.rollback_to(1).await.unwrap();
    connection.savepoint(1).await.unwrap();
    run(&mut connection, "INSERT INTO t VALUES (3)").await;
    connection.release(1).await.unwrap();
    connection.commit().await.unwrap();
    assert!(!connection.in_transaction() && connection.is_clean());
    assert_eq!(numbers(&mut connection, "SELECT a FROM t ORDER BY a").await, [1, 3]);
    // A constraint that is looked at last.
    connection.begin(&BEGIN).await.unwrap();
    run(&mut connection, "INSERT INTO t VALUES (1)").await;
    let error = connection.commit().await.unwrap_err();
    assert!(matches!(error, Error::Integrity { kind: IntegrityKind::Unique, .. }), "{error}");
    connection.rollback().await.unwrap();
    assert!(connection.is_clean());
    assert_eq!(numbers(&mut connection, "SELECT a FROM t ORDER BY a").await, [1, 3]);
    case.end().await;
}

#[tokio::test]
async fn a_failed_transaction_is_not_committed_in_silence() {
    let (case, mut connection) = Case::new("failed").await;
    run(&mut connection, "CREATE TABLE t (a int)").await;
    let is_refused = |result: Result<(), Error>| {
        matches!(result, Err(Error::Statement { kind: StatementKind::FailedTransaction, .. }))
    };
    connection.begin(&BEGIN).await.unwrap();
    run(&mut connection, "INSERT INTO t VALUES (1)").await;
    fail(&mut connection, "SELECT 1 / 0").await;
    connection.ping().await.unwrap();
    connection.clear_statement_cache().await.unwrap();
    assert!(is_refused(connection.commit().await));
    assert!(connection.is_clean());
    // A begun transaction of the user's own, where nobody kept count.
    connection.begin(&BEGIN).await.unwrap();
    run(&mut connection, "SAVEPOINT mine").await;
    run(&mut connection, "INSERT INTO t VALUES (1)").await;
    fail(&mut connection, "SELECT 1 / 0").await;
    assert!(is_refused(connection.commit().await));
    // Through the raw connection.
    connection.begin(&BEGIN).await.unwrap();
    run(&mut connection, "INSERT INTO t VALUES (1)").await;
    {
        let raw = connection.raw().await.unwrap().downcast_mut::<sqlx::PgConnection>().unwrap();
        sqlx::Executor::execute(raw, "SELECT 1 / 0").await.unwrap_err();
    }
    assert!(is_refused(connection.commit().await));
    // And one that the user mended.
    connection.begin(&BEGIN).await.unwrap();
    run(&mut connection, "SAVEPOINT mine").await;
    fail(&mut connection, "SELECT 1 / 0").await;
    run(&mut connection, "ROLLBACK TO mine").await;
    run(&mut connection, "INSERT INTO t VALUES (5)").await;
    connection.commit().await.unwrap();
    connection.reset().await.unwrap();
    assert_eq!(numbers(&mut connection, "SELECT a FROM t").await, [5]);
    case.end().await;
}

#[tokio::test]
async fn isolation_and_read_only() {
    let options =
        driver_options(|o| (o.isolation, o.read_only) = (Some(IsolationLevel::RepeatableRead), true));
    let (case, mut connection) = Case::with("isolation", options).await;
    let level = "SELECT current_setting('transaction_isolation') || ' ' || current_setting('transaction_read_only') || \
                 ' ' || current_setting('transaction_deferrable')";
    assert_eq!(text(&mut connection, level).await, "repeatable read on off");
    let serializable = BEGIN.isolation(IsolationLevel::Serializable).deferrable();
    connection.begin(&serializable).await.unwrap();
    assert_eq!(text(&mut connection, level).await, "serializable on on");
    connection.rollback().await.unwrap();
    connection.begin(&BEGIN.read_only(false).isolation(IsolationLevel::ReadCommitted)).await.unwrap();
    assert_eq!(text(&mut connection, level).await, "read committed off off");
    connection.commit().await.unwrap();
    connection.begin(&BEGIN).await.unwrap();
    let error = fail(&mut connection, "CREATE TABLE t (a int)").await;
    assert!(matches!(error, Error::ReadOnly { .. }), "{error}");
    connection.rollback().await.unwrap();
    // It is the session's own, and stays.
    run(&mut connection, "SET default_transaction_read_only = off").await;
    connection.reset().await.unwrap();
    assert_eq!(text(&mut connection, level).await, "repeatable read on off");
    let error = connection.begin(&BEGIN.isolation(IsolationLevel::Snapshot)).await.unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
    assert!(connection.is_clean());
    let snapshot = driver_options(|o| o.isolation = Some(IsolationLevel::Snapshot));
    assert!(PostgresDriver::new(&url(), snapshot).is_err());
    let writer = driver_with(&url(), DriverOptions::default());
    let mut writer = writer.connect().await.unwrap();
    run(&mut writer, &format!("DROP SCHEMA {}", case.schema)).await;
}

#[tokio::test]
async fn two_phase() {
    let (case, mut connection) = Case::new("two_phase").await;
    if text(&mut connection, "SHOW max_prepared_transactions").await == "0" {
        println!("left out: max_prepared_transactions is 0");
        connection.begin_two_phase("x").await.unwrap();
        run(&mut connection, "CREATE TABLE t (a int)").await;
        connection.prepare_two_phase("x").await.unwrap_err();
        assert!(!connection.in_transaction());
        assert!(connection.prepared_transactions().await.unwrap().is_empty());
        case.end().await;
        return;
    }
    run(&mut connection, "CREATE TABLE t (a int)").await;
    let id = "it's \\ an id";
    for commit in [true, false] {
        connection.begin_two_phase(id).await.unwrap();
        run(&mut connection, "INSERT INTO t VALUES (1)").await;
        connection.prepare_two_phase(id).await.unwrap();
        assert!(connection.is_clean());
        let mut other = case.another().await;
        assert_eq!(other.prepared_transactions().await.unwrap(), [id]);
        if commit {
            other.commit_prepared(id).await.unwrap();
        } else {
            other.rollback_prepared(id).await.unwrap();
        }
    }
    assert_eq!(numbers(&mut connection, "SELECT a FROM t").await, [1]);
    connection.begin_two_phase(id).await.unwrap();
    fail(&mut connection, "SELECT 1 / 0").await;
    let error = connection.prepare_two_phase(id).await.unwrap_err();
    assert!(matches!(error, Error::Statement { kind: StatementKind::FailedTransaction, .. }), "{error}");
    assert!(connection.prepared_transactions().await.unwrap().is_empty());
    case.end().await;
}
