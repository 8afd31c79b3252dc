//! SQLAlchemy's side of a scenario.

use serde_json::Value;

use super::kinds::kind;

/// What a program sent and came to on SQLAlchemy.
#[derive(Debug, Clone)]
pub(super) struct Oracle {
    pub(super) name: String,
    /// The program.
    pub(super) source: String,
    /// The kinds of its statements; an executemany is one.
    pub(super) statements: Vec<String>,
    /// What it came to, with errors by their names here.
    pub(super) outcome: Value,
}

impl Oracle {
    /// All that are recorded.
    pub(super) fn all() -> Vec<Oracle> {
        let files = [include_str!("sample.jsonl"), include_str!("recorded.jsonl")];
        let all: Vec<Oracle> = files.iter().flat_map(|file| file.lines()).map(Oracle::read).collect();
        for (n, oracle) in all.iter().enumerate() {
            assert!(all[..n].iter().all(|other| other.name != oracle.name), "{} is there twice", oracle.name);
        }
        all
    }

    pub(super) fn of(name: &str) -> Oracle {
        let found = Oracle::all().into_iter().find(|oracle| oracle.name == name);
        found.unwrap_or_else(|| panic!("no scenario is called {name}"))
    }

    fn read(line: &str) -> Oracle {
        let line: Value = serde_json::from_str(line).unwrap();
        let log = line["log"].as_array().unwrap();
        Oracle {
            name: line["name"].as_str().unwrap().to_owned(),
            source: line["source"].as_str().unwrap().to_owned(),
            statements: log.iter().filter_map(|entry| entry["sql"].as_str()).map(kind).collect(),
            outcome: errors_by_name(line["outcome"].clone()),
        }
    }
}

/// An error's text becomes the name of our error; see [`told`](super::told) for the other side.
fn errors_by_name(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(error_by_name(&text).map_or(text, str::to_owned)),
        Value::Array(values) => values.into_iter().map(errors_by_name).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, v)| (name, errors_by_name(v))).collect(),
        value => value,
    }
}

fn error_by_name(text: &str) -> Option<&'static str> {
    let (class, message) = text.split_once(": ").unwrap_or((text, ""));
    Some(match class {
        "IntegrityError" if message.contains("NOT NULL") => "Integrity(NotNull)",
        "IntegrityError" if message.contains("FOREIGN KEY") => "Integrity(ForeignKey)",
        "IntegrityError" => "Integrity(Unique)",
        "StaleDataError" => "StaleData",
        "NoResultFound" => "NoResultFound",
        "PendingRollbackError" => "NeedsRollback",
        "CircularDependencyError" => "CircularDependency",
        "OperationalError" => "Statement",
        "InvalidRequestError" if message.starts_with("Can't attach instance") => "DuplicateKey",
        "InvalidRequestError" if message.starts_with("Could not refresh") => "NoResultFound",
        "InvalidRequestError" if message.contains("is not available due to lazy='raise") => "LoadRefused",
        "InvalidRequestError" if message.contains("is not available due to raiseload") => "ColumnRefused",
        "InvalidRequestError" if message.contains("is not persistent within this Session") => "NotInSession",
        _ => return None,
    })
}
