use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_query::{BitString, Cell, DataType, DecodeError, Inet, Interval, Row};
use rust_decimal::Decimal;
use sqlx::{Column, Decode, Row as _};
use uuid::Uuid;

use super::value::{Kind, Stored, datetime};
use crate::limits;

/// A row. Every value is read with its column's type in hand: nothing is converted that would not be the same again.
///
/// - An integer is read from integers of any width, `YEAR`, `BIT`, and decimals without a fraction.
/// - An `f64` is read from a `DOUBLE`, a `FLOAT`, an integer that it has exactly, and from a decimal as the nearest
///   double, because `AVG` of integers is a decimal. An `f32` is read from a `FLOAT`, and from what is computed of such,
///   which is a `DOUBLE`, as the nearest one.
/// - A `Decimal` has 28 digits. Zeros at the end that are too many for it are left out.
pub(super) struct MySqlRow {
    raw: sqlx::mysql::MySqlRow,
    columns: Arc<Columns>,
}

/// How the values of each column of a result are read.
#[derive(Debug)]
pub(super) struct Columns {
    kinds: Box<[Kind]>,
    is_text: bool,
}

impl Columns {
    /// `is_text`: the rows are those of the text protocol.
    pub(super) fn new(row: &sqlx::mysql::MySqlRow, is_text: bool) -> Self {
        let kinds = row.columns().iter().map(|column| Kind::of(column.type_info())).collect();
        Columns { kinds, is_text }
    }
}

impl MySqlRow {
    pub(super) fn new(raw: sqlx::mysql::MySqlRow, columns: Arc<Columns>) -> Self {
        MySqlRow { raw, columns }
    }

    fn kind(&self, position: usize) -> Option<Kind> {
        self.columns.kinds.get(position).copied()
    }

    /// sqlx's own `is_null` takes a zero date for NULL; as bytes it is not.
    fn bytes_of(&self, position: usize, expected: &str) -> Cell<&[u8]> {
        match self.raw.try_get_raw(position) {
            Ok(value) => Ok(<&[u8] as Decode<sqlx::MySql>>::decode(value).ok()),
            Err(error) => Err(self.misfit(position, expected, &error.to_string())),
        }
    }

    fn value(&self, position: usize, expected: &str) -> Cell<Stored<'_>> {
        let Some(bytes) = self.bytes_of(position, expected)? else { return Ok(None) };
        let value = self.kind(position).and_then(|kind| match self.columns.is_text {
            true => Stored::from_text(kind, bytes),
            false => Stored::from_binary(kind, bytes),
        });
        match value {
            Some(value) => Ok(Some(value)),
            None => Err(self.misfit(position, expected, "its bytes are not those of its column's type")),
        }
    }

    /// The value as `read` makes it, or an error that says what stands there.
    fn read<'r, T>(
        &'r self,
        position: usize,
        expected: &str,
        read: impl FnOnce(Stored<'r>) -> Option<T>,
    ) -> Cell<T> {
        let Some(value) = self.value(position, expected)? else { return Ok(None) };
        match read(value) {
            Some(read) => Ok(Some(read)),
            None => Err(self.misfit(position, expected, &format!("it is {value}"))),
        }
    }
}

/// The number as an integer, where it is one.
fn integer(value: Stored<'_>) -> Option<i128> {
    match value {
        Stored::Integer(v) => Some(v),
        Stored::Bits(v, _) => Some(v.into()),
        Stored::Decimal(digits) => without_fraction(digits)?.parse().ok(),
        _ => None,
    }
}

/// `12` of `12` and `12.00`.
fn without_fraction(digits: &str) -> Option<&str> {
    match digits.split_once('.') {
        None => Some(digits),
        Some((whole, fraction)) => fraction.bytes().all(|b| b == b'0').then_some(whole),
    }
}

