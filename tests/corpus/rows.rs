//! What a database gives, held against what the corpus says that it gives.

use orm::driver::DriverConnection;
use orm::{Bind, Compiled, DataType, ExecutionOptions, Interval, Row, Value};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::binds;

/// A value of a row, read in every way that the driver reads it.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    null: bool,
    bool: Option<bool>,
    int: Option<i64>,
    float: Option<f64>,
    decimal: Option<Decimal>,
    text: Option<String>,
    json: Option<Json>,
    interval: Option<Interval>,
    /// By the type that the driver tells.
    value: Option<Value>,
    moment: Option<chrono::NaiveDateTime>,
    date: Option<chrono::NaiveDate>,
    time: Option<chrono::NaiveTime>,
    uuid: Option<uuid::Uuid>,
    bytes: Option<Vec<u8>>,
}

impl Cell {
    fn read(row: &dyn Row, at: usize) -> Cell {
        Cell {
            null: row.is_null(at).unwrap_or(false),
            bool: row.bool(at).ok().flatten(),
            int: row.i64(at).ok().flatten(),
            float: row.f64(at).ok().flatten(),
            decimal: row.decimal(at).ok().flatten(),
            text: row.text(at).ok().flatten().map(Into::into),
            json: row.json(at).ok().flatten(),
            interval: row.interval(at).ok().flatten(),
            value: row.data_type(at).and_then(|t| orm_query::read_value(row, at, &t).ok()),
            moment: row
                .datetime(at)
                .ok()
                .flatten()
                .or_else(|| row.timestamp_tz(at).ok().flatten().map(|t| t.naive_utc())),
            date: row.date(at).ok().flatten(),
            time: row.time(at).ok().flatten(),
            uuid: row.uuid(at).ok().flatten(),
            bytes: row.bytes(at).ok().flatten().map(Into::into),
        }
    }

    /// Whether it is what the corpus says.
    fn is(&self, expected: &Json) -> bool {
        // A document is its text where the database has no JSON of its own.
        let document = || self.json.as_ref() == Some(expected);
        let tagged =
            expected.as_object().and_then(|map| map.iter().next()).filter(|(tag, _)| tag.starts_with('$'));
        if let Some((tag, tagged)) = tagged {
            let text = tagged.as_str().unwrap_or_default();
            return match tag.as_str() {
                "$decimal" => text.parse().is_ok_and(|expected| self.is_decimal(expected)),
                "$date" => binds::date(text) == self.date.or(self.text.as_deref().and_then(binds::date)),
                "$datetime" => {
                    binds::moment(text) == self.moment.or(self.text.as_deref().and_then(binds::moment))
                }
                "$time" => binds::time(text) == self.time.or(self.text.as_deref().and_then(binds::time)),
                "$uuid" => {
                    text.parse().ok() == self.uuid.or(self.text.as_deref().and_then(|t| t.parse().ok()))
                }
                "$bytes" => binds::base64(text) == self.bytes,
                "$enum" => self.text.as_deref() == Some(text),
                "$interval_s" => self.interval.is_some_and(|interval| {
                    let bind = Bind::new(Value::Interval(interval), DataType::Interval);
                    binds::same(&bind, expected)
                }),
                _ => self
                    .value
                    .clone()
                    .is_some_and(|value| binds::same(&Bind::new(value, DataType::Text), expected)),
            };
        }
        match expected {
            Json::Null => self.null || document(),
            Json::Bool(v) => self.bool == Some(*v) || self.int == Some(i64::from(*v)) || document(),
            Json::Number(v) if v.is_f64() => {
                let found = self
                    .float
                    .or(self.int.map(|v| v as f64))
                    .or(self.decimal.and_then(|d| d.to_string().parse().ok()));
                let v = v.as_f64().unwrap();
                found.is_some_and(|found| (found - v).abs() <= 1e-9 * v.abs().max(1.0)) || document()
            }
            Json::Number(v) => {
                let v = v.as_i64();
                v.is_some() && (v == self.int || self.decimal == v.map(Decimal::from)) || document()
            }
            Json::String(v) => {
                self.text.as_ref() == Some(v)
                    || document()
                    || self.uuid.is_some_and(|uuid| v.parse() == Ok(uuid))
                    || self
                        .value
                        .clone()
                        .is_some_and(|value| binds::same(&Bind::new(value, DataType::Text), expected))
            }
            Json::Array(_) | Json::Object(_) => {
                let value = self.value.clone();
                document()
                    || value.is_some_and(|value| binds::same(&Bind::new(value, DataType::Text), expected))
            }
        }
    }

    /// The corpus' decimals have the digits of their type, and those of databases without decimals are floats.
    fn is_decimal(&self, expected: Decimal) -> bool {
        let found = self
            .decimal
            .or(self.float.and_then(|v| v.to_string().parse().ok()))
            .or(self.int.map(Decimal::from));
        let found = found.or(self.text.as_deref().and_then(|text| text.parse().ok()));
        found.is_some_and(|found| {
            found == expected || (found - expected).abs() * Decimal::TWO <= Decimal::new(1, expected.scale())
        })
    }
}

/// The rows of a statement.
///
/// # Errors
/// What the database says.
pub(crate) async fn fetch(
    connection: &mut dyn DriverConnection,
    compiled: &Compiled,
) -> Result<Vec<Vec<Cell>>, String> {
    let mut cursor = connection.fetch(compiled, &ExecutionOptions::new());
    let mut rows = Vec::new();
    while let Some(row) = cursor.next().await.map_err(|error| error.to_string())? {
        rows.push((0..row.len()).map(|at| Cell::read(row, at)).collect());
    }
    Ok(rows)
}

/// How the rows differ from those of the corpus; as a multiset unless they are ordered.
pub(crate) fn difference(found: &[Vec<Cell>], expected: &[Vec<Json>], ordered: bool) -> Option<String> {
    let same = |found: &[Cell], expected: &[Json]| {
        found.len() == expected.len() && found.iter().zip(expected).all(|(cell, json)| cell.is(json))
    };
    let agree = if found.len() != expected.len() {
        false
    } else if ordered {
        found.iter().zip(expected).all(|(a, b)| same(a, b))
    } else {
        let mut left: Vec<&Vec<Json>> = expected.iter().collect();
        found.iter().all(|row| {
            let at = left.iter().position(|expected| same(row, expected));
            at.map(|at| left.swap_remove(at)).is_some()
        })
    };
    if agree {
        return None;
    }
    let found: Vec<Vec<String>> = found.iter().map(|row| row.iter().map(Cell::shown).collect()).collect();
    Some(format!(
        "   got: {found:?}\ntheirs: {}",
        Json::from(expected.iter().cloned().map(Json::from).collect::<Vec<_>>())
    ))
}

impl Cell {
    fn shown(&self) -> String {
        if self.null {
            return "NULL".to_owned();
        }
        match &self.value {
            Some(value) => format!("{value:?}"),
            None => format!("{self:?}"),
        }
    }
}
