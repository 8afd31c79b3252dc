//! Which values PostgreSQL holds.

use std::ops::Bound;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use orm_query::{Bind, BitString, DataType, Inet, Interval, Range, Value};

use super::super::NAME;
use crate::limits::{self, Fit, OTHER_TYPE, OUT_OF_RANGE, Reason};
use crate::syntax::{Place, Result};

/// Whether the database can hold the value; for a value that is written, whether it keeps the column's limits too.
/// What cannot even be sent as the type is refused in both places.
pub(in crate::postgres) fn fits(bind: &Bind, place: Place) -> Result {
    fits_value(&bind.value, &bind.data_type, place)
}

/// The same of a value that is no bind of its own.
pub(in crate::postgres) fn fits_value(value: &Value, data_type: &DataType, place: Place) -> Result {
    check(value, data_type, place)
        .map_err(|reason| limits::refused(NAME, &Bind::new(value.clone(), data_type.clone()), reason))
}

fn check(value: &Value, data_type: &DataType, place: Place) -> Fit {
    use DataType as T;
    let stored = place == Place::Stored;
    match (value, data_type) {
        (Value::Null, _) | (Value::Bool(_), T::Boolean) => Ok(()),
        (Value::I16(_) | Value::I32(_) | Value::I64(_) | Value::U64(_), to) => integer(value, to, stored),
        (Value::F32(_), T::Real | T::Double) | (Value::F64(_), T::Double) => Ok(()),
        (Value::F64(v), T::Real) => {
            ensure(v.is_nan() || f64::from(*v as f32) == *v, "a 32-bit float would lose digits")
        }
        (Value::Decimal(v), T::Numeric { precision, scale }) if stored => {
            limits::decimal(*v, *precision, *scale)
        }
        (Value::Decimal(_), T::Numeric { .. }) => Ok(()),
        (Value::Text(v), to) => text(v, to, stored),
        (Value::Bytes(_), T::Bytes) | (Value::Uuid(_), T::Uuid) | (Value::Json(_), T::Json) => Ok(()),
        (Value::Json(v), T::Jsonb) => json(v),
        (Value::Date(v), T::Date) => date(*v),
        (Value::Time(v), T::Time) => limits::time(*v),
        (Value::DateTime(v), T::Timestamp) => timestamp(*v),
        (Value::TimestampTz(v), T::TimestampTz) => timestamp(v.naive_utc()),
        (Value::Interval(v), T::Interval) => interval(*v),
        (Value::Array(elements), T::Array(element)) => {
            if elements.iter().any(|v| matches!(v, Value::Array(_))) {
                return Err("arrays have one dimension");
            }
            elements.iter().try_for_each(|v| check(v, element, place))
        }
        (Value::Range(v), T::Range(range)) => self::range(v, &range.element()),
        (Value::Hstore(v), T::Hstore) => {
            v.iter().try_for_each(|(key, value)| no_nul(key).and(value.as_deref().map_or(Ok(()), no_nul)))
        }
        (Value::Inet(_), T::Inet) => Ok(()),
        (Value::Inet(v), T::Cidr) => ensure(is_network(v), "a network has no bits behind its prefix"),
        (Value::Bits(v), T::Bit(_) | T::BitVarying(_)) => bits(v, data_type, stored),
        _ => Err(OTHER_TYPE),
    }
}

fn ensure(condition: bool, reason: Reason) -> Fit {
    if condition { Ok(()) } else { Err(reason) }
}

