use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_query::{BitString, Cell, DataType, DecodeError, Interval, Row};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::sqlite::types::{exact_double, parse};

/// The last integer up to which a double has every one.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A row: each getter looks at what kind of value SQLite gives before it reads it, for SQLite would convert anything
/// into anything.
#[derive(Debug)]
pub(super) struct SqliteRow<V>(pub(super) V);

/// The values of a row, however they were read.
pub(super) trait Values {
    /// The number of columns.
    fn len(&self) -> usize;
    /// The name of a column.
    fn name(&self, position: usize) -> Option<&str>;
    /// The type that a column was declared with, where it is one of a table.
    fn declared(&self, position: usize) -> Option<&str>;
    /// The value of a column, `None` for NULL; or why there is none.
    fn value(&self, position: usize) -> Result<Option<Value<'_>>, String>;
}

/// A value that is not NULL.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'r> {
    /// INTEGER
    Integer(i64),
    /// REAL
    Real(f64),
    /// TEXT
    Text(&'r str),
    /// BLOB
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

impl<V: Values> SqliteRow<V> {
    fn value(&self, position: usize, expected: &'static str) -> Cell<Value<'_>> {
        if position >= self.0.len() {
            let reason = format!("the row has {} column(s)", self.0.len());
            return Err(DecodeError::new(self, position, expected, reason));
        }
        self.0.value(position).map_err(|reason| DecodeError::new(self, position, expected, reason))
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

impl<V: Values> Row for SqliteRow<V> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn column_name(&self, position: usize) -> Option<&str> {
        self.0.name(position)
    }

    fn is_null(&self, position: usize) -> Result<bool, DecodeError> {
        if position >= self.0.len() {
            self.value(position, "a value")?;
        }
        // A text that cannot be read is no NULL.
        Ok(matches!(self.0.value(position), Ok(None)))
    }

    fn bool(&self, position: usize) -> Cell<bool> {
        self.read(position, "bool", |value| match value {
            Value::Integer(0) => Ok(false),
            Value::Integer(1) => Ok(true),
            other => Err(other),
        })
    }

    fn i64(&self, position: usize) -> Cell<i64> {
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

    fn u64(&self, position: usize) -> Cell<u64> {
        self.read(position, "u64", |value| match value {
            Value::Text(text) => parse::unsigned(text).ok_or(value),
            Value::Integer(v) => u64::try_from(v).map_err(|_| value),
            Value::Real(v) if v.fract() == 0.0 && (0.0..=EXACT).contains(&v) => Ok(v as u64),
            other => Err(other),
        })
    }

    fn interval(&self, position: usize) -> Cell<Interval> {
        self.parsed(position, "Interval", |text| text.parse().ok())
    }

    fn bits(&self, position: usize) -> Cell<BitString> {
        self.parsed(position, "BitString", |text| text.parse().ok())
    }

    fn data_type(&self, position: usize) -> Option<DataType> {
        if position >= self.0.len() {
            return None;
        }
        let declared = self.0.declared(position);
        let declared = declared.map(|name| name.split('(').next().unwrap_or_default().trim());
        let is = |name: &str| declared.is_some_and(|declared| declared.eq_ignore_ascii_case(name));
        let of_text = |text: Option<&str>| {
            let fits = |reads: fn(&str) -> bool| text.is_none_or(reads);
            if is("UNSIGNED_TEXT") && fits(|text| parse::unsigned(text).is_some()) {
                DataType::UnsignedBigInt
            } else if is("DURATION_TEXT") && fits(|text| text.parse::<Interval>().is_ok()) {
                DataType::Interval
            } else if (is("BIT_TEXT") || is("VARBIT_TEXT")) && fits(|text| text.parse::<BitString>().is_ok())
            {
                DataType::BitVarying(None)
            } else if is("DECIMAL_TEXT") && fits(|text| parse::decimal(text).is_some()) {
                DataType::NUMERIC
            } else if is("DATE") && fits(|text| parse::date(text).is_some()) {
                DataType::Date
            } else if is("TIME") && fits(|text| parse::time(text).is_some()) {
                DataType::Time
            } else if is("DATETIME") && fits(|text| parse::datetime(text).is_some()) {
                DataType::Timestamp
            } else if (is("TIMESTAMP") || is("DATETIME")) && fits(|text| parse::timestamp_tz(text).is_some())
            {
                DataType::TimestampTz
            } else if is("CHAR") && text.is_some_and(|text| Uuid::try_parse(text).is_ok()) {
                DataType::Uuid
            } else if (is("JSON_TEXT") || is("JSONB_TEXT"))
                && fits(|text| serde_json::from_str::<serde_json::Value>(text).is_ok())
            {
                DataType::Json
            } else {
                DataType::Text
            }
        };
        // Text that is no UTF-8 is text all the same; reading it tells.
        Some(match self.0.value(position).unwrap_or(Some(Value::Text(""))) {
            Some(Value::Integer(0 | 1)) if is("BOOLEAN") => DataType::Boolean,
            Some(Value::Integer(_)) => DataType::BigInt,
            Some(Value::Real(_)) => DataType::Double,
            Some(Value::Text(text)) => of_text(Some(text)),
            Some(Value::Blob(_)) => DataType::Bytes,
            None if is("BOOLEAN") => DataType::Boolean,
            None if ["INTEGER", "BIGINT", "SMALLINT", "INT", "SMALLINT UNSIGNED", "INTEGER UNSIGNED"]
                .iter()
                .any(|name| is(name)) =>
            {
                DataType::BigInt
            }
            None if is("DOUBLE") || is("FLOAT") || is("REAL") => DataType::Double,
            None if is("BLOB") => DataType::Bytes,
            None => of_text(None),
        })
    }
}
