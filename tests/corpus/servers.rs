//! What compiles on PostgreSQL and MariaDB is understood by the real servers, and does there what the corpus says.
//!
//! Each statement runs in a transaction of its own, on the fixture, and is rolled back; PREPARE comes first, for those whose
//! result cannot be repeated. DDL runs in a schema (or database) of its own.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use orm::driver::{Driver, DriverConnection, DriverOptions, TransactionOptions};
use orm::{Compiled, DataType, RangeType};
use orm_dialects::mysql::MySqlDriver;
use orm_dialects::postgres::PostgresDriver;
use orm_test_servers::report::Case as Report;
use orm_test_servers::{Kind, Server, find, required};

use crate::core::{self, Line, Outcome};
use crate::{compare, dialects, differences, fixture, rows};

/// Tables of the statements that are on none of the fixture's, in the words of both servers.
const MORE: &[(&str, &[&str])] = &[
    (
        "postgresql",
        &[
            r#"CREATE TABLE "order" ("select" integer PRIMARY KEY, "from" varchar(10), "user" varchar(10))"#,
            r#"CREATE TABLE "MixedCase" ("Id" integer PRIMARY KEY, "camelName" varchar(10), lower varchar(10))"#,
            r#"CREATE TABLE "my table" ("a b" integer, "c%d" integer, "e:f" integer, "q""q" integer, "b]b" integer,
               "t`t" integer, "9lives" integer, "naïve" integer)"#,
            "CREATE TABLE plain (id integer)",
            "CREATE TABLE upper (id integer)",
            "CREATE TABLE keyed (db_name integer)",
            "CREATE TABLE autos (id serial PRIMARY KEY)",
        ],
    ),
    (
        "mariadb",
        &[
            "CREATE TABLE `order` (`select` integer PRIMARY KEY, `from` varchar(10), `user` varchar(10))",
            "CREATE TABLE MixedCase (Id integer PRIMARY KEY, camelName varchar(10), lower varchar(10))",
            "CREATE TABLE `my table` (`a b` integer, `c%d` integer, `e:f` integer, `q\"q` integer, `b]b` integer,
               `t``t` integer, `9lives` integer, `naïve` integer)",
            "CREATE TABLE plain (id integer)",
            "CREATE TABLE UPPER (Id integer)",
            "CREATE TABLE keyed (db_name integer)",
            "CREATE TABLE autos (id integer AUTO_INCREMENT PRIMARY KEY)",
        ],
    ),
];

/// A place of its own on a server.
pub(crate) struct Place {
    dialect: &'static str,
    server: &'static Server,
    name: String,
    pub(crate) connection: Box<dyn DriverConnection>,
    _driver: Box<dyn Driver>,
}

