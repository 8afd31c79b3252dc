//! The PostgreSQL driver by itself, on a server: what only shows below the engine.
//!
//! The server is that of `ORM_POSTGRES_URL`, or of the local port. Each case has a schema of its own.

use std::task::Poll;
use std::time::{Duration, Instant};

use orm_core::driver::{Driver, DriverConnection, DriverOptions, TransactionOptions};
use orm_core::{DataKind, Error, IntegrityKind, StatementKind, TimeoutKind};
use orm_dialects::postgres::{Listener, PostgresDriver, copy_in_raw, copy_out_raw, notify};
use orm_query::{
    Bind, BitString, Compiled, DataType, EnumType, ExecutionOptions, Hstore, Interval, IsolationLevel, Range,
    RangeType, Row, Value, read_value,
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

// Futures that are dropped

#[tokio::test]
async fn a_dropped_statement_leaves_nothing_behind() {
    let (case, mut connection) = Case::new("dropped").await;
    let mut other = case.another().await;
    run(&mut connection, "CREATE TABLE t (a int)").await;
    let statement = bound("INSERT INTO t VALUES ($1)", [(Value::I32(1), DataType::Integer)]);
    for in_transaction in [true, false] {
        for known in [false, true] {
            for polls in 0.. {
                run(&mut other, "DELETE FROM t").await;
                if known {
                    // Its text is in the cache then.
                    let nothing = bound("INSERT INTO t VALUES ($1)", [(Value::I32(1), DataType::Integer)]);
                    connection.begin(&BEGIN).await.unwrap();
                    connection.execute(&nothing, &PLAIN).await.unwrap();
                    connection.rollback().await.unwrap();
                } else {
                    connection.clear_statement_cache().await.unwrap();
                }
                if in_transaction {
                    connection.begin(&BEGIN).await.unwrap();
                }
                let complete = step(connection.execute(&statement, &PLAIN), polls).await;
                assert!(!connection.is_broken());
                if polls > 0 && !complete {
                    assert!(!connection.is_clean(), "{polls}");
                }
                connection.reset().await.unwrap();
                assert!(connection.is_clean() && !connection.in_transaction());
                // What comes next is answered, and not what came before.
                assert_eq!(number(&mut connection, "SELECT 42").await, 42);
                let left = number(&mut connection, "SELECT count(*) FROM t").await;
                assert!(left == 0 || (!in_transaction && left == 1), "{polls}: {left}");
                if complete {
                    break;
                }
            }
        }
    }
    case.end().await;
}

#[tokio::test]
async fn a_dropped_begin_commit_or_savepoint() {
    let (case, mut connection) = Case::new("dropped_begin").await;
    run(&mut connection, "CREATE TABLE t (a int)").await;
    for polls in 0.. {
        let complete = step(connection.begin(&BEGIN), polls).await;
        connection.reset().await.unwrap();
        assert!(connection.is_clean(), "{polls}");
        // Its own transaction, so it would be lost if one were open.
        run(&mut connection, "INSERT INTO t VALUES (1)").await;
        let mut other = case.another().await;
        assert_eq!(number(&mut other, "SELECT count(*) FROM t").await, polls as i64 + 1);
        if complete {
            break;
        }
    }
    run(&mut connection, "DELETE FROM t").await;
    for polls in 0.. {
        connection.begin(&BEGIN).await.unwrap();
        run(&mut connection, "INSERT INTO t VALUES (2)").await;
        let complete = step(connection.savepoint(1), polls).await;
        // The transaction goes on.
        run(&mut connection, "INSERT INTO t VALUES (3)").await;
        connection.rollback().await.unwrap();
        assert_eq!(number(&mut connection, "SELECT count(*) FROM t").await, 0, "{polls}");
        if complete {
            break;
        }
    }
    for polls in 0.. {
        connection.begin(&BEGIN).await.unwrap();
        run(&mut connection, "INSERT INTO t VALUES (4)").await;
        let complete = step(connection.commit(), polls).await;
        connection.reset().await.unwrap();
        assert!(connection.is_clean(), "{polls}");
        let left = number(&mut connection, "SELECT count(*) FROM t").await;
        assert!(left <= 1 && (left == 1 || !complete), "{polls}: {left}");
        run(&mut connection, "DELETE FROM t").await;
        if complete {
            break;
        }
    }
    for polls in 0.. {
        connection.begin(&BEGIN).await.unwrap();
        fail(&mut connection, "SELECT 1 / 0").await;
        let complete = step(connection.rollback(), polls).await;
        if !complete {
            connection.reset().await.unwrap();
        }
        assert!(connection.is_clean(), "{polls}");
        if complete {
            break;
        }
    }
    for polls in 0.. {
        run(&mut connection, "SET application_name = 'x'").await;
        let complete = step(connection.reset(), polls).await;
        connection.reset().await.unwrap();
        assert!(connection.is_clean());
        assert_eq!(number(&mut connection, "SELECT 42").await, 42);
        if complete {
            break;
        }
    }
    case.end().await;
}

#[tokio::test]
async fn the_error_of_a_dropped_statement_is_nobodys() {
    let (case, mut connection) = Case::new("dropped_error").await;
    assert!(!step(connection.execute(&sql("SELECT 1 / 0"), &PLAIN), 1).await);
    assert_eq!(number(&mut connection, "SELECT 42").await, 42);
    let late = sql("SELECT 1 / (a - 1), pg_sleep(0.5) FROM generate_series(0, 1) a");
    assert!(!step(connection.execute(&late, &PLAIN), 20).await);
    connection.ping().await.unwrap();
    // In a transaction it has failed by it, and does not commit.
    connection.begin(&BEGIN).await.unwrap();
    assert!(!step(connection.execute(&late, &PLAIN), 20).await);
    let error = connection.commit().await.unwrap_err();
    assert!(matches!(error, Error::Statement { kind: StatementKind::FailedTransaction, .. }), "{error}");
    assert!(connection.is_clean());
    case.end().await;
}

#[tokio::test]
async fn an_abandoned_stream() {
    let (case, mut connection) = Case::new("abandoned").await;
    let small = sql("SELECT a FROM generate_series(1, 500) a");
    let large = sql("SELECT generate_series(1, 100000000), repeat('x', 100)");
    let pid = "SELECT pg_backend_pid()::int8";
    async fn read_one(connection: &mut Connection, statement: &Compiled) {
        let mut cursor = connection.fetch(statement, &PLAIN);
        assert_eq!(cursor.next().await.unwrap().unwrap().i64(0).unwrap(), Some(1));
    }
    // What is left of a small one is read away: at least where the machine is not so busy that opening another connection
    // is sooner done.
    let mut kept = false;
    for _ in 0..50 {
        let before = number(&mut connection, pid).await;
        read_one(&mut connection, &small).await;
        if connection.reset().await.is_err() {
            connection = case.another().await;
            continue;
        }
        read_one(&mut connection, &small).await;
        kept = number(&mut connection, pid).await == before;
        if kept {
            break;
        }
    }
    assert!(kept);
    let before = number(&mut connection, pid).await;
    // A large one, of minutes, is not waited for: another connection takes its place.
    read_one(&mut connection, &large).await;
    let start = Instant::now();
    let after = number(&mut connection, pid).await;
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert_ne!(after, before);
    assert!(connection.is_clean());
    // A connection that nobody wants any more is given up.
    read_one(&mut connection, &large).await;
    let start = Instant::now();
    connection.reset().await.unwrap_err();
    assert!(connection.is_broken());
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    fail(&mut connection, "SELECT 1").await;
    // In a transaction it is read away, and the transaction goes on.
    let mut connection = case.another().await;
    connection.begin(&BEGIN).await.unwrap();
    run(&mut connection, "CREATE TABLE kept (a int)").await;
    read_one(&mut connection, &sql("SELECT generate_series(1, 100000), repeat('x', 100)")).await;
    run(&mut connection, "INSERT INTO kept VALUES (1)").await;
    connection.commit().await.unwrap();
    assert_eq!(numbers(&mut connection, "SELECT * FROM kept").await, [1]);
    case.end().await;
}

// Cursors on the server

#[tokio::test]
async fn batches_come_from_a_cursor_on_the_server() {
    let (case, mut connection) = Case::new("batches").await;
    let cursors = "SELECT count(*) FROM pg_cursors WHERE name LIKE 'orm%'";
    let bind = |rows: i64| {
        bound("SELECT generate_series(1, $1), repeat('x', 100)", [(Value::I64(rows), DataType::BigInt)])
    };
    connection.begin(&BEGIN).await.unwrap();
    for rows in [0, 1, 9, 10, 11, 25] {
        let statement = bind(rows);
        let options = PLAIN.batch(10);
        let mut cursor = connection.fetch(&statement, &options);
        let mut all = Vec::new();
        while let Some(row) = cursor.next().await.unwrap() {
            all.push(row.i64(0).unwrap().unwrap());
        }
        drop(cursor);
        assert_eq!(all, (1..=rows).collect::<Vec<_>>());
        assert_eq!(number(&mut connection, cursors).await, 0);
    }
    // Leaving it early is cheap, however much is left.
    for _ in 0..3 {
        let statement = bind(200_000_000);
        let start = Instant::now();
        {
            let mut cursor = connection.fetch(&statement, &PLAIN.batch(10));
            for n in 1..=15 {
                assert_eq!(cursor.next().await.unwrap().unwrap().i64(0).unwrap(), Some(n));
            }
        }
        assert_eq!(number(&mut connection, cursors).await, 0);
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    }
    // A savepoint takes an abandoned cursor with it.
    connection.savepoint(1).await.unwrap();
    {
        let mut cursor = connection.fetch(&bind(100), &PLAIN.batch(10));
        cursor.next().await.unwrap();
    }
    connection.rollback_to(1).await.unwrap();
    assert_eq!(number(&mut connection, "SELECT 1").await, 1);
    {
        let mut cursor = connection.fetch(&bind(100), &PLAIN.batch(10));
        cursor.next().await.unwrap();
    }
    connection.commit().await.unwrap();
    // What no cursor can be declared for comes as it is.
    run(&mut connection, "CREATE TABLE t (a int)").await;
    connection.begin(&BEGIN).await.unwrap();
    let insert = sql("INSERT INTO t SELECT generate_series(1, 3) RETURNING a");
    let mut cursor = connection.fetch(&insert, &PLAIN.batch(2));
    let mut count = 0;
    while cursor.next().await.unwrap().is_some() {
        count += 1;
    }
    drop(cursor);
    assert_eq!(count, 3);
    connection.commit().await.unwrap();
    // An error in the middle.
    connection.begin(&BEGIN).await.unwrap();
    {
        let failing = sql("SELECT 1 / (a - 15) FROM generate_series(1, 20) a");
        let mut cursor = connection.fetch(&failing, &PLAIN.batch(10));
        let error = loop {
            match cursor.next().await {
                Ok(row) => assert!(row.is_some()),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, Error::Data { kind: DataKind::DivisionByZero, .. }), "{error}");
        assert!(cursor.next().await.unwrap().is_none());
    }
    connection.rollback().await.unwrap();
    assert!(connection.is_clean());
    // Dropped at every step.
    for polls in 0.. {
        connection.begin(&BEGIN).await.unwrap();
        let statement = bind(25);
        let complete = {
            let mut cursor = connection.fetch(&statement, &PLAIN.batch(10));
            step(async { while cursor.next().await.unwrap().is_some() {} }, polls).await
        };
        assert_eq!(number(&mut connection, "SELECT 42").await, 42);
        connection.commit().await.unwrap();
        assert!(connection.is_clean(), "{polls}");
        if complete {
            break;
        }
    }
    case.end().await;
}

// Time limits

#[tokio::test]
async fn a_statement_has_a_time_limit_of_its_own() {
    let (case, mut connection) = Case::new("timeout").await;
    let limit = PLAIN.timeout(Duration::from_millis(50));
    let sleep = sql("SELECT pg_sleep(5)");
    let shown = "SHOW statement_timeout";
    for in_transaction in [false, true] {
        if in_transaction {
            connection.begin(&BEGIN).await.unwrap();
            connection.savepoint(1).await.unwrap();
        }
        let start = Instant::now();
        let error = connection.execute(&sleep, &limit).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { what: TimeoutKind::Statement, .. }), "{error}");
        assert!(start.elapsed() < Duration::from_secs(2));
        if in_transaction {
            connection.rollback_to(1).await.unwrap();
        }
        assert_eq!(text(&mut connection, shown).await, "0");
        connection.execute(&sql("SELECT 1"), &limit).await.unwrap();
        connection.execute(&sql("SELECT 1"), &PLAIN.timeout(Duration::from_nanos(1500))).await.unwrap();
        assert!(!connection.is_clean());
        assert_eq!(text(&mut connection, shown).await, "0");
        connection.execute(&sql("SELECT 1"), &limit).await.unwrap();
        if in_transaction {
            connection.commit().await.unwrap();
        } else {
            connection.reset().await.unwrap();
        }
        assert!(connection.is_clean());
        assert_eq!(text(&mut connection, shown).await, "0");
    }
    {
        let mut cursor = connection.fetch(&sleep, &limit);
        let error = cursor.next().await.map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::Timeout { what: TimeoutKind::Statement, .. }), "{error}");
    }
    // The session's own is kept.
    let driver = driver_with(&url_with("statement_timeout=7s"), DriverOptions::default());
    let mut connection = driver.connect().await.unwrap();
    connection.execute(&sql("SELECT 1"), &limit).await.unwrap();
    assert_eq!(text(&mut connection, shown).await, "7s");
    case.end().await;
}

