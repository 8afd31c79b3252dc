//! How each type is stored in SQLite, which has five kinds of values and no types of columns.
//!
//! | type | declared | stored as | why |
//! | --- | --- | --- | --- |
//! | `Boolean` | `BOOLEAN` | 0, 1 | |
//! | `SmallInt`, `Integer`, `BigInt` | `SMALLINT`, `INTEGER`, `BIGINT` | integer | a generated key is `INTEGER`, the rowid |
//! | `Real`, `Double` | `FLOAT`, `DOUBLE` | double | NaN is an error: SQLite would store NULL |
//! | `Numeric` | `DECIMAL_TEXT(p, s) COLLATE decimal` | text | see below |
//! | `Text`, `Varchar` | `TEXT`, `VARCHAR(n)` | text | the length is checked when a value is bound for the column |
//! | `Bytes` | `BLOB` | blob | |
//! | `Date` | `DATE` | `2024-02-29` | the order of the texts is the order of the dates |
//! | `Time` | `TIME` | `23:59:59.000000` | always six digits, for the same reason |
//! | `Timestamp` | `DATETIME` | `2024-02-29 23:59:59.000000` | |
//! | `TimestampTz` | `TIMESTAMP` | `2024-02-29 23:59:59.000000+00:00` | always UTC |
//! | `Uuid` | `CHAR(32)` | 32 hex digits | as SQLAlchemy; hyphens and 16-byte blobs are read too |
//! | `Json` | `JSON_TEXT` | text | a column declared `JSON` would turn the documents `1.0` and `"1"` into numbers |
//! | `Enum` | `VARCHAR(n)` with a CHECK | text | |
//!
//! **Decimals.** SQLite's own `NUMERIC` is a double with 15 digits. Exact decimals are text (the `TEXT` in the declared
//! type makes SQLite leave it so), in the column's scale, under the collation `decimal`, which compares texts as numbers;
//! the driver brings it, and so does the `sqlite3` shell. Equality, order, indexes, DISTINCT, `min` and `max` of a
//! column are exact. `sum`, `avg` and arithmetic are SQLite's doubles: a result is read as the decimal of its first 15
//! digits, and comparisons with one go through a double. What is computed and stored is rounded to the scale of the
//! expression's type, where it has one. Sum in Rust, or in integers of the smallest unit, where the 16th digit counts.
//!
//! **Times** finer than a microsecond, leap seconds, and years outside of 0 to 9999 are errors when they are bound.
//!
//! **Floats.** A `Real` is stored as the double of the same value and read back as the same `f32`; a double that some
//! other program stored is rounded to the nearest `f32`, as any `REAL` column would have done when it was stored.

use std::borrow::Cow;

use orm_query::{Bind, CompileError, DataType, Value};
use rust_decimal::Decimal;

use super::NAME;
use crate::syntax::Place;

#[cfg(feature = "sqlite")]
pub(super) mod collation;
mod decimal;
mod moment;
#[cfg(feature = "sqlite")]
pub(super) mod parse;

/// The type's name, in CAST.
pub fn declared(data_type: &DataType) -> Cow<'static, str> {
    Cow::Borrowed(match data_type {
        DataType::Boolean => "BOOLEAN",
        DataType::SmallInt => "SMALLINT",
        DataType::Integer => "INTEGER",
        DataType::BigInt => "BIGINT",
        DataType::Real => "FLOAT",
        DataType::Double => "DOUBLE",
        DataType::Numeric { precision: Some(p), scale: Some(s) } => {
            return format!("DECIMAL_TEXT({p}, {s})").into();
        }
        DataType::Numeric { precision: Some(p), scale: None } => return format!("DECIMAL_TEXT({p})").into(),
        DataType::Numeric { .. } => "DECIMAL_TEXT",
        DataType::Varchar(n) => return format!("VARCHAR({n})").into(),
        DataType::Bytes => "BLOB",
        DataType::Date => "DATE",
        DataType::Time => "TIME",
        DataType::Timestamp => "DATETIME",
        DataType::TimestampTz => "TIMESTAMP",
        DataType::Uuid => "CHAR(32)",
        DataType::Json => "JSON_TEXT",
        DataType::Enum(e) => {
            let longest = e.values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
            return format!("VARCHAR({longest})").into();
        }
        // Whatever types come, text holds them.
        DataType::Text | _ => "TEXT",
    })
}

/// The type's name in CREATE TABLE, with its collation.
pub fn declared_column(data_type: &DataType) -> Cow<'static, str> {
    match data_type {
        DataType::Numeric { .. } => format!("{} COLLATE decimal", declared(data_type)).into(),
        other => declared(other),
    }
}

