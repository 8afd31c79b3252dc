//! How each type is stored in SQLite, which has five kinds of values and no types of columns.
//!
//! | type | declared | stored as | why |
//! | --- | --- | --- | --- |
//! | `Boolean` | `BOOLEAN` | 0, 1 | |
//! | `SmallInt`, `Integer`, `BigInt` | `SMALLINT`, `INTEGER`, `BIGINT` | integer | a generated key is `INTEGER`, the rowid; a sole key that is not generated is `INT` |
//! | `UnsignedSmallInt`, `UnsignedInteger` | `SMALLINT UNSIGNED`, `INTEGER UNSIGNED` | integer | the range is checked when a value is bound for the column |
//! | `UnsignedBigInt` | `UNSIGNED_TEXT(20) COLLATE decimal` | text | an integer has a sign and 64 bits; see below |
//! | `Real`, `Double` | `FLOAT`, `DOUBLE` | double | NaN is an error: SQLite would store NULL |
//! | `Numeric` | `DECIMAL_TEXT(p, s) COLLATE decimal` | text | see below |
//! | `Text`, `Varchar` | `TEXT`, `VARCHAR(n)` | text | the length is checked when a value is bound for the column |
//! | `Bytes` | `BLOB` | blob | |
//! | `Date` | `DATE` | `2024-02-29` | the order of the texts is the order of the dates |
//! | `Time` | `TIME` | `23:59:59.000000` | always six digits, for the same reason |
//! | `Timestamp` | `DATETIME` | `2024-02-29 23:59:59.000000` | |
//! | `TimestampTz` | `TIMESTAMP` | `2024-02-29 23:59:59.000000+00:00` | always UTC |
//! | `Interval` | `DURATION_TEXT` | `P1Y2M3DT4H5M6.000007S` | it is equal or not; its order is an error, for texts have another |
//! | `Uuid` | `CHAR(32)` | 32 hex digits | as SQLAlchemy; hyphens and 16-byte blobs are read too |
//! | `Json`, `Jsonb` | `JSON_TEXT`, `JSONB_TEXT` | text | a column declared `JSON` would turn the documents `1.0` and `"1"` into numbers |
//! | `Bit`, `BitVarying` | `BIT_TEXT(n)`, `VARBIT_TEXT(n)` | `0110` | the length is checked when a value is bound for the column |
//! | `Enum` | `VARCHAR(n)` with a CHECK | text | |
//! | `Other` | as it says | text | a text that SQLite would make a number of is an error |
//! | `Array`, `Range`, `Hstore`, `Inet`, `Cidr` | | | errors: nothing in SQLite knows what is in them |
//!
//! **Decimals.** SQLite's own `NUMERIC` is a double with 15 digits. Exact decimals are text (the `TEXT` in the declared
//! type makes SQLite leave it so), in the column's scale, under the collation `decimal`, which compares texts as numbers;
//! the driver brings it, and so does the `sqlite3` shell. Equality, order, indexes, DISTINCT, `min` and `max` of a
//! column are exact. `sum`, `avg` and arithmetic are SQLite's doubles: a result is read as the decimal of its first 15
//! digits, and comparisons with one go through a double. What is computed and stored is rounded to the scale of the
//! expression's type, where it has one. Sum in Rust, or in integers of the smallest unit, where the 16th digit counts.
//! A column that some other program declared `NUMERIC` is read, and compared as such, but keeps SQLite's doubles.
//!
//! **Unsigned 64-bit integers** are text in the same way, and are compared and ordered exactly wherever they come from.
//! Arithmetic with them is an error: SQLite's goes to doubles beyond 63 bits.
//!
//! **Text** with a NUL character is refused: SQLite keeps it, and its functions see what comes before.
//!
//! **Times** finer than a microsecond, leap seconds, and years outside of 0 to 9999 are errors when they are bound.
//!
//! **Floats.** A `Real` is stored as the double of the same value and read back as the same `f32`; a double that some
//! other program stored is rounded to the nearest `f32`, as any `REAL` column would have done when it was stored.

use std::borrow::Cow;

use orm_query::{Bind, CompileError, DataType, Value};
use rust_decimal::Decimal;

use super::NAME;
use crate::limits::{self, Fit, OTHER_TYPE, OUT_OF_RANGE, Reason};
use crate::syntax::Place;

mod affinity;
#[cfg(feature = "sqlite")]
pub(super) mod collation;
mod decimal;
mod declared;
mod moment;
#[cfg(feature = "sqlite")]
pub(super) mod parse;
mod reflected;