impl Place {
    async fn new(dialect: &'static str, server: &'static Server) -> Place {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("orm_corpus_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let (_driver, mut connection) = open(dialect, &server.url).await;
        let sql = format!("CREATE SCHEMA {name}");
        fixture::run(&mut *connection, &sql, Vec::new()).await.unwrap();
        connection.close().await;
        let url = if dialect == "postgresql" {
            // Extensions are in `public`, as they are where a user has them.
            let sign = if server.url.contains('?') { '&' } else { '?' };
            format!("{}{sign}options=-c%20search_path%3D{name},public", server.url)
        } else {
            let (place, options) = server.url.split_once('?').unwrap_or((&server.url, ""));
            let (host, _) = place.rsplit_once('/').unwrap();
            format!("{host}/{name}?{options}").trim_end_matches('?').to_owned()
        };
        let (_driver, connection) = open(dialect, &url).await;
        Place { dialect, server, name, connection, _driver }
    }

    pub(crate) async fn with_fixture(dialect: &'static str, server: &'static Server) -> Place {
        let mut place = Place::new(dialect, server).await;
        let connection = &mut *place.connection;
        if dialect == "postgresql" {
            for sql in [
                "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public",
                "CREATE TYPE user_status AS ENUM ('ACTIVE', 'PENDING', 'DISABLED')",
            ] {
                fixture::run(connection, sql, Vec::new()).await.unwrap();
            }
        }
        fixture::create(connection, dialect).await;
        if dialect == "postgresql" {
            for sql in
                core::fixture().create_table_pg_only.iter().map(String::as_str).chain(DOCS.iter().copied())
            {
                fixture::run(connection, sql, Vec::new()).await.unwrap();
            }
        }
        // The statements of `type_behaviour` define it beside themselves.
        let custom = "CREATE TABLE custom (id INTEGER PRIMARY KEY, price INTEGER, code VARCHAR(10))";
        fixture::run(connection, custom, Vec::new()).await.unwrap();
        for (_, list) in MORE.iter().filter(|(of, _)| *of == dialect) {
            for sql in *list {
                fixture::run(connection, sql, Vec::new()).await.unwrap();
            }
        }
        place
    }

    pub(crate) async fn drop(self) {
        self.connection.close().await;
        let (_driver, mut connection) = open(self.dialect, &self.server.url).await;
        let cascade = if self.dialect == "postgresql" { " CASCADE" } else { "" };
        let sql = format!("DROP SCHEMA {}{cascade}", self.name);
        fixture::run(&mut *connection, &sql, Vec::new()).await.unwrap();
        connection.close().await;
    }
}

/// The rows of `docs`.
const DOCS: &[&str] = &[
    r#"INSERT INTO docs VALUES (1, '{red,blue}', '{1,2,3}', '{{1,2},{3,4}}',
        '{"a": {"b": [10, 20]}, "name": "one", "tags": ["x", "y"]}', 'k=>v, n=>1', '[1,10)', '[2024-01-01,2024-02-01)',
        '{[1,3),[5,8)}', 'the quick brown fox', to_tsvector('english', 'the quick brown fox'), NULL, '10.0.0.1')"#,
    r#"INSERT INTO docs VALUES (2, '{}', '{7}', NULL, '{"a": null, "name": "two", "n": 5}', '', '[10,20)', '[2024-02-01,)',
        '{}', 'a lazy dog sleeps', to_tsvector('english', 'a lazy dog sleeps'), NULL, '192.168.1.0/24')"#,
    "INSERT INTO docs (id) VALUES (3)",
];

async fn open(dialect: &str, url: &str) -> (Box<dyn Driver>, Box<dyn DriverConnection>) {
    let options = DriverOptions::default();
    let driver: Box<dyn Driver> = match dialect {
        "postgresql" => Box::new(PostgresDriver::new(url, options).unwrap()),
        _ => Box::new(MySqlDriver::new(url, options).unwrap()),
    };
    let connection = driver.connect().await.unwrap();
    (driver, connection)
}

/// Whether the server understands a text.
pub(crate) async fn prepare(place: &mut Place, compiled: &Compiled) -> Result<(), String> {
    let connection = &mut *place.connection;
    let (sql, end) = match place.dialect {
        "postgresql" => {
            let types: Vec<String> = compiled.binds.iter().map(|bind| type_name(&bind.data_type)).collect();
            let types = if types.is_empty() { String::new() } else { format!("({})", types.join(", ")) };
            // In a text: our driver counts placeholders, and these are to have no values.
            let prepare = format!("PREPARE orm_corpus {types} AS {}", compiled.sql);
            (format!("DO $do$ BEGIN EXECUTE $of${prepare}$of$; END $do$"), "DEALLOCATE orm_corpus")
        }
        _ => (
            format!("PREPARE orm_corpus FROM '{}'", compiled.sql.replace('\'', "''")),
            "DEALLOCATE PREPARE orm_corpus",
        ),
    };
    fixture::run(connection, &sql, Vec::new()).await?;
    fixture::run(connection, end, Vec::new()).await?;
    Ok(())
}

