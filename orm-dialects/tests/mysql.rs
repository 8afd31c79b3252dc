//! The driver of MySQL and MariaDB by itself: what only shows below the engine.
//!
//! It needs a MariaDB at `ORM_MARIADB_URL`, or at `mysql://root@127.0.0.1:3306/test`, and makes databases of its own there.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveTime};
use orm_core::driver::{Driver, DriverConnection, DriverOptions, GeneratedKeys, TransactionOptions};
use orm_core::{DataKind, Error, IntegrityKind, StatementKind, TimeoutKind};
use orm_dialects::mysql::driver::MySqlDriver;
use orm_query::{
    Bind, BitString, CompileError, Compiled, DataType, EnumType, ExecutionOptions, IsolationLevel, Row,
    Value, read_value,
};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

type Connection = Box<dyn DriverConnection>;

const PLAIN: ExecutionOptions = ExecutionOptions::new();

fn server() -> String {
    std::env::var("ORM_MARIADB_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306/test".into())
}

/// The server's URL with another database.
fn url(database: &str) -> String {
    let server = server();
    let server = server.split('?').next().unwrap();
    let (place, _) = server.rsplit_once('/').unwrap();
    format!("{place}/{database}")
}

fn driver_of(url: &str) -> MySqlDriver {
    MySqlDriver::new(url, DriverOptions::default()).unwrap()
}

/// A database of one test.
struct Case {
    name: String,
    driver: MySqlDriver,
}

