//! The corpus as it was written down.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value as Json;

/// One statement of the corpus.
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) kind: String,
    /// Python.
    pub(crate) source: String,
    pub(crate) dialects: BTreeMap<String, Said>,
    #[serde(default)]
    pub(crate) results: BTreeMap<String, Outcome>,
    /// SQLAlchemy itself gives the statements in no fixed order.
    #[serde(default)]
    pub(crate) any_order: bool,
}

/// What SQLAlchemy says for one dialect.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Said {
    Unsupported { unsupported: String },
    Pages { statements: Vec<Page> },
    Executemany { sql: String, executemany: Vec<Vec<Json>> },
    Ddl { sql: Vec<String> },
    One(Page),
}

/// A statement with what is bound to it.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    pub(crate) sql: String,
    #[serde(default)]
    pub(crate) binds: Vec<Json>,
}

/// What a statement does on one database.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) rows: Option<Vec<Vec<Json>>>,
    #[serde(default)]
    pub(crate) ordered: bool,
    pub(crate) changed: Option<BTreeMap<String, Change>>,
    /// Kind, name and table of what is there after a DDL.
    pub(crate) sqlite_master: Option<Vec<(String, String, String)>>,
    /// Why the result cannot be repeated.
    pub(crate) skipped: Option<String>,
}

/// The rows of a table that are there after a statement, and those that are gone.
#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    pub(crate) now: Vec<Vec<Json>>,
    pub(crate) gone: Vec<Vec<Json>>,
}

/// The tables that all statements are written on, and their rows.
#[derive(Debug, Deserialize)]
pub(crate) struct Fixture {
    pub(crate) create_table: BTreeMap<String, Vec<String>>,
    pub(crate) create_table_pg_only: Vec<String>,
    pub(crate) rows: BTreeMap<String, Vec<serde_json::Map<String, Json>>>,
}

struct Corpus {
    fixture: Fixture,
    lines: Vec<Line>,
}

fn corpus() -> &'static Corpus {
    static CORPUS: OnceLock<Corpus> = OnceLock::new();
    CORPUS.get_or_init(|| {
        let mut lines = include_str!("core.jsonl").lines();
        let fixture = serde_json::from_str(lines.next().unwrap()).unwrap();
        let line = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Corpus { fixture, lines: lines.map(line).collect() }
    })
}

/// All statements, in their order.
pub(crate) fn lines() -> &'static [Line] {
    &corpus().lines
}

/// The fixture.
pub(crate) fn fixture() -> &'static Fixture {
    &corpus().fixture
}

/// Whether `CORPUS` asks for the statement: all where it is not set.
pub(crate) fn is_wanted(line: &Line) -> bool {
    wanted().is_none_or(|wanted| wanted.split(',').any(|name| name == line.name || name == line.group))
}

/// The groups and statements that `CORPUS` asks for, if it does.
pub(crate) fn wanted() -> Option<&'static str> {
    static WANTED: OnceLock<Option<String>> = OnceLock::new();
    WANTED.get_or_init(|| std::env::var("CORPUS").ok().filter(|names| !names.is_empty())).as_deref()
}

impl Said {
    /// Whether the statement is not meant for this dialect at all.
    pub(crate) fn is_of_others(&self) -> bool {
        matches!(self, Said::Unsupported { unsupported } if unsupported.starts_with("construct specific to "))
    }
}