// Connections that are lost

#[tokio::test]
async fn a_lost_connection() {
    let (case, mut other) = Case::new("lost").await;
    run(&mut other, "CREATE TABLE t (a int)").await;
    async fn kill(other: &mut Connection, connection: &mut Connection) {
        let pid = number(connection, "SELECT pg_backend_pid()::int8").await;
        run(other, &format!("SELECT pg_terminate_backend({pid})")).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for step in ["statement", "stream", "begin", "commit", "ping", "reset"] {
        let mut connection = case.another().await;
        if ["statement", "commit", "reset"].contains(&step) {
            connection.begin(&BEGIN).await.unwrap();
            run(&mut connection, "INSERT INTO t VALUES (1)").await;
        }
        kill(&mut other, &mut connection).await;
        let lost = match step {
            "statement" => connection.execute(&sql("SELECT 1"), &PLAIN).await.map(drop),
            "stream" => connection.fetch(&sql("SELECT 1"), &PLAIN).next().await.map(drop),
            "begin" => connection.begin(&BEGIN).await,
            "commit" => connection.commit().await,
            "ping" => connection.ping().await,
            _ => connection.reset().await,
        };
        let error = lost.unwrap_err();
        assert!(error.is_disconnect(), "{step}: {error:?}");
        assert!(connection.is_broken() && !connection.is_clean(), "{step}");
        assert!(connection.reset().await.is_err() && connection.rollback().await.is_ok());
        assert!(connection.execute(&sql("SELECT 1"), &PLAIN).await.unwrap_err().is_disconnect());
        connection.close().await;
    }
    assert_eq!(number(&mut other, "SELECT count(*) FROM t").await, 0);
    // While it runs.
    let mut connection = case.another().await;
    let pid = number(&mut connection, "SELECT pg_backend_pid()::int8").await;
    let task = tokio::spawn(async move {
        let error = connection.execute(&sql("SELECT pg_sleep(10)"), &PLAIN).await.unwrap_err();
        (error.is_disconnect(), connection.is_broken())
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    run(&mut other, &format!("SELECT pg_terminate_backend({pid})")).await;
    assert_eq!(task.await.unwrap(), (true, true));
    case.end().await;
}

// Errors

#[tokio::test]
async fn errors_are_told_apart() {
    let (case, mut connection) = Case::new("errors").await;
    run(
        &mut connection,
        "CREATE TABLE p (id int PRIMARY KEY, parent int REFERENCES p); \
         CREATE TABLE t (a int NOT NULL, b text, v varchar(2), n numeric(3, 1), c int CONSTRAINT positive CHECK (c > 0), \
         p int CONSTRAINT t_p REFERENCES p, CONSTRAINT ab UNIQUE (a, b), EXCLUDE (c WITH =)); \
         CREATE UNIQUE INDEX lower_b ON t (lower(b)); INSERT INTO p VALUES (1); INSERT INTO t (a, b, p, c) VALUES (1, 'x', 1, 5)",
    )
    .await;
    let integrity = [
        ("INSERT INTO t (a, b) VALUES (1, 'x')", IntegrityKind::Unique, "ab", "t", "a, b"),
        ("INSERT INTO t (a, b) VALUES (2, 'X')", IntegrityKind::Unique, "lower_b", "t", "lower(b)"),
        ("INSERT INTO t (b) VALUES ('y')", IntegrityKind::NotNull, "", "t", "a"),
        ("INSERT INTO t (a, c) VALUES (1, 0)", IntegrityKind::Check, "positive", "t", ""),
        ("INSERT INTO t (a, p) VALUES (1, 9)", IntegrityKind::ForeignKey, "t_p", "t", "p"),
        ("DELETE FROM p", IntegrityKind::ForeignKey, "t_p", "t", ""),
        ("INSERT INTO p VALUES (2, 9)", IntegrityKind::ForeignKey, "p_parent_fkey", "p", "parent"),
        ("INSERT INTO t (a, c) VALUES (3, 5)", IntegrityKind::Exclusion, "t_c_excl", "t", "c"),
    ];
    for (text, expected_kind, expected_constraint, expected_table, expected_column) in integrity {
        let error = fail(&mut connection, text).await;
        let Error::Integrity { kind, constraint, table, column, message, .. } = &error else {
            panic!("{text}: {error:?}")
        };
        let shown = |text: &Option<Box<str>>| text.as_deref().unwrap_or("").to_owned();
        assert_eq!(
            (*kind, shown(constraint).as_str(), shown(table).as_str(), shown(column).as_str()),
            (expected_kind, expected_constraint, expected_table, expected_column),
            "{text}"
        );
        assert!(!message.is_empty());
    }
    let data = [
        ("INSERT INTO t (a, v) VALUES (7, 'abc')", DataKind::TooLong),
        ("SELECT 2147483647 + 1", DataKind::OutOfRange),
        ("INSERT INTO t (a, n) VALUES (7, 100)", DataKind::OutOfRange),
        ("SELECT '2024-13-01'::date", DataKind::OutOfRange),
        ("SELECT 'x'::int", DataKind::Malformed),
        ("SELECT 'x'::date", DataKind::Malformed),
        ("SELECT '{'::json", DataKind::Malformed),
        ("SELECT 1 / 0", DataKind::DivisionByZero),
    ];
    for (text, expected) in data {
        let error = fail(&mut connection, text).await;
        assert!(matches!(error, Error::Data { kind, .. } if kind == expected), "{text}: {error:?}");
    }
    let statements = [
        ("SELEC 1", StatementKind::Syntax),
        ("SELECT * FROM nowhere", StatementKind::NoSuchTable),
        ("SELECT nothing FROM t", StatementKind::NoSuchColumn),
        ("CREATE TABLE t (a int)", StatementKind::AlreadyExists),
        ("CREATE INDEX lower_b ON t (a)", StatementKind::AlreadyExists),
        ("ALTER TABLE t ADD a int", StatementKind::AlreadyExists),
    ];
    for (text, expected) in statements {
        let error = fail(&mut connection, text).await;
        assert!(matches!(error, Error::Statement { kind, .. } if kind == expected), "{text}: {error:?}");
    }
    let error = fail(&mut connection, "SELECT no_function(1)").await;
    assert!(matches!(&error, Error::Database { code: Some(code), .. } if code == "42883"), "{error:?}");
    assert!(connection.is_clean());
    // Locks.
    let mut other = case.another().await;
    connection.begin(&BEGIN).await.unwrap();
    run(&mut connection, "LOCK TABLE t").await;
    let error = fail(&mut other, "LOCK TABLE t NOWAIT; SELECT 1").await;
    assert!(matches!(error, Error::Timeout { what: TimeoutKind::Lock, .. }), "{error:?}");
    assert!(error.is_retryable());
    connection.rollback().await.unwrap();
    case.end().await;
}

#[tokio::test]
async fn deadlocks_and_serialization_failures_can_be_retried() {
    let (case, mut a) = Case::new("deadlock").await;
    let mut b = case.another().await;
    run(&mut a, "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 0), (2, 0)").await;
    for connection in [&mut a, &mut b] {
        connection.begin(&BEGIN.isolation(IsolationLevel::Serializable)).await.unwrap();
        number(connection, "SELECT sum(v)::int8 FROM t").await;
    }
    run(&mut a, "UPDATE t SET v = v + 1 WHERE id = 1").await;
    run(&mut b, "UPDATE t SET v = v + 1 WHERE id = 2").await;
    a.commit().await.unwrap();
    let error = b.commit().await.unwrap_err();
    assert!(matches!(error, Error::Serialization { .. }) && error.is_retryable(), "{error:?}");
    assert!(b.is_clean());
    for connection in [&mut a, &mut b] {
        connection.begin(&BEGIN).await.unwrap();
        run(connection, "SET LOCAL deadlock_timeout = '50ms'").await;
    }
    run(&mut a, "UPDATE t SET v = 1 WHERE id = 1").await;
    run(&mut b, "UPDATE t SET v = 1 WHERE id = 2").await;
    let (first, second) = (sql("UPDATE t SET v = 2 WHERE id = 2"), sql("UPDATE t SET v = 2 WHERE id = 1"));
    let (first, second) = tokio::join!(a.execute(&first, &PLAIN), b.execute(&second, &PLAIN));
    let error = first.err().or(second.err()).unwrap();
    assert!(matches!(error, Error::Deadlock { .. }) && error.is_retryable(), "{error:?}");
    a.rollback().await.unwrap();
    b.rollback().await.unwrap();
    case.end().await;
}

#[tokio::test]
async fn connecting() {
    let open =
        |url: String| async move { driver_with(&url, DriverOptions::default()).connect().await.map(drop) };
    let error = open("postgres://root@127.0.0.1:1/test".into()).await.unwrap_err();
    assert!(error.is_disconnect() && error.to_string().contains("127.0.0.1:1"), "{error}");
    let error = open("postgres://root@127.0.0.1:1,127.0.0.1:2/test".into()).await.unwrap_err();
    assert!(
        error.to_string().contains("127.0.0.1:1") && error.to_string().contains("127.0.0.1:2"),
        "{error}"
    );
    // 10.255.255.1 answers nobody; the first that answers is taken.
    let start = Instant::now();
    let error = open("postgres://root@10.255.255.1/test?connect_timeout=1".into()).await.unwrap_err();
    assert!(error.is_disconnect() && start.elapsed() < Duration::from_secs(3), "{error}");
    let base = url();
    let (head, tail) = base.split_once('@').unwrap();
    let (host, rest) = tail.split_once('/').unwrap();
    let several = |options: &str| format!("{head}@127.0.0.1:1,{host}/{rest}?{options}");
    if !rest.contains('?') {
        for (attributes, suits) in
            [("any", true), ("read-write", true), ("primary", true), ("standby", false), ("read-only", false)]
        {
            let opened = open(several(&format!("target_session_attrs={attributes}"))).await;
            assert_eq!(opened.is_ok(), suits, "{attributes}: {opened:?}");
        }
        let error = open(format!("{head}@{host}/no_such_database")).await.unwrap_err();
        assert!(error.is_disconnect() && error.to_string().contains("no_such_database"), "{error}");
        let error = open(format!("postgres://no_such_user@{host}/{rest}")).await.unwrap_err();
        assert!(matches!(error, Error::Authentication { .. }), "{error:?}");
    }
    let error = open(url_with("options=-c%20no_such_setting%3D1")).await.unwrap_err();
    assert!(error.to_string().contains("no_such_setting"), "{error}");
    let named = driver_with(&url_with("application_name=my%20app&sslmode=disable"), DriverOptions::default());
    assert_eq!(named.dialect().name(), "postgres");
    let mut connection = named.connect().await.unwrap();
    assert_eq!(text(&mut connection, "SHOW application_name").await, "my app");
    let bad = driver_with(&url(), driver_options(|o| o.setup.push("SELEC 1".into())));
    assert!(bad.connect().await.is_err());
}

#[tokio::test]
async fn a_dropped_connect_leaves_no_connection() {
    let (case, mut other) = Case::new("dropped_connect").await;
    let driver = driver_with(&url_with("application_name=orm_dropped_connect"), DriverOptions::default());
    for polls in 0.. {
        if step(driver.connect(), polls).await {
            break;
        }
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let open = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'orm_dropped_connect'";
    assert_eq!(number(&mut other, open).await, 0);
    case.end().await;
}

// What is PostgreSQL's own

struct OnlyPostgres;

impl orm_core::Drivers for OnlyPostgres {
    fn open(url: &str, options: &DriverOptions) -> orm_core::Result<std::sync::Arc<dyn Driver>> {
        Ok(std::sync::Arc::new(PostgresDriver::new(url, options.clone())?))
    }
}

type Engine = orm_core::Engine<OnlyPostgres>;

#[tokio::test]
async fn copying_bytes() {
    let (case, mut other) = Case::new("copying").await;
    run(&mut other, "CREATE TABLE t (a int PRIMARY KEY, b text)").await;
    let engine = Engine::new(&url_with(&format!("options=-c%20search_path%3D{}", case.schema))).unwrap();
    let mut connection = engine.connect().await.unwrap();
    connection.begin().await.unwrap();
    let mut copy = copy_in_raw(&mut connection, "COPY t FROM STDIN (FORMAT csv)").await.unwrap();
    copy.send(b"1,one\n2,t").await.unwrap();
    copy.send(b"wo\n").await.unwrap();
    assert_eq!(copy.finish().await.unwrap(), 2);
    connection.commit().await.unwrap();
    assert_eq!(numbers(&mut other, "SELECT a FROM t ORDER BY a").await, [1, 2]);
    let mut read = Vec::new();
    let mut copy =
        copy_out_raw(&mut connection, "COPY (SELECT * FROM t ORDER BY a) TO STDOUT").await.unwrap();
    while let Some(chunk) = copy.next().await.unwrap() {
        read.extend(chunk);
    }
    drop(copy);
    assert_eq!(read, b"1\tone\n2\ttwo\n");
    // One that fails, and one that is given up.
    connection.begin().await.unwrap();
    let mut copy = copy_in_raw(&mut connection, "COPY t FROM STDIN (FORMAT csv)").await.unwrap();
    copy.send(b"1,one\n").await.unwrap();
    assert!(matches!(copy.finish().await, Err(Error::Integrity { .. })));
    assert!(connection.commit().await.is_err());
    connection.begin().await.unwrap();
    let copy = copy_in_raw(&mut connection, "COPY t FROM STDIN (FORMAT csv)").await.unwrap();
    copy.abort("no").await.unwrap();
    connection.rollback().await.unwrap();
    assert!(copy_in_raw(&mut connection, "COPY nowhere FROM STDIN").await.is_err());
    connection.rollback().await.unwrap();
    assert_eq!(connection.one(orm_query::typed::text("SELECT 42::int8").columns::<i64>()).await.unwrap(), 42);
    connection.rollback().await.unwrap();
    drop(connection);
    // Ones that are dropped: the connection is lost, but never mistaken for one that answers.
    for kind in ["in", "out", "no such table"] {
        let mut connection = engine.connect().await.unwrap();
        match kind {
            "in" => {
                let mut copy = copy_in_raw(&mut connection, "COPY t FROM STDIN (FORMAT csv)").await.unwrap();
                copy.send(b"9,nine\n").await.unwrap();
            }
            "out" => {
                let sql = "COPY (SELECT generate_series(1, 100000)) TO STDOUT";
                copy_out_raw(&mut connection, sql).await.unwrap().next().await.unwrap();
            }
            _ => {
                copy_out_raw(&mut connection, "COPY nowhere TO STDOUT").await.unwrap_err();
            }
        }
        let answer = connection.one(orm_query::typed::text("SELECT 42::int8").columns::<i64>()).await;
        assert!(answer.is_err_and(|error| error.is_disconnect()), "{kind}");
    }
    assert_eq!(numbers(&mut other, "SELECT a FROM t ORDER BY a").await, [1, 2]);
    engine.dispose().await;
    case.end().await;
}

#[tokio::test]
async fn listening() {
    let (case, mut other) = Case::new("listening").await;
    let engine = Engine::new(&url()).unwrap();
    let mut connection = engine.connect().await.unwrap();
    let mut listener = Listener::connect(&url_with("application_name=orm_listener")).await.unwrap();
    listener.listen("orm \"é\"").await.unwrap();
    listener.listen("other").await.unwrap();
    notify(&mut connection, "orm \"é\"", "it's").await.unwrap();
    assert!(
        tokio::time::timeout(Duration::from_millis(50), listener.recv()).await.is_err(),
        "not committed yet"
    );
    notify(&mut connection, "nobody", "").await.unwrap();
    notify(&mut connection, "other", "").await.unwrap();
    connection.commit().await.unwrap();
    let first = listener.recv().await.unwrap();
    assert_eq!((first.channel.as_str(), first.payload.as_str()), ("orm \"é\"", "it's"));
    assert_eq!(listener.recv().await.unwrap().channel, "other");
    listener.unlisten("other").await.unwrap();
    assert_eq!(listener.channels().collect::<Vec<_>>(), ["orm \"é\""]);
    // A lost connection comes back, and listens as before.
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'orm_listener'";
    assert_eq!(number(&mut other, kill).await, 1);
    assert_eq!(
        tokio::time::timeout(Duration::from_secs(10), listener.try_recv()).await.unwrap().unwrap(),
        None
    );
    notify(&mut connection, "other", "unheard").await.unwrap();
    notify(&mut connection, "orm \"é\"", "again").await.unwrap();
    connection.commit().await.unwrap();
    assert_eq!(listener.recv().await.unwrap().payload, "again");
    for wrong in ["", "a\0b", &"x".repeat(64)] {
        assert!(listener.listen(wrong).await.is_err() && notify(&mut connection, wrong, "").await.is_err());
    }
    // A listener may be dropped where there is no runtime.
    std::thread::spawn(move || drop(listener)).join().unwrap();
    drop(connection);
    engine.dispose().await;
    case.end().await;
}