pub(super) use declared::is_number_text;
pub(super) use declared::strict;
pub use declared::{declared, declared_column};
pub(super) use reflected::reflected;

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
    if let Some(error) = declared::missing(&bind.data_type) {
        return Err(error);
    }
    let text = |text: String| Stored::Text(Cow::Owned(text));
    let checked = |text: Result<String, Reason>| {
        text.map(|text| Stored::Text(Cow::Owned(text))).map_err(|reason| refused(bind, reason))
    };
    if let Some(v) = limits::integer(&bind.value) {
        return integer(bind, v, &bind.data_type);
    }
    Ok(match (&bind.value, &bind.data_type) {
        (Value::Null, _) => Stored::Null,
        (Value::Bool(v), T::Boolean) => Stored::Integer((*v).into()),
        (Value::F32(v), T::Real | T::Double) => double(bind, (*v).into())?,
        (Value::F64(v), T::Real | T::Double) => double(bind, *v)?,
        (Value::Decimal(v), T::Numeric { scale, .. }) => text(decimal::format(*v, *scale)),
        (Value::Text(v), T::Text | T::Varchar(_) | T::Enum(_)) if v.contains('\0') => {
            return Err(refused(bind, "SQLite's own functions end a text at its NUL character"));
        }
        (Value::Text(v), T::Text | T::Varchar(_) | T::Enum(_)) => Stored::Text(Cow::Borrowed(v)),
        (Value::Text(v), T::Other(declared)) => {
            if affinity::is_number(declared) && affinity::reads_as_number(v) {
                return Err(refused(bind, "SQLite makes a number of it in a column that is declared so"));
            }
            Stored::Text(Cow::Borrowed(v))
        }
        (Value::Bytes(v), T::Bytes) => Stored::Blob(v),
        (Value::Date(v), T::Date) => checked(moment::date(*v))?,
        (Value::Time(v), T::Time) => checked(moment::time(*v))?,
        (Value::DateTime(v), T::Timestamp) => checked(moment::datetime(*v))?,
        (Value::TimestampTz(v), T::TimestampTz) => checked(moment::timestamp_tz(*v))?,
        (Value::Interval(v), T::Interval) => text(v.to_string()),
        (Value::Uuid(v), T::Uuid) => text(v.simple().to_string()),
        (Value::Json(v), T::Json | T::Jsonb) => text(v.to_string()),
        (Value::Bits(v), T::Bit(_) | T::BitVarying(_)) => text(v.to_string()),
        _ => return Err(refused(bind, OTHER_TYPE)),
    })
}

fn integer<'a>(bind: &Bind, v: i128, to: &DataType) -> Result<Stored<'a>, CompileError> {
    use DataType as T;
    match to {
        T::SmallInt | T::Integer | T::BigInt | T::UnsignedSmallInt | T::UnsignedInteger => {
            v.try_into().map(Stored::Integer).map_err(|_| refused(bind, OUT_OF_RANGE))
        }
        T::UnsignedBigInt => Ok(Stored::Text(Cow::Owned(v.to_string()))),
        T::Numeric { scale, .. } => Ok(Stored::Text(Cow::Owned(decimal::format(Decimal::from(v), *scale)))),
        T::Real | T::Double => {
            exact_double(v).map(Stored::Real).ok_or_else(|| refused(bind, "a double has only 53 bits"))
        }
        _ => Err(refused(bind, OTHER_TYPE)),
    }
}

/// The double of the same value, where there is one.
pub(super) fn exact_double(v: impl Into<i128>) -> Option<f64> {
    let v = v.into();
    let double = v as f64;
    // 64 bits and no more, so that the double comes back without saturation.
    (double as i128 == v).then_some(double)
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
        (Value::Text(v), DataType::Varchar(n)) if !limits::is_at_most(v, *n) => {
            Err("the text is longer than the column")
        }
        (Value::Text(v), DataType::Enum(e)) if !e.values.iter().any(|value| value == v) => {
            Err("the enum has no such value")
        }
        (Value::Decimal(v), DataType::Numeric { precision, scale }) => {
            limits::decimal(*v, *precision, *scale)
        }
        (Value::F64(v), DataType::Real) if f64::from(*v as f32) != *v => {
            Err("a 32-bit float would lose digits")
        }
        (Value::Bits(v), DataType::Bit(n)) if v.len() != *n as usize => {
            Err("it has another number of bits than the column")
        }
        (Value::Bits(v), DataType::BitVarying(Some(n))) if v.len() > *n as usize => {
            Err("it has more bits than the column")
        }
        (value, to) => limits::integer(value).map_or(Ok(()), |v| integer_fits(v, to)),
    };
    within.map_err(|reason| refused(bind, reason))
}

fn integer_fits(v: i128, to: &DataType) -> Fit {
    let in_range = match to {
        DataType::SmallInt => i16::try_from(v).is_ok(),
        DataType::Integer => i32::try_from(v).is_ok(),
        DataType::UnsignedSmallInt => u16::try_from(v).is_ok(),
        DataType::UnsignedInteger => u32::try_from(v).is_ok(),
        DataType::UnsignedBigInt => u64::try_from(v).is_ok(),
        DataType::Numeric { precision, scale } => {
            return limits::decimal(Decimal::from(v), *precision, *scale);
        }
        DataType::Real if !limits::is_exact(v, f32::MANTISSA_DIGITS) => {
            return Err("a 32-bit float would lose digits");
        }
        _ => true,
    };
    if in_range { Ok(()) } else { Err(OUT_OF_RANGE) }
}

fn refused(bind: &Bind, reason: Reason) -> CompileError {
    limits::refused(NAME, bind, reason)
}
