//! Random statements: whatever a tree holds, no dialect panics; what makes sense is understood by the servers; and no name
//! or text breaks out of its quotes. `ORM_FUZZ_SEED=7 cargo test --test corpus fuzz` asks other ones.

mod anything;
mod luck;
mod meant;

use orm::driver::DriverConnection;
use orm::tree::{Expr, From, Select, SelectItem, Statement};
use orm::{Bind, CompileError, Compiled, DataType, Dialect, ExecutionOptions, Value};
use orm_test_servers::{Kind, find, required};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::servers::{self, Place};
use crate::{dialects, sqlite};
use luck::Luck;

/// Choices, from which a tree is made: fewer and smaller ones make a smaller tree.
fn choices() -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::vec(any::<u32>(), 0..400)
}

/// The same statements in each run, and others for each number in `ORM_FUZZ_SEED`.
fn runner(cases: u32) -> TestRunner {
    let mut seed = [0; 32];
    let number: u64 =
        std::env::var("ORM_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_default();
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

#[test]
fn no_tree_makes_a_dialect_panic() {
    let dialects: Vec<Box<dyn Dialect>> =
        dialects::NAMES.iter().map(|name| dialects::dialect(name)).collect();
    runner(2_000)
        .run(&choices(), |choices| {
            let statement = anything::statement(&mut Luck::new(&choices));
            for dialect in &dialects {
                // An error is an answer.
                _ = dialect.compile(&statement);
                _ = dialect.compile_literal(&statement);
            }
            Ok(())
        })
        .unwrap();
}

/// Runs random statements that make sense through `understood`, which gives what the database says against one.
fn each_meant(
    cases: u32,
    dialect: &dyn Dialect,
    mut understood: impl FnMut(&Compiled) -> Result<(), String>,
) {
    let (mut asked, mut unsupported) = (0_u32, 0_u32);
    let mut runner = runner(cases);
    for _ in 0..cases {
        // Shrinking asks the server again and again: a failure is shown as it was found.
        let choices = choices().new_tree(&mut runner).unwrap().current();
        let statement = meant::statement(&mut Luck::new(&choices));
        match dialect.compile(&statement) {
            Ok(compiled) => {
                asked += 1;
                if let Err(why) = understood(&compiled) {
                    panic!(
                        "{} does not understand:\n{}\n{why}\n{statement:#?}",
                        dialect.name(),
                        compiled.sql
                    );
                }
            }
            Err(CompileError::Unsupported { .. }) => unsupported += 1,
            Err(error) => panic!("{error}: {statement:#?}"),
        }
    }
    assert!(asked > unsupported, "{asked} statements asked, {unsupported} unsupported");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_understands_what_makes_sense() {
    let mut memory = sqlite::Memory::with_fixture().await;
    let connection = &mut *memory.connection;
    let runtime = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        each_meant(1_500, &*dialects::dialect("sqlite"), |compiled| {
            let explain =
                Compiled { sql: format!("EXPLAIN {}", compiled.sql).into(), binds: compiled.binds.clone() };
            runtime.block_on(names_and_texts(connection, &explain)).map(drop)
        });
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_understand_what_makes_sense() {
    for (name, kind) in [("postgresql", Kind::PostgreSql), ("mariadb", Kind::MariaDb)] {
        let server = match find(kind) {
            Ok(server) => server,
            Err(missing) => {
                assert!(!required(), "{missing}");
                eprintln!("skipped: {missing}");
                continue;
            }
        };
        let mut place = Place::with_fixture(name, server).await;
        let runtime = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| {
            each_meant(800, &*dialects::dialect(name), |compiled| {
                runtime.block_on(servers::prepare(&mut place, compiled))
            });
        });
        place.drop().await;
    }
}

/// What could end a name or a text, or start something else, in one database or another. (MariaDB cuts white space and what is
/// not printed off the front of an alias: no such name is here.)
const HOSTILE: &[&str] = &[
    "a\"b",
    "a'b",
    "a`b",
    "a]b",
    "[a",
    "a\\",
    "a\\'b",
    "'; DROP TABLE users; --",
    "\"; DROP TABLE users; --",
    "`; DROP TABLE users; -- ",
    "]; DROP TABLE users; --",
    "$1",
    "?",
    ":name",
    "@p1",
    "%s",
    "100%",
    "/* a",
    "-- a",
    "a\nb",
    "a\tb",
    "ü",
    "select",
    "ORDER",
    "Mixed Case",
    "''",
    "\"\"",
    "$$",
    "$tag$",
    "a--b",
    "{a}",
    "x'00'",
];

/// A query whose names and texts are hostile, and what it gives when nothing breaks out.
fn hostile(name: &str) -> Select {
    let literal =
        |text: &str| Expr::Literal(Box::new(Bind::new(Value::Text(text.to_owned()), DataType::Text)));
    let inner = Select {
        columns: vec![SelectItem {
            expr: literal(name),
            label: Some(name.to_owned().into()),
            left_out: false,
        }],
        ..Select::default()
    };
    let column = orm::tree::ColumnRef {
        source: orm::tree::SourceRef::named(name.to_owned()),
        name: name.to_owned().into(),
        data_type: DataType::Text,
    };
    let bind = Expr::Bind(Bind::new(Value::Text(name.to_owned()), DataType::Text));
    Select {
        columns: vec![
            SelectItem { expr: Expr::Column(column), label: Some(name.to_owned().into()), left_out: false },
            SelectItem { expr: bind, label: Some("bound".into()), left_out: false },
        ],
        from: vec![From::query(inner, name.to_owned())],
        ..Select::default()
    }
}

async fn nothing_breaks_out(connection: &mut dyn DriverConnection, dialect: &dyn Dialect) {
    for name in HOSTILE {
        let compiled = match dialect.compile(&Statement::Select(hostile(name))) {
            Ok(compiled) => compiled,
            Err(CompileError::Identifier { .. }) => continue,
            Err(error) => panic!("{error}"),
        };
        let (names, texts) = names_and_texts(connection, &compiled)
            .await
            .unwrap_or_else(|why| panic!("{why}: {}", compiled.sql));
        assert_eq!((&*names[0], &*names[1]), (*name, "bound"), "{}: {}", dialect.name(), compiled.sql);
        assert_eq!(
            texts,
            [Some((*name).to_owned()), Some((*name).to_owned())],
            "{}: {}",
            dialect.name(),
            compiled.sql
        );
        let literal = dialect.compile_literal(&Statement::Select(hostile(name))).unwrap();
        let compiled = Compiled { sql: literal.into(), binds: Vec::new() };
        let (_, texts) = names_and_texts(connection, &compiled)
            .await
            .unwrap_or_else(|why| panic!("{why}: {}", compiled.sql));
        assert_eq!(
            texts,
            [Some((*name).to_owned()), Some((*name).to_owned())],
            "{}: {}",
            dialect.name(),
            compiled.sql
        );
    }
}

/// The names of a result's columns, and the texts of its first row.
async fn names_and_texts(
    connection: &mut dyn DriverConnection,
    compiled: &Compiled,
) -> Result<(Vec<String>, Vec<Option<String>>), String> {
    let mut cursor = connection.fetch(compiled, &ExecutionOptions::new());
    let (mut names, mut texts) = (Vec::new(), Vec::new());
    while let Some(row) = cursor.next().await.map_err(|error| error.to_string())? {
        if names.is_empty() {
            names = (0..row.len()).map(|at| row.column_name(at).unwrap_or("").to_owned()).collect();
            texts =
                (0..row.len()).map(|at| row.text(at).ok().flatten().map(|text| text.into_owned())).collect();
        }
    }
    Ok((names, texts))
}

#[tokio::test]
async fn no_name_and_no_text_breaks_out_of_its_quotes() {
    let mut memory = sqlite::Memory::with_fixture().await;
    nothing_breaks_out(&mut *memory.connection, &*dialects::dialect("sqlite")).await;
    for (name, kind) in [("postgresql", Kind::PostgreSql), ("mariadb", Kind::MariaDb)] {
        match find(kind) {
            Ok(server) => {
                let mut place = Place::with_fixture(name, server).await;
                nothing_breaks_out(&mut *place.connection, &*dialects::dialect(name)).await;
                place.drop().await;
            }
            Err(missing) => {
                assert!(!required(), "{missing}");
                eprintln!("skipped: {missing}");
            }
        }
    }
}

/// Where no server is to be had, a name's quotes are counted.
#[test]
fn names_stay_between_their_quotes() {
    for (dialect, open, close) in [("mssql", '[', ']'), ("oracle", '"', '"')] {
        let compiler = dialects::dialect(dialect);
        for name in HOSTILE {
            let Ok(compiled) = compiler.compile(&Statement::Select(hostile(name))) else { continue };
            let quoted = format!("{open}{}{close}", name.replace(close, &format!("{close}{close}")));
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            assert!(plain || compiled.sql.contains(&quoted), "{dialect}: {name:?} in {}", compiled.sql);
            let text = format!("'{}'", name.replace('\'', "''"));
            assert!(compiled.sql.contains(&text), "{dialect}: {name:?} in {}", compiled.sql);
        }
    }
}
