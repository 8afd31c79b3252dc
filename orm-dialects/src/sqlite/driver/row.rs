use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_query::{Cell, DecodeError, Row};
use rust_decimal::Decimal;
use sqlx::sqlite::{Sqlite, SqliteRow as Values, SqliteValueRef};
use sqlx::{Column, Decode, Row as _, TypeInfo, ValueRef};
use uuid::Uuid;

use crate::sqlite::types::{exact_double, parse};

/// A row: each getter looks at what kind of value SQLite gives before it reads it, for SQLite would convert anything
/// into anything.
#[derive(Debug)]
pub(super) struct SqliteRow(pub(super) Values);

/// A value that is not NULL.
enum Value<'r> {
    Integer(i64),
    Real(f64),
    Text(&'r str),
    Blob(&'r [u8]),
}

impl Value<'_> {
    fn kind(&self) -> String {
        match self {
            Value::Integer(v) => format!("the INTEGER {v}"),
            Value::Real(v) => format!("the REAL {v:?}"),
            Value::Text(v) => match v.char_indices().nth(40) {
                Some((end, _)) => format!("the TEXT {:?}…", &v[..end]),
                None => format!("the TEXT {v:?}"),
            },
            Value::Blob(v) => format!("a BLOB of {} byte(s)", v.len()),
        }
    }
}

impl SqliteRow {
    fn raw(&self, position: usize, expected: &str) -> Result<SqliteValueRef<'_>, DecodeError> {
        self.0.try_get_raw(position).map_err(|_| {
            let reason = format!("the row has {} column(s)", self.0.len());
            DecodeError::new(self, position, expected, reason)
        })
    }

    fn value(&self, position: usize, expected: &'static str) -> Cell<Value<'_>> {
        let raw = self.raw(position, expected)?;
        if raw.is_null() {
            return Ok(None);
        }
        // By the value's own type, which for a value that is not NULL is never the column's.
        let kind = raw.type_info().name().as_bytes().first().copied();
        let value = match kind {
            Some(b'I') => get(raw).map(Value::Integer),
            Some(b'R') => get(raw).map(Value::Real),
            Some(b'T') => get(raw).map(Value::Text),
            _ => get(raw).map(Value::Blob),
        };
        value.map(Some).map_err(|reason| DecodeError::new(self, position, expected, reason))
    }

    /// The value as `read` makes it, or an error that says what stands there.
    fn read<'r, T>(
        &'r self,
        position: usize,
        expected: &'static str,
        read: impl FnOnce(Value<'r>) -> Result<T, Value<'r>>,
    ) -> Cell<T> {
        let Some(value) = self.value(position, expected)? else { return Ok(None) };
        read(value)
            .map(Some)
            .map_err(|value| DecodeError::new(self, position, expected, format!("it is {}", value.kind())))
    }

    /// As `read`, for what is kept as text.
    fn parsed<T>(
        &self,
        position: usize,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Cell<T> {
        self.read(position, expected, |value| match value {
            Value::Text(text) => parse(text).ok_or(value),
            other => Err(other),
        })
    }
}

fn get<'r, T: Decode<'r, Sqlite>>(raw: SqliteValueRef<'r>) -> Result<T, String> {
    T::decode(raw).map_err(|error| error.to_string())
}

impl Row for SqliteRow {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn column_name(&self, position: usize) -> Option<&str> {
        self.0.columns().get(position).map(Column::name)
    }

    fn is_null(&self, position: usize) -> Result<bool, DecodeError> {
        Ok(self.raw(position, "a value")?.is_null())
    }

    fn bool(&self, position: usize) -> Cell<bool> {
        self.read(position, "bool", |value| match value {
            Value::Integer(0) => Ok(false),
            Value::Integer(1) => Ok(true),
            other => Err(other),
        })
    }

    fn i64(&self, position: usize) -> Cell<i64> {
        /// The last integer up to which a double has every one.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        self.read(position, "i64", |value| match value {
            Value::Integer(v) => Ok(v),
            Value::Real(v) if v.fract() == 0.0 && v.abs() <= EXACT => Ok(v as i64),
            other => Err(other),
        })
    }

    fn f32(&self, position: usize) -> Cell<f32> {
        self.read(position, "f32", |value| {
            let double = match value {
                Value::Integer(v) => exact_double(v),
                Value::Real(v) => Some(v),
                Value::Text(_) | Value::Blob(_) => None,
            };
            let fits = |v: &f64| v.is_infinite() || v.abs() <= f32::MAX.into();
            double.filter(fits).map(|v| v as f32).ok_or(value)
        })
    }

    fn f64(&self, position: usize) -> Cell<f64> {
        self.read(position, "f64", |value| match value {
            Value::Real(v) => Ok(v),
            Value::Integer(v) => exact_double(v).ok_or(value),
            other => Err(other),
        })
    }

    fn decimal(&self, position: usize) -> Cell<Decimal> {
        self.read(position, "Decimal", |value| match value {
            Value::Text(text) => parse::decimal(text).ok_or(value),
            Value::Integer(v) => Ok(v.into()),
            Value::Real(v) => parse::decimal_of_double(v).ok_or(value),
            other => Err(other),
        })
    }

    fn text(&self, position: usize) -> Cell<Cow<'_, str>> {
        self.read(position, "String", |value| match value {
            Value::Text(text) => Ok(Cow::Borrowed(text)),
            other => Err(other),
        })
    }

    fn bytes(&self, position: usize) -> Cell<Cow<'_, [u8]>> {
        self.read(position, "Vec<u8>", |value| match value {
            Value::Blob(bytes) => Ok(Cow::Borrowed(bytes)),
            other => Err(other),
        })
    }

    fn date(&self, position: usize) -> Cell<NaiveDate> {
        self.parsed(position, "NaiveDate", parse::date)
    }

    fn time(&self, position: usize) -> Cell<NaiveTime> {
        self.parsed(position, "NaiveTime", parse::time)
    }

    fn datetime(&self, position: usize) -> Cell<NaiveDateTime> {
        self.parsed(position, "NaiveDateTime", parse::datetime)
    }

    fn timestamp_tz(&self, position: usize) -> Cell<DateTime<Utc>> {
        self.parsed(position, "DateTime<Utc>", parse::timestamp_tz)
    }

    fn uuid(&self, position: usize) -> Cell<Uuid> {
        self.read(position, "Uuid", |value| match value {
            Value::Text(text) => Uuid::try_parse(text).map_err(|_| value),
            Value::Blob(bytes) => Uuid::from_slice(bytes).map_err(|_| value),
            other => Err(other),
        })
    }

    fn json(&self, position: usize) -> Cell<serde_json::Value> {
        self.read(position, "serde_json::Value", |value| match value {
            Value::Text(text) => serde_json::from_str(text).map_err(|_| value),
            // What SQLite's JSON functions take out of a document.
            Value::Integer(v) => Ok(v.into()),
            Value::Real(v) => serde_json::Number::from_f64(v).map(Into::into).ok_or(value),
            other => Err(other),
        })
    }
}