fn decimal(digits: &str) -> Option<Decimal> {
    let exact = |digits: &str| Decimal::from_str_exact(digits).ok();
    exact(digits).or_else(|| match digits.contains('.') {
        true => exact(digits.trim_end_matches('0').trim_end_matches('.')),
        false => None,
    })
}

fn exact_double(v: i128) -> Option<f64> {
    limits::is_exact(v, f64::MANTISSA_DIGITS).then_some(v as f64)
}

impl Row for MySqlRow {
    fn len(&self) -> usize {
        self.raw.len()
    }

    fn column_name(&self, position: usize) -> Option<&str> {
        self.raw.columns().get(position).map(Column::name)
    }

    fn is_null(&self, position: usize) -> Result<bool, DecodeError> {
        Ok(self.bytes_of(position, "a value")?.is_none())
    }

    fn bool(&self, position: usize) -> Cell<bool> {
        self.read(position, "bool", |value| match value {
            Stored::Integer(0) | Stored::Bits(0, _) => Some(false),
            Stored::Integer(1) | Stored::Bits(1, _) => Some(true),
            _ => None,
        })
    }

    fn i64(&self, position: usize) -> Cell<i64> {
        self.read(position, "i64", |value| integer(value)?.try_into().ok())
    }

    fn u64(&self, position: usize) -> Cell<u64> {
        self.read(position, "u64", |value| integer(value)?.try_into().ok())
    }

    fn f32(&self, position: usize) -> Cell<f32> {
        self.read(position, "f32", |value| match value {
            Stored::Float(v) => Some(v),
            Stored::Double(v) => Some(v as f32).filter(|near| near.is_finite() || !v.is_finite()),
            Stored::Decimal(digits) => digits.parse().ok().filter(|v: &f32| v.is_finite()),
            Stored::Integer(v) => limits::is_exact(v, f32::MANTISSA_DIGITS).then_some(v as f32),
            _ => None,
        })
    }

    fn f64(&self, position: usize) -> Cell<f64> {
        self.read(position, "f64", |value| match value {
            Stored::Double(v) => Some(v),
            Stored::Float(v) => Some(v.into()),
            Stored::Decimal(digits) => digits.parse().ok(),
            Stored::Integer(v) => exact_double(v),
            _ => None,
        })
    }

    fn decimal(&self, position: usize) -> Cell<Decimal> {
        self.read(position, "Decimal", |value| match value {
            Stored::Decimal(digits) => decimal(digits),
            Stored::Integer(v) => Decimal::try_from_i128_with_scale(v, 0).ok(),
            _ => None,
        })
    }