impl Case {
    async fn new(name: &str) -> Case {
        let name = format!("orm_driver_{name}_{}", std::process::id());
        let mut admin = driver_of(&server()).connect().await.unwrap();
        run(&mut admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
        run(&mut admin, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await;
        admin.close().await;
        Case { driver: driver_of(&url(&name)), name }
    }

    fn with(&self, options: DriverOptions) -> MySqlDriver {
        MySqlDriver::new(&url(&self.name), options).unwrap()
    }

    async fn connect(&self) -> Connection {
        self.driver.connect().await.unwrap()
    }

    /// A table `t` of numbers.
    async fn numbers(&self) -> Connection {
        let mut connection = self.connect().await;
        run(&mut connection, "CREATE TABLE t (n INT PRIMARY KEY, m INT NOT NULL DEFAULT 0)").await;
        connection
    }

    /// Whether it is MariaDB, and has what only MariaDB has.
    fn is_mariadb(&self) -> bool {
        self.driver.dialect().name() == "mariadb"
    }

    async fn drop(self) {
        let mut admin = driver_of(&server()).connect().await.unwrap();
        run(&mut admin, &format!("DROP DATABASE {}", self.name)).await;
        admin.close().await;
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

/// The first column of every row.
async fn numbers(connection: &mut Connection, text: &str) -> Vec<i64> {
    let rows = rows(connection, &sql(text), |row| row.i64(0).unwrap().unwrap()).await;
    rows.unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What `read` makes of the only row.
async fn one<T>(connection: &mut Connection, statement: &Compiled, read: impl FnMut(&dyn Row) -> T) -> T {
    let mut rows =
        rows(connection, statement, read).await.unwrap_or_else(|e| panic!("{}: {e}", statement.sql));
    assert_eq!(rows.len(), 1, "{}", statement.sql);
    rows.remove(0)
}

async fn count(connection: &mut Connection) -> i64 {
    numbers(connection, "SELECT count(*) FROM t").await[0]
}

async fn begin(connection: &mut Connection) {
    connection.begin(&TransactionOptions::new()).await.unwrap();
}

/// Polls a future so many times, and drops it; what it gave if it was complete by then.
async fn poll_times<T>(times: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..times {
        if let Poll::Ready(value) = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await {
            return Some(value);
        }
        // The server's answer comes meanwhile, and in pieces.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    None
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[tokio::test]
async fn the_server_says_which_it_is() {
    let plain = driver_of(&server().replace("mariadb://", "mysql://"));
    assert_eq!(plain.dialect().name(), "mysql");
    let mut connection = plain.connect().await.unwrap();
    let version =
        one(&mut connection, &sql("SELECT VERSION()"), |row| row.text(0).unwrap().unwrap().into_owned())
            .await;
    assert_eq!(plain.dialect().name() == "mariadb", version.contains("MariaDB"), "{version}");
    connection.ping().await.unwrap();
    assert!(connection.is_clean() && !connection.is_broken() && !connection.in_transaction());
    let settings = "SELECT @@sql_mode, @@time_zone, @@character_set_client, @@autocommit";
    let settings = one(&mut connection, &sql(settings), |row| {
        let text = |position| row.text(position).unwrap().unwrap().into_owned();
        (text(0), text(1), text(2), row.bool(3).unwrap())
    })
    .await;
    let mode = "PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
                ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION";
    let mut modes: Vec<&str> = settings.0.split(',').collect();
    let mut expected: Vec<&str> = mode.split(',').collect();
    modes.sort_unstable();
    expected.sort_unstable();
    assert_eq!(modes, expected);
    assert_eq!((&*settings.1, &*settings.2, settings.3), ("+00:00", "utf8mb4", Some(true)));
    connection.close().await;
}

#[tokio::test]
async fn the_first_server_that_answers_is_taken() {
    let server = server();
    let (scheme, place) = server.split_once("://").unwrap();
    let (user, host) = place.rsplit_once('@').unwrap_or(("root", place));
    let several = driver_of(&format!("{scheme}://{user}@127.0.0.1:1,{host}"));
    several.connect().await.unwrap().close().await;

    let Err(error) = driver_of("mysql://me:secret@127.0.0.1:1/x").connect().await else {
        panic!("it connected")
    };
    assert!(
        matches!(&error, Error::Connection { message } if message.starts_with("`127.0.0.1:1`: ")),
        "{error}"
    );
    let Err(error) = driver_of(&format!("{scheme}://nobody:secret@{host}")).connect().await else {
        panic!("it connected")
    };
    assert!(matches!(&error, Error::Authentication { .. }), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
    let Err(error) = driver_of(&url("no_such_database")).connect().await else { panic!("it connected") };
    assert!(
        matches!(&error, Error::Connection { message } if message.contains("no_such_database")),
        "{error}"
    );
    let socket = driver_of("mysql://root@/test?socket=/no/such/socket");
    let Err(error) = socket.connect().await else { panic!("it connected") };
    assert!(
        matches!(&error, Error::Connection { message } if message.contains("/no/such/socket")),
        "{error}"
    );
}

#[tokio::test]
async fn options_of_the_driver() {
    let case = Case::new("options").await;
    let mut connection = case.numbers().await;
    let mut options = DriverOptions::default();
    options.setup = vec!["SET @answer = 42".into()];
    options.isolation = Some(IsolationLevel::Serializable);
    options.read_only = true;
    let mut reader = case.with(options).connect().await.unwrap();
    assert_eq!(numbers(&mut reader, "SELECT @answer").await, [42]);
    let level =
        one(&mut reader, &sql("SELECT @@tx_isolation"), |row| row.text(0).unwrap().unwrap().into_owned())
            .await;
    assert_eq!(level, "SERIALIZABLE");
    begin(&mut reader).await;
    let error = fail(&mut reader, "INSERT INTO t (n) VALUES (1)").await;
    assert!(matches!(error, Error::ReadOnly { .. }), "{error}");
    reader.rollback().await.unwrap();
    reader.begin(&TransactionOptions::new().read_only(false)).await.unwrap();
    run(&mut reader, "INSERT INTO t (n) VALUES (1)").await;
    reader.commit().await.unwrap();
    assert_eq!(count(&mut connection).await, 1);

    let options = TransactionOptions::new().isolation(IsolationLevel::ReadCommitted).read_only(true);
    connection.begin(&options).await.unwrap();
    assert!(matches!(fail(&mut connection, "DELETE FROM t").await, Error::ReadOnly { .. }));
    connection.rollback().await.unwrap();
    let snapshot = TransactionOptions::new().isolation(IsolationLevel::Snapshot);
    assert!(matches!(connection.begin(&snapshot).await, Err(Error::Unsupported { .. })));
    assert!(connection.is_clean());
    let mut options = DriverOptions::default();
    options.isolation = Some(IsolationLevel::Snapshot);
    assert!(matches!(MySqlDriver::new("mysql://h", options), Err(Error::Unsupported { .. })));
    case.drop().await;
}

/// A value goes into a column of its type, comes back as it was, and is found by itself.
#[tokio::test]
async fn every_type_round_trips() {
    let case = Case::new("types").await;
    let mut connection = case.connect().await;
    let text = |text: &str| Value::Text(text.into());
    let decimal = |text: &str| Value::Decimal(text.parse().unwrap());
    let interval = |text: &str| Value::Interval(text.parse().unwrap());
    let bits = |text: &str| Value::Bits(text.parse().unwrap());
    let datetime = |micros: u32| date(2024, 2, 29).and_hms_micro_opt(23, 59, 59, micros).unwrap();
    let first = date(1, 1, 1).and_hms_opt(0, 0, 0).unwrap();
    let last = date(9999, 12, 31).and_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    let money = DataType::Numeric { precision: Some(28), scale: Some(4) };
    let colour = EnumType::new("colour".into(), vec!["red".into(), "it's green".into()].into());
    let columns: Vec<(DataType, &str, Vec<Value>)> = vec![
        (DataType::Boolean, "BOOL", vec![Value::Bool(false), Value::Bool(true)]),
        (DataType::SmallInt, "SMALLINT", vec![Value::I16(i16::MIN), Value::I16(0), Value::I16(i16::MAX)]),
        (DataType::Integer, "INT", vec![Value::I32(i32::MIN), Value::I32(-1), Value::I32(i32::MAX)]),
        (DataType::BigInt, "BIGINT", vec![Value::I64(i64::MIN), Value::I64(1), Value::I64(i64::MAX)]),
        (DataType::UnsignedSmallInt, "SMALLINT UNSIGNED", vec![Value::I32(0), Value::I32(65_535)]),
        (DataType::UnsignedInteger, "INT UNSIGNED", vec![Value::I64(0), Value::I64(u32::MAX.into())]),
        (DataType::UnsignedBigInt, "BIGINT UNSIGNED", vec![Value::U64(0), Value::U64(u64::MAX)]),
        (DataType::Real, "FLOAT", vec![Value::F32(0.1), Value::F32(f32::MAX), Value::F32(f32::MIN_POSITIVE)]),
        (
            DataType::Double,
            "DOUBLE",
            vec![Value::F64(0.1), Value::F64(f64::MIN), Value::F64(f64::MAX), Value::F64(f64::MIN_POSITIVE)],
        ),
        (money, "DECIMAL(28, 4)", vec![decimal("0.0000"), decimal("-123456789012345678901234.5678")]),
        (
            DataType::NUMERIC,
            "DECIMAL(65, 30)",
            vec![
                decimal("1.5"),
                decimal("79228162514264337593543950335"),
                decimal("-0.0000000000000000000000000001"),
            ],
        ),
        (DataType::Text, "LONGTEXT", vec![text(""), text("it's \\ \"ä\" 🦀?"), text(&"x".repeat(70_000))]),
        (DataType::Varchar(5), "VARCHAR(5)", vec![text("🦀🦀🦀🦀🦀")]),
        (
            DataType::Bytes,
            "LONGBLOB",
            vec![Value::Bytes(vec![]), Value::Bytes((0..=255).collect()), Value::Bytes(vec![0; 300])],
        ),
        (DataType::Date, "DATE", vec![Value::Date(date(1, 1, 1)), Value::Date(date(9999, 12, 31))]),
        (
            DataType::Time,
            "TIME(6)",
            vec![
                Value::Time(NaiveTime::MIN),
                Value::Time(NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap()),
            ],
        ),
        (
            DataType::Timestamp,
            "DATETIME(6)",
            vec![
                Value::DateTime(datetime(1)),
                Value::DateTime(datetime(0)),
                Value::DateTime(first),
                Value::DateTime(last),
            ],
        ),
        (
            DataType::TimestampTz,
            "DATETIME(6)",
            vec![Value::TimestampTz(datetime(7).and_utc()), Value::TimestampTz(last.and_utc())],
        ),
        (DataType::TimestampTz, "TIMESTAMP(6) NULL", vec![Value::TimestampTz(datetime(7).and_utc())]),
        (
            DataType::Uuid,
            "UUID",
            vec![Value::Uuid(Uuid::from_u128(u128::MAX)), Value::Uuid(Uuid::from_u128(1))],
        ),
        (
            DataType::Uuid,
            "CHAR(36) CHARACTER SET ascii",
            vec![Value::Uuid(Uuid::from_u128(0x1234_5678 << 70))],
        ),
        (
            DataType::Json,
            "JSON",
            vec![Value::Json(json!(null)), Value::Json(json!({"ä": [1, 1.5, "\\\"🦀", null]}))],
        ),
        (DataType::Enum(colour), "ENUM('red', 'it''s green')", vec![text("red"), text("it's green")]),
        (DataType::Interval, "VARCHAR(64)", vec![interval("P1Y2M3DT4H5M6.000007S"), interval("PT0S")]),
        (DataType::Bit(10), "BIT(10)", vec![bits("0000000001"), bits("1000000000")]),
        (DataType::Bit(64), "BIT(64)", vec![bits(&"10".repeat(32))]),
        (DataType::Other("SET('a','b')".into()), "SET('a', 'b')", vec![text("a,b"), text("")]),
    ];
    for (data_type, declared, values) in columns {
        if declared == "UUID" && !case.is_mariadb() {
            continue;
        }
        run(&mut connection, "DROP TABLE IF EXISTS v").await;
        run(&mut connection, &format!("CREATE TABLE v (id INT PRIMARY KEY, v {declared})")).await;
        let values: Vec<Value> = values.into_iter().chain([Value::Null]).collect();
        for (id, value) in values.iter().enumerate() {
            let binds = [(Value::I64(id as i64), DataType::Integer), (value.clone(), data_type.clone())];
            let insert = bound("INSERT INTO v (id, v) VALUES (?, ?)", binds);
            assert_eq!(connection.execute(&insert, &PLAIN).await.unwrap(), 1, "{declared}");
        }
        let select = sql("SELECT v FROM v ORDER BY id");
        let read =
            rows(&mut connection, &select, |row| read_value(row, 0, &data_type).unwrap()).await.unwrap();
        assert_eq!(read, values, "{declared}");
        for (id, value) in values.iter().enumerate() {
            let find = match data_type {
                // What is compared is a text in one database, and a document in the other.
                DataType::Json => continue,
                _ => bound("SELECT id FROM v WHERE v <=> ?", [(value.clone(), data_type.clone())]),
            };
            let found = rows(&mut connection, &find, |row| row.i64(0).unwrap()).await.unwrap();
            assert_eq!(found, [Some(id as i64)], "{declared}: {value:?}");
        }
        let own = one(&mut connection, &sql("SELECT v FROM v WHERE id = 0"), |row| {
            let own = row.data_type(0).unwrap();
            (read_value(row, 0, &own).is_ok(), own)
        })
        .await;
        assert!(own.0, "{declared} is told to be {}", own.1);
    }
    case.drop().await;
}

#[tokio::test]
async fn types_are_told() {
    let mut connection = driver_of(&server()).connect().await.unwrap();
    for (expression, data_type) in [
        ("1 = 1", DataType::Integer),
        ("CAST(1 AS UNSIGNED)", DataType::UnsignedInteger),
        ("CAST(9223372036854775807 AS SIGNED)", DataType::BigInt),
        ("18446744073709551615", DataType::UnsignedBigInt),
        ("1.5", DataType::NUMERIC),
        ("1.5e0", DataType::Double),
        ("'a'", DataType::Text),
        ("x'61'", DataType::Bytes),
        ("CAST('a' AS BINARY(3))", DataType::Bytes),
        ("CURRENT_DATE", DataType::Date),
        ("CAST('10:00' AS TIME)", DataType::Time),
        ("NOW(6)", DataType::Timestamp),
        ("b'101'", DataType::Bytes),
        ("NULL", DataType::Text),
        ("(SELECT sum(a) FROM (SELECT 1 a UNION ALL SELECT 2) s)", DataType::NUMERIC),
        ("(SELECT avg(a) FROM (SELECT 1 a UNION ALL SELECT 2) s)", DataType::NUMERIC),
        ("(SELECT sum(a) FROM (SELECT 1e0 a) s)", DataType::Double),
        ("count(*)", DataType::BigInt),
    ] {
        let own = one(&mut connection, &sql(&format!("SELECT {expression}")), |row| row.data_type(0)).await;
        assert_eq!(own, Some(data_type), "{expression}");
    }
    let summed = sql("SELECT sum(a), avg(a) FROM (SELECT 1 a UNION ALL SELECT 2) s");
    one(&mut connection, &summed, |row| {
        assert_eq!(row.i64(0), Ok(Some(3)));
        assert_eq!(row.decimal(1), Ok(Some("1.5000".parse().unwrap())));
        assert_eq!(row.f64(1), Ok(Some(1.5)));
        let error = row.i64(1).unwrap_err().to_string();
        assert_eq!(error, "column 1 (`avg(a)`) cannot be read as `i64`: it is the decimal 1.5000");
        assert_eq!(row.len(), 2);
        assert_eq!(row.data_type(2), None);
        assert!(row.i64(2).is_err() && row.is_null(2).is_err());
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_an_error() {
    let mut connection = driver_of(&server()).connect().await.unwrap();
    type Read = fn(&dyn Row) -> Result<(), orm_query::DecodeError>;
    let misfits: [(&str, Read); 22] = [
        ("'a'", |row| row.i64(0).map(drop)),
        ("2", |row| row.bool(0).map(drop)),
        ("1.5", |row| row.i64(0).map(drop)),
        ("1e0", |row| row.i64(0).map(drop)),
        ("18446744073709551615", |row| row.i64(0).map(drop)),
        ("-1", |row| row.u64(0).map(drop)),
        ("9007199254740993", |row| row.f64(0).map(drop)),
        ("16777217", |row| row.f32(0).map(drop)),
        ("1e300", |row| row.f32(0).map(drop)),
        ("1", |row| row.text(0).map(drop)),
        ("x'61'", |row| row.text(0).map(drop)),
        ("'a'", |row| row.bytes(0).map(drop)),
        ("NOW()", |row| row.date(0).map(drop)),
        ("CURRENT_DATE", |row| row.datetime(0).map(drop)),
        ("CAST('25:00:00' AS TIME)", |row| row.time(0).map(drop)),
        ("CAST('-00:00:01' AS TIME)", |row| row.time(0).map(drop)),
        ("1e0", |row| row.decimal(0).map(drop)),
        ("CAST(REPEAT('9', 60) AS DECIMAL(65))", |row| row.decimal(0).map(drop)),
        ("'{'", |row| row.json(0).map(drop)),
        ("'not a uuid'", |row| row.uuid(0).map(drop)),
        ("'1 day'", |row| row.interval(0).map(drop)),
        ("1", |row| row.hstore(0).map(drop)),
    ];
    for (expression, read) in misfits {
        let result = one(&mut connection, &sql(&format!("SELECT {expression} AS x")), |row| read(row)).await;
        let error = result.expect_err(expression).to_string();
        assert!(error.starts_with("column 0 (`x`) cannot be read as "), "{error}");
    }
    // Other programs store dates that are none.
    run(&mut connection, "SET sql_mode = 'ALLOW_INVALID_DATES'").await;
    run(&mut connection, "CREATE TEMPORARY TABLE zero (d DATE, t DATETIME(6), s TIMESTAMP NOT NULL)").await;
    run(&mut connection, "INSERT INTO zero VALUES ('0000-00-00', '0000-00-00', '0000-00-00'), ('2024-02-31', '2024-00-00', '2024-01-01')")
        .await;
    let zero = sql("SELECT d, t, s FROM zero");
    let read = rows(&mut connection, &zero, |row| {
        (
            row.is_null(0).unwrap(),
            row.date(0).is_err(),
            row.datetime(1).is_err(),
            row.timestamp_tz(2).is_err(),
        )
    });
    assert_eq!(read.await.unwrap(), [(false, true, true, true), (false, true, true, false)]);
    let floats = sql("SELECT CAST(0.1 AS FLOAT), CAST(0.1 AS FLOAT) + 0e0, YEAR('2024-01-01'), true");
    one(&mut connection, &floats, |row| {
        assert_eq!((row.f32(0), row.f64(0)), (Ok(Some(0.1)), Ok(Some(0.1_f32.into()))));
        assert_eq!(row.f32(1), Ok(Some(0.1)));
        assert_eq!((row.i64(2), row.bool(3)), (Ok(Some(2024)), Ok(Some(true))));
    })
    .await;
}

#[tokio::test]
async fn binds_that_do_not_fit_are_refused() {
    let mut connection = driver_of(&server()).connect().await.unwrap();
    for (value, data_type) in [
        (Value::F64(f64::NAN), DataType::Double),
        (Value::Text("a".into()), DataType::Integer),
        (Value::Array(vec![]), DataType::Array(DataType::Integer.into())),
        (Value::Date(date(10_000, 1, 1)), DataType::Date),
        (Value::I64(-1), DataType::UnsignedBigInt),
        (Value::Bits(BitString::default()), DataType::Bit(1)),
    ] {
        let result = connection.execute(&bound("SELECT ?", [(value.clone(), data_type)]), &PLAIN).await;
        assert!(matches!(result, Err(Error::Compile(CompileError::Value { .. }))), "{value:?}: {result:?}");
    }
    let one_bind = [(Value::I64(1), DataType::BigInt)];
    for (text, binds) in [
        ("SELECT ?, ?", &one_bind[..]),
        ("SELECT 1", &one_bind[..]),
        ("SELECT ?", &[]),
        ("SELECT '?', ?", &[]),
    ] {
        let result = connection.execute(&bound(text, binds.to_vec()), &PLAIN).await;
        assert!(matches!(result, Err(Error::Compile(CompileError::Invalid(_)))), "{text}: {result:?}");
    }
    let quoted = bound("SELECT '?', ?", one_bind);
    assert_eq!(one(&mut connection, &quoted, |row| row.i64(1)).await, Ok(Some(1)));
    assert!(connection.is_clean());
    // A decimal is compared as a decimal, and a moment as a moment.
    let decimal: Decimal = "0.1000000000000000001".parse().unwrap();
    let same = bound(
        "SELECT ? = 0.1000000000000000001, ? = 0.1",
        [(Value::Decimal(decimal), DataType::NUMERIC), (Value::Decimal(decimal), DataType::NUMERIC)],
    );
    assert_eq!(
        one(&mut connection, &same, |row| (row.bool(0), row.bool(1))).await,
        (Ok(Some(true)), Ok(Some(false)))
    );
}

#[tokio::test]
async fn statements_survive_a_change_of_their_table() {
    let case = Case::new("alter").await;
    let mut connection = case.numbers().await;
    run(&mut connection, "INSERT INTO t VALUES (1, 2)").await;
    let all = sql("SELECT * FROM t");
    assert_eq!(one(&mut connection, &all, |row| row.len()).await, 2);
    let mut other = case.connect().await;
    run(&mut other, "ALTER TABLE t ADD COLUMN name VARCHAR(10) NOT NULL DEFAULT 'x', MODIFY m VARCHAR(20)")
        .await;
    let read = |row: &dyn Row| (row.len(), row.text(1).unwrap().unwrap().into_owned(), row.data_type(2));
    assert_eq!(one(&mut connection, &all, read).await, (3, "2".into(), Some(DataType::Text)));
    connection.clear_statement_cache().await.unwrap();
    assert_eq!(one(&mut connection, &all, |row| row.len()).await, 3);
    run(&mut other, "DROP TABLE t").await;
    let error = connection.execute(&all, &PLAIN).await.unwrap_err();
    assert!(matches!(error, Error::Statement { kind: StatementKind::NoSuchTable, .. }), "{error}");
    let none = case.with({
        let mut options = DriverOptions::default();
        options.statement_cache_capacity = 0;
        options
    });
    let mut uncached = none.connect().await.unwrap();
    let asked = bound("SELECT ?", [(Value::I64(5), DataType::BigInt)]);
    for _ in 0..3 {
        assert_eq!(one(&mut uncached, &asked, |row| row.i64(0)).await, Ok(Some(5)));
    }
    case.drop().await;
}

#[tokio::test]
async fn keys_that_were_generated() {
    let case = Case::new("keys").await;
    let mut connection = case.connect().await;
    run(&mut connection, "CREATE TABLE k (id INT AUTO_INCREMENT PRIMARY KEY, v INT)").await;
    assert_eq!(connection.generated_keys(), None);
    run(&mut connection, "INSERT INTO k (v) VALUES (1)").await;
    run(&mut connection, "INSERT INTO k (v) VALUES (2), (3), (4)").await;
    assert_eq!(connection.generated_keys(), Some(GeneratedKeys { first: 2, step: 1 }));
    assert_eq!(numbers(&mut connection, "SELECT id FROM k WHERE v > 1 ORDER BY v").await, [2, 3, 4]);
    assert_eq!(connection.generated_keys(), None);
    if case.is_mariadb() {
        let returning = "INSERT INTO k (v) VALUES (5), (6) RETURNING id";
        assert_eq!(numbers(&mut connection, returning).await, [5, 6]);
        assert_eq!(run(&mut connection, "INSERT INTO k (v) VALUES (7), (8) RETURNING id").await, 2);
    }
    assert_eq!(run(&mut connection, "UPDATE k SET v = v WHERE id <= 3").await, 3);
    assert_eq!(run(&mut connection, "DELETE FROM k WHERE id = 1").await, 1);
    assert_eq!(run(&mut connection, "SELECT * FROM k").await, 0);
    // A key of 0 is one, and not the next one.
    run(&mut connection, "INSERT INTO k (id, v) VALUES (0, 9)").await;
    assert_eq!(numbers(&mut connection, "SELECT id FROM k WHERE v = 9").await, [0]);
    case.drop().await;
}

#[tokio::test]
async fn transactions_and_savepoints() {
    let case = Case::new("transactions").await;
    let mut connection = case.numbers().await;
    begin(&mut connection).await;
    assert!(connection.in_transaction() && !connection.is_clean());
    run(&mut connection, "INSERT INTO t (n) VALUES (1)").await;
    connection.savepoint(1).await.unwrap();
    run(&mut connection, "INSERT INTO t (n) VALUES (2)").await;
    connection.savepoint(2).await.unwrap();
    run(&mut connection, "INSERT INTO t (n) VALUES (3)").await;
    connection.rollback_to(2).await.unwrap();
    connection.release(1).await.unwrap();
    assert!(connection.release(1).await.is_err());
    connection.commit().await.unwrap();
    assert!(connection.is_clean());
    assert_eq!(numbers(&mut connection, "SELECT n FROM t ORDER BY n").await, [1, 2]);
    begin(&mut connection).await;
    run(&mut connection, "DELETE FROM t").await;
    connection.rollback().await.unwrap();
    assert!(!connection.in_transaction() && connection.is_clean());
    begin(&mut connection).await;
    run(&mut connection, "DELETE FROM t").await;
    connection.reset().await.unwrap();
    assert!(connection.is_clean());
    assert_eq!(count(&mut connection).await, 2);
    case.drop().await;
}

/// DDL commits what was before it, and the transaction begins anew behind it.
#[tokio::test]
async fn ddl_in_a_transaction() {
    let case = Case::new("ddl").await;
    let mut connection = case.numbers().await;
    let mut other = case.connect().await;
    connection.begin(&TransactionOptions::new().isolation(IsolationLevel::ReadCommitted)).await.unwrap();
    run(&mut connection, "INSERT INTO t (n) VALUES (1)").await;
    connection.savepoint(1).await.unwrap();
    run(&mut connection, "CREATE TABLE u (n INT)").await;
    assert!(connection.in_transaction());
    assert_eq!(count(&mut other).await, 1);
    run(&mut connection, "INSERT INTO t (n) VALUES (2)").await;
    assert!(connection.rollback_to(1).await.is_err());
    assert_eq!(count(&mut other).await, 1);
    run(&mut connection, "INSERT INTO u (n) VALUES (2)").await;
    connection.rollback().await.unwrap();
    assert_eq!(count(&mut connection).await, 1);

    // One that the server does not understand commits nothing.
    begin(&mut connection).await;
    run(&mut connection, "INSERT INTO t (n) VALUES (3)").await;
    let error = fail(&mut connection, "CREATE TABEL v (n INT)").await;
    assert!(matches!(error, Error::Statement { kind: StatementKind::Syntax, .. }), "{error}");
    run(&mut connection, "CREATE TEMPORARY TABLE w (n INT)").await;
    run(&mut connection, "INSERT INTO t (n) VALUES (4)").await;
    connection.rollback().await.unwrap();
    assert_eq!(count(&mut connection).await, 1);
    // Its temporary table is nobody else's.
    assert!(!connection.is_clean() && connection.reset().await.is_err());

    let mut connection = case.connect().await;
    begin(&mut connection).await;
    run(&mut connection, "INSERT INTO t (n) VALUES (5)").await;
    run(&mut connection, "TRUNCATE TABLE u").await;
    connection.commit().await.unwrap();
    begin(&mut connection).await;
    run(&mut connection, "INSERT INTO t (n) VALUES (6)").await;
    run(&mut connection, "ROLLBACK").await;
    run(&mut connection, "INSERT INTO t (n) VALUES (7)").await;
    connection.rollback().await.unwrap();
    assert_eq!(numbers(&mut connection, "SELECT n FROM t ORDER BY n").await, [1, 5]);
    case.drop().await;
}

#[tokio::test]
async fn what_changes_a_connection_ends_with_it() {
    let case = Case::new("changes").await;
    for text in [
        "SET @x = 1",
        "SELECT @x := 1",
        "SELECT GET_LOCK('orm_driver', 0)",
        "BEGIN",
        "USE mysql",
        "LOCK TABLES t READ",
        "CREATE TEMPORARY TABLE x (n INT)",
    ] {
        let mut connection = case.connect().await;
        run(&mut connection, "CREATE TABLE IF NOT EXISTS t (n INT)").await;
        assert!(connection.is_clean());
        run(&mut connection, text).await;
        assert!(!connection.is_clean(), "{text}");
        assert!(connection.reset().await.is_err(), "{text}");
        connection.close().await;
    }
    let mut connection = case.connect().await;
    let raw = connection.raw().await.unwrap().downcast_mut::<sqlx::MySqlConnection>().unwrap();
    let told: i64 = sqlx::query_scalar("SELECT 6 * 7").fetch_one(raw).await.unwrap();
    assert_eq!(told, 42);
    assert!(!connection.is_clean() && connection.reset().await.is_err());
    for text in ["SHOW TABLES", "DESCRIBE t", "EXPLAIN SELECT * FROM t", "SHOW WARNINGS"] {
        let mut connection = case.connect().await;
        rows(&mut connection, &sql(text), |row| row.len()).await.unwrap();
        assert!(connection.is_clean(), "{text}");
    }
    case.drop().await;
}

/// Whichever poll is the last, nothing of another statement comes after it.
#[tokio::test]
async fn futures_dropped_anywhere() {
    let case = Case::new("dropped").await;
    let mut watcher = case.numbers().await;
    let insert = bound(
        "INSERT INTO t (n) VALUES (?), (?)",
        [(Value::I64(1), DataType::Integer), (Value::I64(2), DataType::Integer)],
    );
    // The connection itself.
    for times in 1.. {
        if let Some(connection) = poll_times(times, case.driver.connect()).await {
            assert!(connection.unwrap().is_clean());
            break;
        }
    }
    for what in ["begin", "execute", "fetch", "set", "savepoint", "rollback to", "commit", "rollback", "ping"]
    {
        for times in 1.. {
            let mut connection = case.connect().await;
            if what != "begin" {
                begin(&mut connection).await;
                run(&mut connection, "INSERT INTO t (n) VALUES (3)").await;
                connection.savepoint(1).await.unwrap();
            }
            let done = match what {
                "begin" => {
                    poll_times(times, connection.begin(&TransactionOptions::new())).await.map(Result::unwrap)
                }
                "execute" => poll_times(times, connection.execute(&insert, &PLAIN))
                    .await
                    .map(|done| assert!(done.is_ok())),
                "fetch" => {
                    let mut cursor = connection.fetch(&insert, &PLAIN);
                    poll_times(times, cursor.next()).await.map(|row| assert!(row.unwrap().is_none()))
                }
                // With the probe before it, and nothing that commits.
                "set" => {
                    let set = sql("SET @x = 1");
                    poll_times(times, connection.execute(&set, &PLAIN))
                        .await
                        .map(|done| assert!(done.is_ok()))
                }
                "savepoint" => poll_times(times, connection.savepoint(2)).await.map(Result::unwrap),
                "rollback to" => poll_times(times, connection.rollback_to(1)).await.map(Result::unwrap),
                "commit" => poll_times(times, connection.commit()).await.map(Result::unwrap),
                "rollback" => poll_times(times, connection.rollback()).await.map(Result::unwrap),
                _ => poll_times(times, connection.ping()).await.map(Result::unwrap),
            };
            let is_done = done.is_some();
            if !is_done {
                assert!(!connection.is_clean(), "{what} {times}");
                let refused = connection.execute(&sql("SELECT 1"), &PLAIN).await;
                assert!(matches!(refused, Err(Error::Connection { .. })), "{what} {times}: {refused:?}");
            }
            if times % 2 == 0 && !is_done {
                connection.rollback().await.unwrap();
                assert!(connection.is_broken());
            } else if !is_done {
                assert!(connection.reset().await.is_err() && connection.is_broken(), "{what} {times}");
            } else if what != "set" {
                connection.reset().await.unwrap();
                assert!(connection.is_clean());
            }
            drop(connection);
            if what == "commit" {
                // What was sent may have been done.
                run(&mut watcher, "DELETE FROM t").await;
            }
            assert_eq!(count(&mut watcher).await, 0, "{what} {times}");
            if is_done {
                break;
            }
        }
    }
    case.drop().await;
}

/// What nobody waits for any more does not keep its locks.
#[tokio::test]
async fn a_dropped_statement_is_ended() {
    let case = Case::new("ended").await;
    let mut first = case.numbers().await;
    run(&mut first, "INSERT INTO t (n) VALUES (1), (2)").await;
    begin(&mut first).await;
    run(&mut first, "UPDATE t SET m = 1 WHERE n = 1").await;
    let mut second = case.connect().await;
    let own = id(&mut second).await;
    begin(&mut second).await;
    run(&mut second, "UPDATE t SET m = 2 WHERE n = 2").await;
    // It waits for the first one.
    assert!(poll_times(20, second.execute(&sql("UPDATE t SET m = 2 WHERE n = 1"), &PLAIN)).await.is_none());
    drop(second);
    let gone = format!("SELECT count(*) FROM information_schema.processlist WHERE id = {own}");
    let start = Instant::now();
    while numbers(&mut first, &gone).await != [0] {
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    run(&mut first, "UPDATE t SET m = 1 WHERE n = 2").await;
    first.commit().await.unwrap();
    assert_eq!(numbers(&mut first, "SELECT m FROM t").await, [1, 1]);
    case.drop().await;
}

#[tokio::test]
async fn abandoned_streams() {
    let mut connection = driver_of(&server()).connect().await.unwrap();
    let long = sql("SELECT seq, REPEAT('x', 200) FROM seq_1_to_3000000");
    // A few rows are read to their end.
    let mut cursor = connection.fetch(&sql("SELECT seq FROM seq_1_to_100"), &PLAIN);
    assert!(cursor.next().await.unwrap().is_some());
    drop(cursor);
    assert!(!connection.is_clean());
    assert_eq!(numbers(&mut connection, "SELECT 7").await, [7]);
    assert!(connection.is_clean());
    let mut cursor = connection.fetch(&sql("SELECT seq FROM seq_1_to_100"), &PLAIN);
    assert!(cursor.next().await.unwrap().is_some());
    drop(cursor);
    connection.reset().await.unwrap();
    assert!(connection.is_clean());
    // All of them, where the connection is used on.
    let mut cursor = connection.fetch(&sql("SELECT seq FROM seq_1_to_100000"), &PLAIN);
    assert!(cursor.next().await.unwrap().is_some());
    drop(cursor);
    begin(&mut connection).await;
    assert_eq!(numbers(&mut connection, "SELECT 7").await, [7]);
    connection.rollback().await.unwrap();
    // A great many close it.
    let mut cursor = connection.fetch(&long, &PLAIN);
    assert!(cursor.next().await.unwrap().is_some());
    drop(cursor);
    let start = Instant::now();
    assert!(connection.reset().await.is_err() && connection.is_broken());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn time_limits() {
    let case = Case::new("limits").await;
    let mut connection = case.numbers().await;
    begin(&mut connection).await;
    run(&mut connection, "INSERT INTO t (n) VALUES (1)").await;
    let limit = ExecutionOptions::new().timeout(Duration::from_millis(100));
    let slow = sql("SELECT count(*) FROM information_schema.columns a, information_schema.columns b, \
                    information_schema.columns c");
    let start = Instant::now();
    let error = connection.execute(&slow, &limit).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { what: TimeoutKind::Statement, .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let write = sql("INSERT INTO t (n) SELECT count(*) FROM information_schema.columns a, \
                     information_schema.columns b, information_schema.columns c");
    let error = connection.execute(&write, &limit).await.unwrap_err();
    match case.is_mariadb() {
        true => assert!(matches!(error, Error::Timeout { what: TimeoutKind::Statement, .. }), "{error}"),
        false => assert!(matches!(error, Error::Unsupported { .. }), "{error}"),
    }
    let quick = bound("SELECT ?", [(Value::I64(3), DataType::BigInt)]);
    assert_eq!(connection.execute(&quick, &limit).await.unwrap(), 0);
    // The statement is undone, and the transaction is there.
    run(&mut connection, "INSERT INTO t (n) VALUES (2)").await;
    connection.commit().await.unwrap();
    assert_eq!(numbers(&mut connection, "SELECT n FROM t ORDER BY n").await, [1, 2]);
    // A limit of the session's own is taken back.
    connection.execute(&quick, &limit).await.unwrap();
    assert_eq!(connection.is_clean(), case.is_mariadb());
    connection.reset().await.unwrap();
    assert!(connection.is_clean());
    case.drop().await;
}

async fn id(connection: &mut Connection) -> i64 {
    numbers(connection, "SELECT CONNECTION_ID()").await[0]
}

#[tokio::test]
async fn lost_connections() {
    let case = Case::new("lost").await;
    let mut watcher = case.numbers().await;
    // While nothing runs, inside of a transaction, at its commit.
    for what in ["idle", "ping", "statement", "commit", "rollback"] {
        let mut connection = case.connect().await;
        if what != "idle" {
            begin(&mut connection).await;
            run(&mut connection, "INSERT INTO t (n) VALUES (1)").await;
        }
        let id = id(&mut connection).await;
        run(&mut watcher, &format!("KILL CONNECTION {id}")).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        let result = match what {
            "ping" => connection.ping().await,
            "commit" => connection.commit().await,
            "rollback" => {
                connection.rollback().await.unwrap();
                connection.ping().await
            }
            _ => connection.execute(&sql("INSERT INTO t (n) VALUES (2)"), &PLAIN).await.map(drop),
        };
        assert!(matches!(result, Err(Error::Connection { .. })), "{what}: {result:?}");
        assert!(connection.is_broken() && !connection.is_clean(), "{what}");
        assert!(connection.reset().await.is_err());
        connection.rollback().await.unwrap();
        connection.close().await;
        assert_eq!(count(&mut watcher).await, 0, "{what}");
    }
    // While a statement runs, and while its rows are read.
    let mut connection = case.connect().await;
    let own = id(&mut connection).await;
    let kill = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        run(&mut watcher, &format!("KILL CONNECTION {own}")).await;
    };
    let asleep = sql("DO SLEEP(30)");
    let (result, ()) = tokio::join!(connection.execute(&asleep, &PLAIN), kill);
    assert!(matches!(result, Err(Error::Connection { .. })), "{result:?}");
    let mut connection = case.connect().await;
    let own = id(&mut connection).await;
    let many = sql("SELECT seq, REPEAT('x', 1000) FROM seq_1_to_3000000");
    let mut cursor = connection.fetch(&many, &PLAIN);
    assert!(cursor.next().await.unwrap().is_some());
    run(&mut watcher, &format!("KILL CONNECTION {own}")).await;
    let error = loop {
        match cursor.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("half of the rows looked like all of them"),
            Err(error) => break error,
        }
    };
    // The statement is said to be interrupted, or the connection is cut at once.
    let interrupted =
        matches!(error, Error::Connection { .. } | Error::Timeout { what: TimeoutKind::Statement, .. });
    assert!(interrupted, "{error}");
    drop(cursor);
    assert!(connection.ping().await.is_err());
    // KILL QUERY ends the statement only.
    let mut connection = case.connect().await;
    let own = id(&mut connection).await;
    let kill = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        run(&mut watcher, &format!("KILL QUERY {own}")).await;
    };
    let slow = sql("SELECT count(*) FROM seq_1_to_100000000 a, seq_1_to_1000 b");
    let (result, ()) = tokio::join!(connection.execute(&slow, &PLAIN), kill);
    assert!(matches!(result, Err(Error::Timeout { what: TimeoutKind::Statement, .. })), "{result:?}");
    connection.ping().await.unwrap();
    case.drop().await;
}

#[tokio::test]
async fn two_phases() {
    let case = Case::new("xa").await;
    let mut watcher = case.numbers().await;
    let name = |number: u32| format!("orm's {} {number}", std::process::id());
    let mut connection = case.connect().await;
    connection.begin_two_phase(&name(1)).await.unwrap();
    assert!(connection.in_transaction());
    run(&mut connection, "INSERT INTO t (n) VALUES (1)").await;
    connection.prepare_two_phase(&name(1)).await.unwrap();
    assert!(!connection.in_transaction() && !connection.is_clean());
    assert!(watcher.prepared_transactions().await.unwrap().contains(&name(1)));
    assert_eq!(count(&mut watcher).await, 0);
    connection.commit_prepared(&name(1)).await.unwrap();
    assert!(connection.is_clean());
    assert_eq!(count(&mut watcher).await, 1);

    // One whose connection is gone.
    for (number, commits) in [(2, true), (3, false)] {
        let mut connection = case.connect().await;
        connection.begin_two_phase(&name(number)).await.unwrap();
        run(&mut connection, &format!("INSERT INTO t (n) VALUES ({number})")).await;
        connection.prepare_two_phase(&name(number)).await.unwrap();
        assert!(connection.reset().await.is_err());
        connection.close().await;
        let start = Instant::now();
        loop {
            let ended = match commits {
                true => watcher.commit_prepared(&name(number)).await,
                false => watcher.rollback_prepared(&name(number)).await,
            };
            match ended {
                Ok(()) => break,
                // The server takes a moment to see that it is gone.
                Err(_) if start.elapsed() < Duration::from_secs(5) => {
                    tokio::time::sleep(Duration::from_millis(10)).await
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert_eq!(numbers(&mut watcher, "SELECT n FROM t ORDER BY n").await, [1, 2]);

    // One that is not prepared ends as any other.
    for commits in [true, false] {
        connection.begin_two_phase(&name(4)).await.unwrap();
        run(&mut connection, "DELETE FROM t").await;
        assert!(fail(&mut connection, "CREATE TABLE x (n INT)").await.to_string().contains("XA"));
        match commits {
            false => connection.commit().await.unwrap(),
            true => connection.rollback().await.unwrap(),
        }
        assert!(connection.is_clean());
        assert_eq!(count(&mut watcher).await, if commits { 2 } else { 0 });
    }
    connection.begin_two_phase(&name(5)).await.unwrap();
    connection.reset().await.unwrap();
    assert!(connection.is_clean());
    assert!(connection.begin_two_phase(&"x".repeat(65)).await.is_err());
    assert!(connection.commit_prepared("orm: none of this name").await.is_err());
    assert!(!watcher.prepared_transactions().await.unwrap().contains(&name(4)));
    case.drop().await;
}

#[tokio::test]
async fn deadlocks() {
    let case = Case::new("deadlock").await;
    let mut first = case.numbers().await;
    run(&mut first, "INSERT INTO t (n) VALUES (1), (2)").await;
    let mut second = case.connect().await;
    for connection in [&mut first, &mut second] {
        begin(connection).await;
    }
    run(&mut first, "UPDATE t SET m = 1 WHERE n = 1").await;
    run(&mut second, "UPDATE t SET m = 2 WHERE n = 2").await;
    let (to_second, to_first) =
        (sql("UPDATE t SET m = 1 WHERE n = 2"), sql("UPDATE t SET m = 2 WHERE n = 1"));
    let (a, b) = tokio::join!(first.execute(&to_second, &PLAIN), second.execute(&to_first, &PLAIN));
    let (mut winner, mut loser, error) = match (a, b) {
        (Ok(1), Err(error)) => (first, second, error),
        (Err(error), Ok(1)) => (second, first, error),
        other => panic!("{other:?}"),
    };
    assert!(matches!(&error, Error::Deadlock { .. }) && error.is_retryable(), "{error}");
    // The server would run it outside of any transaction.
    assert!(loser.in_transaction());
    let error = fail(&mut loser, "INSERT INTO t (n) VALUES (9)").await;
    assert!(matches!(error, Error::Statement { kind: StatementKind::FailedTransaction, .. }), "{error}");
    assert!(loser.savepoint(1).await.is_err());
    let error = loser.commit().await.unwrap_err();
    assert!(matches!(error, Error::Statement { kind: StatementKind::FailedTransaction, .. }), "{error}");
    loser.rollback().await.unwrap();
    assert!(loser.is_clean());
    winner.commit().await.unwrap();
    assert_eq!(count(&mut loser).await, 2);
    case.drop().await;
}

#[tokio::test]
async fn waiting_for_a_lock() {
    let case = Case::new("lock").await;
    let mut first = case.numbers().await;
    run(&mut first, "INSERT INTO t (n) VALUES (1), (2)").await;
    begin(&mut first).await;
    run(&mut first, "UPDATE t SET m = 1 WHERE n = 1").await;
    let mut options = DriverOptions::default();
    options.setup = vec!["SET innodb_lock_wait_timeout = 1".into()];
    let mut second = case.with(options).connect().await.unwrap();
    begin(&mut second).await;
    run(&mut second, "UPDATE t SET m = 2 WHERE n = 2").await;
    let error = fail(&mut second, "UPDATE t SET m = 2 WHERE n = 1").await;
    assert!(
        matches!(error, Error::Timeout { what: TimeoutKind::Lock, .. }) && error.is_retryable(),
        "{error}"
    );
    let error = fail(&mut second, "SELECT * FROM t WHERE n = 1 FOR UPDATE NOWAIT").await;
    assert!(matches!(error, Error::Timeout { what: TimeoutKind::Lock, .. }), "{error}");
    first.commit().await.unwrap();
    // Only the statement was given up, as this server is set up.
    run(&mut second, "UPDATE t SET m = m + 2 WHERE n = 1").await;
    second.commit().await.unwrap();
    assert_eq!(numbers(&mut first, "SELECT m FROM t ORDER BY n").await, [3, 2]);
    case.drop().await;
}

/// MariaDB can refuse to write a row that someone has changed since the snapshot; newer ones do so by themselves.
#[tokio::test]
async fn a_row_that_has_changed_since() {
    let case = Case::new("snapshot").await;
    let mut first = case.numbers().await;
    if !case.is_mariadb() {
        return case.drop().await;
    }
    run(&mut first, "INSERT INTO t (n) VALUES (1), (2)").await;
    let mut options = DriverOptions::default();
    options.setup = vec!["SET innodb_snapshot_isolation = ON".into()];
    let mut second = case.with(options).connect().await.unwrap();
    begin(&mut second).await;
    run(&mut second, "UPDATE t SET m = 5 WHERE n = 2").await;
    assert_eq!(count(&mut second).await, 2);
    run(&mut first, "UPDATE t SET m = 1 WHERE n = 1").await;
    let error = fail(&mut second, "UPDATE t SET m = m + 1 WHERE n = 1").await;
    assert!(matches!(&error, Error::Serialization { .. }) && error.is_retryable(), "{error}");
    let error = fail(&mut second, "UPDATE t SET m = 6 WHERE n = 2").await;
    assert!(matches!(error, Error::Statement { kind: StatementKind::FailedTransaction, .. }), "{error}");
    second.rollback().await.unwrap();
    assert_eq!(numbers(&mut second, "SELECT m FROM t ORDER BY n").await, [1, 0]);
    case.drop().await;
}

#[tokio::test]
async fn errors_of_statements() {
    let case = Case::new("errors").await;
    let mut connection = case.connect().await;
    run(
        &mut connection,
        "CREATE TABLE parent (id INT PRIMARY KEY, name VARCHAR(5) NOT NULL, CONSTRAINT parent_name UNIQUE (name), \
         CONSTRAINT short CHECK (name <> 'no'))",
    )
    .await;
    run(
        &mut connection,
        "CREATE TABLE child (id INT PRIMARY KEY, parent_id INT, small TINYINT CHECK (small < 100), \
         CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id))",
    )
    .await;
    run(&mut connection, "INSERT INTO parent VALUES (1, 'one')").await;
    run(&mut connection, "INSERT INTO child VALUES (1, 1, 1)").await;
    let violations = [
        ("INSERT INTO parent VALUES (1, 'two')", IntegrityKind::Unique, [Some("PRIMARY"), None, None]),
        ("INSERT INTO parent VALUES (2, 'one')", IntegrityKind::Unique, [Some("parent_name"), None, None]),
        ("INSERT INTO parent VALUES (2, NULL)", IntegrityKind::NotNull, [None, None, Some("name")]),
        ("INSERT INTO parent (id) VALUES (2)", IntegrityKind::NotNull, [None, None, Some("name")]),
        ("INSERT INTO parent VALUES (2, 'no')", IntegrityKind::Check, [Some("short"), Some("parent"), None]),
        ("INSERT INTO child VALUES (2, 1, 100)", IntegrityKind::Check, [None, Some("child"), Some("small")]),
        (
            "INSERT INTO child VALUES (2, 2, 1)",
            IntegrityKind::ForeignKey,
            [Some("child_parent"), Some("child"), Some("parent_id")],
        ),
        (
            "DELETE FROM parent",
            IntegrityKind::ForeignKey,
            [Some("child_parent"), Some("child"), Some("parent_id")],
        ),
    ];
    for (text, expected, names) in violations {
        match fail(&mut connection, text).await {
            Error::Integrity { kind, constraint, table, column, .. } => {
                assert_eq!(
                    (kind, [constraint, table, column]),
                    (expected, names.map(|name| name.map(Into::into))),
                    "{text}"
                );
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let kinds = [
        ("SELEC 1", StatementKind::Syntax),
        ("SELECT 1 FROM", StatementKind::Syntax),
        ("SELECT * FROM nothing", StatementKind::NoSuchTable),
        ("DROP TABLE nothing", StatementKind::NoSuchTable),
        ("SELECT nothing FROM parent", StatementKind::NoSuchColumn),
        ("CREATE TABLE parent (id INT)", StatementKind::AlreadyExists),
        ("CREATE INDEX parent_name ON parent (id)", StatementKind::AlreadyExists),
        ("CREATE DATABASE mysql", StatementKind::AlreadyExists),
    ];
    for (text, expected) in kinds {
        match fail(&mut connection, text).await {
            Error::Statement { kind, .. } => assert_eq!(kind, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let data = [
        ("INSERT INTO parent VALUES (2, 'longer')", DataKind::TooLong),
        ("INSERT INTO child VALUES (2, 1, 1000)", DataKind::OutOfRange),
        ("SELECT 9223372036854775807 + 1", DataKind::OutOfRange),
        ("INSERT INTO child VALUES (2, 1, 'x')", DataKind::Malformed),
        ("INSERT INTO child VALUES (2, 1, 1 / 0)", DataKind::DivisionByZero),
    ];
    for (text, expected) in data {
        match fail(&mut connection, text).await {
            Error::Data { kind, .. } => assert_eq!(kind, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let other = fail(&mut connection, "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'mine'").await;
    assert!(
        matches!(&other, Error::Database { message, code: Some(code), .. } if message == "mine" && code == "1644")
    );
    let nul = connection.execute(&sql("SELECT 1\0"), &PLAIN).await;
    assert!(matches!(nul, Err(Error::Compile(CompileError::Invalid(_)))));
    // After all these, it answers what it is asked.
    assert_eq!(numbers(&mut connection, "SELECT 5").await, [5]);
    case.drop().await;
}

#[tokio::test]
async fn results_of_procedures_and_long_packets() {
    let case = Case::new("procedures").await;
    let mut connection = case.numbers().await;
    run(&mut connection, "INSERT INTO t (n) VALUES (1), (2)").await;
    run(&mut connection, "CREATE PROCEDURE p() BEGIN SELECT n FROM t ORDER BY n; SELECT 'a', 0.5e0; END")
        .await;
    let read =
        rows(&mut connection, &sql("CALL p()"), |row| (row.len(), row.data_type(0).unwrap())).await.unwrap();
    assert_eq!(read, [(1, DataType::Integer), (1, DataType::Integer), (2, DataType::Text)]);
    assert_eq!(numbers(&mut connection, "SELECT 5").await, [5]);
    // Longer than the longest packet of the protocol's own would need a server that takes it.
    let long = bound("SELECT ?", [(Value::Bytes(vec![7; 10 << 20]), DataType::Bytes)]);
    assert_eq!(one(&mut connection, &long, |row| row.bytes(0).unwrap().unwrap().len()).await, 10 << 20);
    let too_long = bound("SELECT ?", [(Value::Bytes(vec![7; 40 << 20]), DataType::Bytes)]);
    let error = connection.execute(&too_long, &PLAIN).await.unwrap_err();
    assert!(
        matches!(error, Error::Data { kind: DataKind::TooLong, .. } | Error::Connection { .. }),
        "{error}"
    );
    assert!(connection.is_broken());
    case.drop().await;
}