/// A value as SQLite stores it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stored<'a> {
    /// NULL
    Null,
    /// INTEGER
    Integer(i64),
    /// REAL
    Real(f64),
    /// TEXT
    Text(Cow<'a, str>),
    /// BLOB
    Blob(&'a [u8]),
}

/// The value of a bind as SQLite stores it.
///
/// # Errors
/// When SQLite cannot store it exactly, or it is not of the bind's type.
pub(super) fn encode(bind: &Bind) -> Result<Stored<'_>, CompileError> {
    use DataType as T;
    let text = |text: String| Stored::Text(Cow::Owned(text));
    let checked = |text: Result<String, &'static str>| {
        text.map(|text| Stored::Text(Cow::Owned(text))).map_err(|reason| refused(bind, reason))
    };
    Ok(match (&bind.value, &bind.data_type) {
        (Value::Null, _) => Stored::Null,
        (Value::Bool(v), T::Boolean) => Stored::Integer((*v).into()),
        (Value::I16(v), to) => integer(bind, (*v).into(), to)?,
        (Value::I32(v), to) => integer(bind, (*v).into(), to)?,
        (Value::I64(v), to) => integer(bind, *v, to)?,
        (Value::F32(v), T::Real | T::Double) => double(bind, (*v).into())?,
        (Value::F64(v), T::Real | T::Double) => double(bind, *v)?,
        (Value::Decimal(v), T::Numeric { scale, .. }) => text(decimal::format(*v, *scale)),
        (Value::Text(v), T::Text | T::Varchar(_) | T::Enum(_)) => Stored::Text(Cow::Borrowed(v)),
        (Value::Bytes(v), T::Bytes) => Stored::Blob(v),
        (Value::Date(v), T::Date) => checked(moment::date(*v))?,
        (Value::Time(v), T::Time) => checked(moment::time(*v))?,
        (Value::DateTime(v), T::Timestamp) => checked(moment::datetime(*v))?,
        (Value::TimestampTz(v), T::TimestampTz) => checked(moment::timestamp_tz(*v))?,
        (Value::Uuid(v), T::Uuid) => text(v.simple().to_string()),
        (Value::Json(v), T::Json) => text(v.to_string()),
        _ => return Err(refused(bind, "the value is of another type")),
    })
}

fn integer<'a>(bind: &Bind, v: i64, to: &DataType) -> Result<Stored<'a>, CompileError> {
    match to {
        DataType::SmallInt | DataType::Integer | DataType::BigInt => Ok(Stored::Integer(v)),
        DataType::Numeric { scale, .. } => {
            Ok(Stored::Text(Cow::Owned(decimal::format(Decimal::from(v), *scale))))
        }
        DataType::Real | DataType::Double => {
            exact_double(v).map(Stored::Real).ok_or_else(|| refused(bind, "a double has only 53 bits"))
        }
        _ => Err(refused(bind, "the value is of another type")),
    }
}

/// The double of the same value, where there is one.
pub(super) fn exact_double(v: i64) -> Option<f64> {
    let double = v as f64;
    // Through i128, because `i64::MAX` would come back from 2^63.
    (double as i128 == i128::from(v)).then_some(double)
}

fn double<'a>(bind: &Bind, v: f64) -> Result<Stored<'a>, CompileError> {
    if v.is_nan() {
        return Err(refused(bind, "SQLite stores NaN as NULL"));
    }
    Ok(Stored::Real(v))
}

/// Whether SQLite can hold the value; for a value that is written, whether it keeps the column's limits too, which
/// SQLite itself does not look at.
pub(super) fn fits(bind: &Bind, place: Place) -> Result<(), CompileError> {
    encode(bind)?;
    if place == Place::Operand {
        return Ok(());
    }
    let within = match (&bind.value, &bind.data_type) {
        (Value::Text(v), DataType::Varchar(n)) if !is_at_most(v, *n) => {
            Err("the text is longer than the column")
        }
        (Value::Text(v), DataType::Enum(e)) if !e.values.iter().any(|value| value == v) => {
            Err("the enum has no such value")
        }
        (Value::Decimal(v), DataType::Numeric { precision, scale }) => decimal::fits(*v, *precision, *scale),
        (Value::I64(v), DataType::SmallInt) if i16::try_from(*v).is_err() => {
            Err("the number is out of range")
        }
        (Value::I32(v), DataType::SmallInt) if i16::try_from(*v).is_err() => {
            Err("the number is out of range")
        }
        (Value::I64(v), DataType::Integer) if i32::try_from(*v).is_err() => Err("the number is out of range"),
        (Value::I64(v), DataType::Numeric { precision, scale }) => {
            decimal::fits(Decimal::from(*v), *precision, *scale)
        }
        (Value::I32(v), DataType::Numeric { precision, scale }) => {
            decimal::fits(Decimal::from(*v), *precision, *scale)
        }
        (Value::I16(v), DataType::Numeric { precision, scale }) => {
            decimal::fits(Decimal::from(*v), *precision, *scale)
        }
        (Value::F64(v), DataType::Real) if f64::from(*v as f32) != *v => {
            Err("a 32-bit float would lose digits")
        }
        _ => Ok(()),
    };
    within.map_err(|reason| refused(bind, reason))
}

fn is_at_most(text: &str, characters: u32) -> bool {
    // Most texts are short enough by their bytes.
    let limit = characters as usize;
    text.len() <= limit || text.chars().nth(limit).is_none()
}

fn refused(bind: &Bind, reason: &'static str) -> CompileError {
    let value = format!("{:?}", bind.value);
    let shown = match value.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    };
    CompileError::Value {
        dialect: NAME,
        value: shown,
        data_type: bind.data_type.to_string(),
        column: None,
        reason,
    }
}