    fn text(&self, position: usize) -> Cell<Cow<'_, str>> {
        self.read(position, "String", |value| match value {
            Stored::Text(text) => Some(Cow::Borrowed(text)),
            _ => None,
        })
    }

    fn bytes(&self, position: usize) -> Cell<Cow<'_, [u8]>> {
        self.read(position, "Vec<u8>", |value| match value {
            Stored::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
            _ => None,
        })
    }

    fn date(&self, position: usize) -> Cell<NaiveDate> {
        self.read(position, "NaiveDate", |value| match value {
            Stored::Date(date) => date.date(),
            _ => None,
        })
    }

    fn time(&self, position: usize) -> Cell<NaiveTime> {
        self.read(position, "NaiveTime", |value| match value {
            Stored::Time(time) => time.time(),
            _ => None,
        })
    }

    fn datetime(&self, position: usize) -> Cell<NaiveDateTime> {
        self.read(position, "NaiveDateTime", |value| match value {
            Stored::DateTime(date, time) => datetime(date, time),
            _ => None,
        })
    }

    fn timestamp_tz(&self, position: usize) -> Cell<DateTime<Utc>> {
        self.read(position, "DateTime<Utc>", |value| match value {
            // The session's time zone is UTC.
            Stored::DateTime(date, time) => Some(datetime(date, time)?.and_utc()),
            _ => None,
        })
    }

    fn uuid(&self, position: usize) -> Cell<Uuid> {
        self.read(position, "Uuid", |value| match value {
            Stored::Text(text) => Uuid::try_parse(text).ok(),
            Stored::Bytes(bytes) => Uuid::from_slice(bytes).ok(),
            _ => None,
        })
    }

    fn json(&self, position: usize) -> Cell<serde_json::Value> {
        self.read(position, "serde_json::Value", |value| match value {
            Stored::Text(text) => serde_json::from_str(text).ok(),
            Stored::Bytes(bytes) => serde_json::from_slice(bytes).ok(),
            _ => None,
        })
    }

    fn interval(&self, position: usize) -> Cell<Interval> {
        self.read(position, "Interval", |value| match value {
            Stored::Text(text) => text.parse().ok(),
            _ => None,
        })
    }

    fn inet(&self, position: usize) -> Cell<Inet> {
        self.read(position, "Inet", |value| match value {
            Stored::Text(text) => text.parse().ok(),
            _ => None,
        })
    }

    fn bits(&self, position: usize) -> Cell<BitString> {
        self.read(position, "BitString", |value| match value {
            Stored::Bits(number, Some(length @ 1..=64)) => {
                Some((0..length).rev().map(|place| number >> place & 1 == 1).collect())
            }
            _ => None,
        })
    }

    fn data_type(&self, position: usize) -> Option<DataType> {
        Some(match self.kind(position)? {
            // It may hold more than 0 and 1.
            Kind::Integer { is_boolean: true, .. } if self.bool(position).is_ok() => DataType::Boolean,
            Kind::Integer { bytes: 1, .. } | Kind::Integer { bytes: 2, is_unsigned: false, .. } => {
                DataType::SmallInt
            }
            Kind::Integer { bytes: 2, .. } => DataType::UnsignedSmallInt,
            Kind::Integer { bytes: 4, is_unsigned: false, .. } => DataType::Integer,
            Kind::Integer { bytes: 4, .. } => DataType::UnsignedInteger,
            Kind::Integer { is_unsigned: false, .. } => DataType::BigInt,
            Kind::Integer { .. } => DataType::UnsignedBigInt,
            Kind::Float => DataType::Real,
            Kind::Double => DataType::Double,
            Kind::Decimal => DataType::NUMERIC,
            Kind::Text => DataType::Text,
            Kind::Json => DataType::Json,
            Kind::Bytes => DataType::Bytes,
            Kind::Date => DataType::Date,
            Kind::Time => DataType::Time,
            Kind::DateTime => DataType::Timestamp,
            Kind::Timestamp => DataType::TimestampTz,
            Kind::Bit(Some(length)) => DataType::Bit(length),
            Kind::Bit(None) => DataType::UnsignedBigInt,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        let check = |digits: &str, expected: Option<&str>| {
            assert_eq!(decimal(digits).map(|v| v.to_string()).as_deref(), expected, "{digits}");
        };
        check("1.50", Some("1.50"));
        check("-0.0000000000000000000000000001", Some("-0.0000000000000000000000000001"));
        check("79228162514264337593543950335", Some("79228162514264337593543950335"));
        check("79228162514264337593543950336", None);
        check(
            "79228162514264337593543950335.000000000000000000000000000000",
            Some("79228162514264337593543950335"),
        );
        check("1.500000000000000000000000000000", Some("1.5"));
        check("0.000000000000000000000000000000", Some("0"));
        check("0.000000000000000000000000000001", None);
        check("100", Some("100"));
    }

    #[test]
    fn an_integer_is_read_from_a_decimal_without_a_fraction() {
        assert_eq!(integer(Stored::Decimal("-12.00")), Some(-12));
        assert_eq!(integer(Stored::Decimal("12.01")), None);
        assert_eq!(integer(Stored::Double(1.0)), None);
        assert_eq!(exact_double((1 << 53) + 1), None);
        assert_eq!(exact_double(i128::from(u64::MAX)), None);
        assert_eq!(exact_double(-(1 << 60)), Some(-1_152_921_504_606_846_976.0));
    }
}