/// The type that PostgreSQL's driver sends a value as.
fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Double => "double precision".to_owned(),
        DataType::Numeric { .. } | DataType::UnsignedBigInt => "numeric".to_owned(),
        DataType::UnsignedSmallInt => "integer".to_owned(),
        DataType::UnsignedInteger => "bigint".to_owned(),
        DataType::Text | DataType::Varchar(_) => "text".to_owned(),
        DataType::Bytes => "bytea".to_owned(),
        DataType::Timestamp => "timestamp".to_owned(),
        DataType::TimestampTz => "timestamptz".to_owned(),
        DataType::Enum(e) if e.native => e.name.to_string(),
        DataType::Enum(_) => "text".to_owned(),
        DataType::Range(range) => match range {
            RangeType::Integer => "int4range",
            RangeType::BigInt => "int8range",
            RangeType::Numeric => "numrange",
            RangeType::Date => "daterange",
            RangeType::Timestamp => "tsrange",
            RangeType::TimestampTz => "tstzrange",
        }
        .to_owned(),
        DataType::Array(element) => format!("{}[]", type_name(element)),
        other => other.to_string(),
    }
}

/// Prepares statements, and runs them where the corpus has what they do.
async fn run(place: &mut Place, line: &Line, statements: &[Compiled]) -> Result<(), String> {
    // One statement may need the one before it.
    if let [one] = statements {
        prepare(place, one).await?;
    }
    let Some(outcome) = line.results.get(place.dialect).filter(|outcome| outcome.skipped.is_none()) else {
        return Ok(());
    };
    if outcome.changed.is_some() || outcome.rows.is_some() && line.kind == "insert" {
        reset_counters(place).await?;
    }
    place.connection.begin(&TransactionOptions::new()).await.map_err(|error| error.to_string())?;
    let done = run_in_transaction(place, line, outcome, statements).await;
    place.connection.rollback().await.map_err(|error| error.to_string())?;
    done
}

/// The counters of keys go on behind the fixture's rows, as they did where the corpus was made: no rollback sets them
/// back.
async fn reset_counters(place: &mut Place) -> Result<(), String> {
    for table in fixture::TABLES.iter().filter(|table| table.columns.iter().any(|column| column.name == "id"))
    {
        let name = &*table.name;
        let sql = match place.dialect {
            "postgresql" => {
                format!("SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
            }
            _ => format!("ALTER TABLE {name} AUTO_INCREMENT = 1"),
        };
        rows::fetch(&mut *place.connection, &Compiled { sql: sql.into(), binds: Vec::new() }).await?;
    }
    Ok(())
}

/// Statements whose text asks for a key, by which SQLAlchemy sorts the rows and which it does not give out.
const SORTED_BY_KEY: &[&str] = &["insertmanyvalues_sorted_client_key"];

async fn run_in_transaction(
    place: &mut Place,
    line: &Line,
    outcome: &Outcome,
    statements: &[Compiled],
) -> Result<(), String> {
    let mut found = Vec::new();
    for statement in statements {
        found.extend(rows::fetch(&mut *place.connection, statement).await?);
    }
    if SORTED_BY_KEY.contains(&line.name.as_str()) {
        found.iter_mut().for_each(|row| drop(row.pop()));
    }
    if let Some(expected) = &outcome.rows
        && let Some(difference) = rows::difference(&found, expected, outcome.ordered)
    {
        return Err(difference);
    }
    for table in fixture::TABLES {
        let Some(change) = outcome.changed.as_ref().and_then(|changed| changed.get(&*table.name)) else {
            continue;
        };
        let mut expected = fixture::rows(table);
        expected.retain(|row| !change.gone.contains(row));
        expected.extend(change.now.iter().cloned());
        let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
        let sql = format!("SELECT {} FROM {}", names.join(", "), table.name);
        let found =
            rows::fetch(&mut *place.connection, &Compiled { sql: sql.into(), binds: Vec::new() }).await?;
        if let Some(difference) = rows::difference(&found, &expected, false) {
            return Err(format!("{}:\n{difference}", table.name));
        }
    }
    Ok(())
}

/// Runs DDL in a place of its own.
async fn run_ddl(
    dialect: &'static str,
    server: &'static Server,
    line: &Line,
    statements: &[Compiled],
) -> Result<(), String> {
    let mut place = Place::new(dialect, server).await;
    let mut done = Ok(());
    let before = fixture::before_ddl(&line.name, dialect);
    let before = before.into_iter().map(|sql| Compiled { sql: sql.into(), binds: Vec::new() });
    for statement in before.chain(statements.iter().cloned()) {
        done = rows::fetch(&mut *place.connection, &statement)
            .await
            .map(drop)
            .map_err(|error| format!("{error}: {}", statement.sql));
        if done.is_err() {
            break;
        }
    }
    place.drop().await;
    done
}

/// Statements that only another set-up of the server takes, and which.
fn needs_more(dialect: &str, name: &str) -> Option<&'static str> {
    match (dialect, name) {
        ("mariadb", "ddl_index_mysql_length_prefix") => Some("the parser ngram, which is MySQL's"),
        ("postgresql", "ddl_pg_options") => Some("a tablespace called ts"),
        (_, "schema_qualified_join") => Some("a schema called app"),
        (_, "func_typed") => Some("a function called my_total"),
        (_, "schema_translate_map_none") => Some("a schema called tenant_a"),
        ("postgresql", "func_package_qualified" | "func_mixed_case_and_trailing_underscore") => {
            Some("functions that nobody has")
        }
        ("mariadb", "func_package_qualified" | "func_mixed_case_and_trailing_underscore") => {
            Some("functions that nobody has")
        }
        _ => None,
    }
}