/// An integer as any type of numbers. The width counts for what is compared too, since it is sent in it.
fn integer(value: &Value, to: &DataType, stored: bool) -> Fit {
    let v = limits::integer(value).ok_or(OTHER_TYPE)?;
    let signed = |least: i128, most: i128| ensure((least..=most).contains(&v), OUT_OF_RANGE);
    let unsigned =
        |most: i128, least: i128, sent: i128| if stored { signed(0, most) } else { signed(least, sent) };
    match to {
        DataType::SmallInt => signed(i16::MIN.into(), i16::MAX.into()),
        DataType::Integer => signed(i32::MIN.into(), i32::MAX.into()),
        DataType::BigInt => signed(i64::MIN.into(), i64::MAX.into()),
        DataType::UnsignedSmallInt => unsigned(u16::MAX.into(), i32::MIN.into(), i32::MAX.into()),
        DataType::UnsignedInteger => unsigned(u32::MAX.into(), i64::MIN.into(), i64::MAX.into()),
        DataType::UnsignedBigInt => unsigned(u64::MAX.into(), i128::MIN, i128::MAX),
        DataType::Numeric { precision, scale } if stored => {
            // It has 64 bits at most, and a decimal 96.
            limits::decimal(v.into(), *precision, *scale)
        }
        DataType::Numeric { .. } => Ok(()),
        DataType::Real => {
            ensure(limits::is_exact(v, f32::MANTISSA_DIGITS), "a 32-bit float has only 24 bits")
        }
        DataType::Double => ensure(limits::is_exact(v, f64::MANTISSA_DIGITS), "a double has only 53 bits"),
        _ => Err(OTHER_TYPE),
    }
}

fn text(v: &str, to: &DataType, stored: bool) -> Fit {
    match to {
        DataType::Varchar(n) if stored && !limits::is_at_most(v, *n) => {
            Err("the text is longer than the column")
        }
        // A native enum refuses the others even in a comparison.
        DataType::Enum(e) if (stored || e.native) && !e.values.iter().any(|value| value == v) => {
            Err("the enum has no such value")
        }
        DataType::Text | DataType::Varchar(_) | DataType::Enum(_) | DataType::Other(_) => no_nul(v),
        _ => Err(OTHER_TYPE),
    }
}

fn no_nul(text: &str) -> Fit {
    ensure(!text.contains('\0'), "a text has no NUL character")
}

/// JSONB takes texts apart, and then there is no NUL in them; JSON keeps it as it is written.
fn json(v: &serde_json::Value) -> Fit {
    match v {
        serde_json::Value::String(text) => no_nul(text),
        serde_json::Value::Array(list) => list.iter().try_for_each(json),
        serde_json::Value::Object(map) => {
            map.iter().try_for_each(|(key, value)| no_nul(key).and(json(value)))
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => Ok(()),
    }
}

/// From the first day of the Julian calendar's count; chrono ends before PostgreSQL does.
fn date(v: NaiveDate) -> Fit {
    let first = (-4713, 11, 24);
    ensure((v.year(), v.month(), v.day()) >= first, "the date is before 4714-11-24 BC")
}

fn timestamp(v: NaiveDateTime) -> Fit {
    date(v.date())?;
    limits::time(v.time())
}

/// All the greatest and all the least numbers are infinite to PostgreSQL 17.
fn interval(v: Interval) -> Fit {
    let parts = (v.months, v.days, v.microseconds);
    let infinite = [(i32::MAX, i32::MAX, i64::MAX), (i32::MIN, i32::MIN, i64::MIN)];
    ensure(!infinite.contains(&parts), "the interval would be infinite")
}

fn range(v: &Range<Value>, element: &DataType) -> Fit {
    let Range::Bounds(lower, upper) = v else { return Ok(()) };
    for bound in [lower, upper] {
        match bound {
            Bound::Included(Value::Null) | Bound::Excluded(Value::Null) => {
                return Err("a bound is not NULL; a range without it is unbounded");
            }
            // A bound has no limits but those of its type.
            Bound::Included(v) | Bound::Excluded(v) => check(v, element, Place::Stored)?,
            Bound::Unbounded => {}
        }
    }
    Ok(())
}

fn is_network(v: &Inet) -> bool {
    let (bits, width) = match v.address() {
        std::net::IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        std::net::IpAddr::V6(address) => (address.to_bits(), 128),
    };
    bits.trailing_zeros() >= width - u32::from(v.prefix())
}

fn bits(v: &BitString, to: &DataType, stored: bool) -> Fit {
    match to {
        DataType::Bit(n) if stored => ensure(v.len() == *n as usize, "the column has another number of bits"),
        DataType::BitVarying(Some(n)) if stored => {
            ensure(v.len() <= *n as usize, "it has more bits than the column")
        }
        _ => Ok(()),
    }
}
