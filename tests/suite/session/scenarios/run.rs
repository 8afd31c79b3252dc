//! A scenario in our API, and how it is compared.

use std::cell::RefCell;

use orm::prelude::*;
use orm::{Features, Relationship, SessionError, Value as Cell};
use serde_json::{Value, json};

use super::kinds::{batched, kind};
use super::models;
use super::oracle::Oracle;
use crate::databases::{Database, on_each_with};
use crate::support::Statements;

/// A scenario, and what is another here than on SQLAlchemy.
pub(super) struct Scenario {
    oracle: Oracle,
    sends: Option<Vec<&'static str>>,
    differences: Vec<&'static str>,
    needs: (fn(&Features) -> bool, &'static str),
    not_on_seekdb: bool,
}

/// The scenario of that name.
pub(super) fn scenario(name: &str) -> Scenario {
    Scenario {
        oracle: Oracle::of(name),
        sends: None,
        differences: Vec::new(),
        needs: (|_| true, ""),
        not_on_seekdb: false,
    }
}

impl Scenario {
    /// The statements are others than SQLAlchemy's (no more of them, though): exactly these, and why.
    pub(super) fn sends(mut self, why: &'static str, statements: &[&'static str]) -> Self {
        self.sends = Some(statements.to_vec());
        self.differences.push(why);
        self
    }

    /// It comes to something else than on SQLAlchemy, and why.
    pub(super) fn comes_to(mut self, why: &'static str, outcome: Value) -> Self {
        self.oracle.outcome = outcome;
        self.differences.push(why);
        self
    }

    /// It needs what not every database has; `what` names it in the report.
    pub(super) fn only_with(mut self, has: fn(&Features) -> bool, what: &'static str) -> Self {
        self.needs = (has, what);
        self
    }

    /// seekdb, which stands in for MySQL, does something else there, and what.
    pub(super) fn not_on_seekdb(mut self, _what: &'static str) -> Self {
        self.not_on_seekdb = true;
        self
    }

    /// Runs it on each database, and compares.
    pub(super) async fn run(self, case: impl AsyncFn(&Run<'_>) -> orm::Result<Value>) {
        let name = &self.oracle.name;
        let (has, what) = self.needs;
        on_each_with(has, what, async |db| {
            if self.not_on_seekdb && db.server.is_some_and(|server| server.is_seekdb()) {
                return;
            }
            models::create(&db.engine, &self.oracle.source).await;
            let run = Run { db, sent: Statements::record(), log: RefCell::default() };
            run.sent.take();
            let outcome = match case(&run).await {
                Ok(outcome) => outcome,
                Err(error) => panic!("{name} on {}: {error}", db.name),
            };
            run.keep();
            assert_eq!(
                in_order(outcome),
                in_order(self.oracle.outcome.clone()),
                "{name} on {} comes to something else",
                db.name
            );
            if db.server.is_none() {
                self.compare(&run.log.borrow());
            }
        })
        .await;
        for why in &self.differences {
            eprintln!("{name}: other than SQLAlchemy: {why}");
        }
    }

    fn compare(&self, sent: &[String]) {
        let (name, theirs) = (&self.oracle.name, &self.oracle.statements);
        let ours: Vec<String> = sent.iter().map(|sql| kind(sql)).collect();
        match &self.sends {
            Some(exactly) => assert_eq!(ours, *exactly, "{name} sends {sent:#?}"),
            None => assert_eq!(batched(&ours), batched(theirs), "{name} sends {sent:#?}"),
        }
        assert!(ours.len() <= theirs.len(), "{name} sends more than SQLAlchemy: {sent:#?}");
    }
}

/// What a scenario runs on: a database with the tables of [`models`].
pub(super) struct Run<'d> {
    pub(super) db: &'d Database,
    sent: Statements,
    log: RefCell<Vec<String>>,
}

impl Run<'_> {
    pub(super) fn session(&self) -> Session {
        Session::new(&self.db.engine)
    }

    /// Puts rows there before the scenario begins.
    pub(super) async fn seed<T: Mapped>(&self, objects: impl IntoIterator<Item = T>) {
        let mut session = self.session();
        session.add_all(objects);
        session.commit().await.unwrap();
        self.begin();
    }

    /// Forgets what was sent: it put rows there.
    pub(super) fn begin(&self) {
        self.sent.take();
        self.log.borrow_mut().clear();
    }

    /// All rows of these tables, as the recorder of SQLAlchemy's side writes them.
    pub(super) async fn rows<const N: usize>(&self, tables: [&str; N]) -> Value {
        self.keep();
        let mut found = serde_json::Map::new();
        for table in tables {
            let rows = self.db.engine.all(text(format!("SELECT * FROM {table}")).mappings()).await.unwrap();
            let rows = rows.iter().map(|row| row.values().iter().map(cell).collect()).collect();
            found.insert(table.to_owned(), Value::Array(rows));
        }
        self.sent.take();
        Value::Object(found)
    }

    /// Keeps what was sent since the last call.
    fn keep(&self) {
        self.log.borrow_mut().extend(self.sent.take());
    }
}

fn cell(value: &Cell) -> Value {
    match value {
        Cell::Null => Value::Null,
        Cell::I32(v) => json!(v),
        Cell::I64(v) => json!(v),
        Cell::Text(v) => json!(v),
        other => panic!("no scenario has a {other:?}"),
    }
}

/// Rows of tables in one order, so that they compare.
fn in_order(mut outcome: Value) -> Value {
    for rows in outcome.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
        if let Some(rows) = rows.as_array_mut().filter(|rows| rows.iter().all(Value::is_array)) {
            rows.sort_by_key(Value::to_string);
        }
    }
    outcome
}

/// The outcome of several parts: the fields of both.
pub(super) fn with(parts: Value, rows: Value) -> Value {
    let (Value::Object(mut parts), Value::Object(rows)) = (parts, rows) else { panic!("no fields") };
    parts.extend(rows);
    Value::Object(parts)
}

/// An error by its name, as [`Oracle`] names SQLAlchemy's.
pub(super) fn told<T>(result: orm::Result<T>) -> Value {
    let Err(error) = result else { return Value::Null };
    json!(match &error {
        orm::Error::Integrity { kind, .. } => format!("Integrity({kind:?})"),
        orm::Error::Session(SessionError::NeedsRollback { .. }) => "NeedsRollback".to_owned(),
        orm::Error::Session(error) => variant(error),
        error => variant(error),
    })
}

fn variant(error: &impl std::fmt::Debug) -> String {
    format!("{error:?}").split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

/// The objects of a loaded collection.
pub(super) fn children<A: Mapped, B: Mapped, const N: usize>(
    session: &Session,
    parent: Handle<A>,
    relationship: Relationship<A, B, orm::mapping::ToMany, N>,
) -> Vec<Handle<B>> {
    session.view(parent).get(relationship).unwrap().map(|child| child.handle()).collect()
}