async fn all_on(dialect: &'static str, kind: Kind) {
    let server = match find(kind) {
        Ok(server) => server,
        Err(missing) => {
            assert!(!required(), "{missing}");
            let _ = writeln!(std::io::stderr(), "NOT CHECKED: the {dialect} texts of the corpus: {missing}");
            Report::begin(kind.name()).skipped(&missing.to_string());
            return;
        }
    };
    let report = Report::begin(kind.name());
    let cases = compare::cases_by_name();
    let mut place = Place::with_fixture(dialect, server).await;
    let (mut failures, mut ran, mut unwritten) = (String::new(), 0, 0);
    for line in core::lines().iter().filter(|line| core::is_wanted(line)) {
        let Some(case) = cases.get(line.name.as_str()) else { continue };
        let Some(Ok(statements)) = case.compile(dialect, &*dialects::dialect(dialect)) else { continue };
        if needs_more(dialect, &line.name).is_some() {
            continue;
        }
        ran += 1;
        let done = if line.kind == "ddl" {
            run_ddl(dialect, server, line, &statements).await
        } else {
            run(&mut place, line, &statements).await
        };
        if differences::gives_other_rows(&line.name, dialect) {
            if done.is_ok() {
                let _ = writeln!(
                    failures,
                    "{}: gives the corpus' rows, and is listed as giving others\n",
                    line.name
                );
            }
            continue;
        }
        if let Err(why) = done {
            if differences::is_unwritten(&line.group, dialect) && core::wanted().is_none() {
                unwritten += 1;
                continue;
            }
            let text = statements.first().map_or("", |statement| &statement.sql);
            let _ = writeln!(failures, "{}: {}\n{text}\n{why}\n", line.name, line.source);
        }
    }
    place.drop().await;
    let _ = writeln!(
        std::io::stderr(),
        "{dialect}: {ran} statements prepared and run ({unwritten} of groups not written yet differ)"
    );
    assert!(failures.is_empty(), "these are refused by {dialect}, or do something else:\n\n{failures}");
    report.passed();
}

#[tokio::test]
async fn postgresql_takes_its_texts() {
    all_on("postgresql", Kind::PostgreSql).await;
}

#[tokio::test]
async fn mariadb_takes_its_texts() {
    all_on("mariadb", Kind::MariaDb).await;
}
