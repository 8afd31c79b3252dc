//! How each type is stored in SQL Server.
//!
//! | type | declared | bound as | reflected as, where it is another type |
//! | --- | --- | --- | --- |
//! | `Boolean` | `BIT` | 0, 1 | |
//! | `SmallInt`, `Integer`, `BigInt` | `SMALLINT`, `INTEGER`, `BIGINT` | integer | |
//! | `UnsignedSmallInt`, `UnsignedInteger` | `INTEGER`, `BIGINT` | integer | the signed type |
//! | `UnsignedBigInt` | `NUMERIC(20, 0)` | decimal | `Numeric` |
//! | `Real`, `Double` | `REAL`, `FLOAT` | float | |
//! | `Numeric` | `NUMERIC(p, s)` | decimal | without limits `NUMERIC(38, 18)` |
//! | `Text`, `Varchar` | `VARCHAR(max)`, `VARCHAR(n)` | text | |
//! | `Bytes` | `VARBINARY(max)` | bytes | |
//! | `Date`, `Time` | `DATE`, `TIME` | the same | |
//! | `Timestamp`, `TimestampTz` | `DATETIME2`, `DATETIMEOFFSET` | the same | |
//! | `Uuid` | `UNIQUEIDENTIFIER` | the same | |
//! | `Json`, `Jsonb` | `NVARCHAR(max)` | text | |
//! | `Enum` | `VARCHAR(n)` with a CHECK | text | `Varchar` |
//! | `Interval` | `VARCHAR(64)` | ISO 8601 text | `Varchar(64)` |
//!
//! Arrays, ranges, HSTORE, INET, CIDR and strings of bits are not there: declaring a column of them is an error.
//!
//! **Text.** A `VARCHAR` of most collations knows the letters of one alphabet and makes a `?` of others, silently. So other
//! characters than those of ASCII are refused where they are stored, unless [`MsSql::utf8`](super::MsSql::utf8) says that the
//! collation is one of UTF-8; its length counts bytes. A column of `NVARCHAR(n)` takes them all.
//!
//! **Moments.** `DATETIME`, which SQLAlchemy declares, keeps thirds of hundredths of a second; `DATETIME2` keeps every digit.
//!
//! **Decimals.** There are at most 38 digits. SQL Server rounds what has more digits than its column, silently: that is an error when the
//! value is bound. A bare `NUMERIC` would have no digit after the point.
//!
//! **Refused** when bound: NaN and infinity, NUL in text, years outside of 1 to 9999, leap seconds, what is finer than a
//! microsecond.

use std::borrow::Cow;

use orm_query::{DataType, EnumType};

use super::MsSql;
use crate::syntax::{Result, Writer, unsupported};

mod fit;

pub(super) use fit::fits;

/// The digits of a decimal without limits, and those of them after the point.
const DIGITS: (u8, u8) = (38, 18);
/// The characters of an interval's longest text, and some more.
const INTERVAL: u32 = 64;
/// The most characters of a text that has a length.
const LONGEST_VARCHAR: u32 = 8_000;

/// The type's name.
pub(super) fn declared(s: &MsSql, w: &mut Writer, data_type: &DataType) -> Result {
    let name: Cow<'_, str> = match data_type {
        DataType::Boolean => "BIT".into(),
        DataType::SmallInt => "SMALLINT".into(),
        DataType::Integer | DataType::UnsignedSmallInt => "INTEGER".into(),
        DataType::BigInt | DataType::UnsignedInteger => "BIGINT".into(),
        DataType::UnsignedBigInt => "NUMERIC(20, 0)".into(),
        DataType::Real => "REAL".into(),
        DataType::Double => "FLOAT".into(),
        DataType::Numeric { precision, scale } => decimal(s, *precision, *scale)?.into(),
        DataType::Text => "VARCHAR(max)".into(),
        DataType::Varchar(n) => varchar(s, *n)?.into(),
        DataType::Bytes => "VARBINARY(max)".into(),
        DataType::Date => "DATE".into(),
        DataType::Time => "TIME".into(),
        DataType::Timestamp => "DATETIME2".into(),
        DataType::TimestampTz => "DATETIMEOFFSET".into(),
        DataType::Uuid => "UNIQUEIDENTIFIER".into(),
        DataType::Json | DataType::Jsonb => "NVARCHAR(max)".into(),
        DataType::Enum(e) => varchar(s, longest(e))?.into(),
        DataType::Interval => format!("VARCHAR({INTERVAL})").into(),
        DataType::Bit(_) | DataType::BitVarying(_) => {
            return Err(unsupported(s, "string of bits", Some("use bytes, or an integer")));
        }
        DataType::Array(_) => return Err(unsupported(s, "array type", Some("use JSON"))),
        DataType::Range(_) => return Err(unsupported(s, "range type", Some("use two columns"))),
        DataType::Hstore => return Err(unsupported(s, "HSTORE", Some("use JSON"))),
        DataType::Inet | DataType::Cidr => return Err(unsupported(s, "INET or CIDR", Some("use text"))),
        DataType::Other(name) => Cow::Borrowed(&**name),
        _ => return Err(unsupported(s, "such a type", None)),
    };
    w.push(&name);
    Ok(())
}

fn varchar(s: &MsSql, n: u32) -> Result<String> {
    if n == 0 || n > LONGEST_VARCHAR {
        let hint = "leave its length out";
        return Err(unsupported(s, "VARCHAR of no or of more than 8000 characters", Some(hint)));
    }
    Ok(format!("VARCHAR({n})"))
}

/// `NUMERIC(precision, scale)`, as wide as it may be where there are no limits.
fn decimal(s: &MsSql, precision: Option<u8>, scale: Option<u8>) -> Result<String> {
    let (p, d) = digits(precision, scale);
    if p == 0 || p > DIGITS.0 || d > p {
        return Err(unsupported(s, "NUMERIC of so many digits", Some("there are at most 38 digits")));
    }
    Ok(format!("NUMERIC({p}, {d})"))
}

/// Without a scale the point may stand anywhere, so all digits are kept on both sides of it, as far as there are so many.
const fn digits(precision: Option<u8>, scale: Option<u8>) -> (u8, u8) {
    match (precision, scale) {
        (Some(p), Some(d)) => (p, d),
        (None, Some(d)) => (DIGITS.0, d),
        (Some(p), None) if p <= DIGITS.1 => (p + p, p),
        (Some(p), None) if p > DIGITS.0 => (p, 0),
        (_, None) => DIGITS,
    }
}

/// In bytes, which are characters with ASCII only.
fn longest(e: &EnumType) -> u32 {
    let longest = e.values.iter().map(|value| value.len()).max().unwrap_or(0);
    e.length.unwrap_or(0).max(longest.max(1).try_into().unwrap_or(u32::MAX))
}

/// The type that a column is reflected as.
pub(super) fn reflected(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Numeric { precision, scale } => {
            let (p, d) = digits(*precision, *scale);
            DataType::Numeric { precision: Some(p), scale: Some(d) }
        }
        DataType::UnsignedSmallInt => DataType::Integer,
        DataType::UnsignedInteger => DataType::BigInt,
        DataType::UnsignedBigInt => DataType::Numeric { precision: Some(20), scale: Some(0) },
        DataType::Jsonb => DataType::Json,
        DataType::Enum(e) => DataType::Varchar(longest(e)),
        DataType::Interval => DataType::Varchar(INTERVAL),
        other => other.clone(),
    }
}

#[test]
fn columns_as_they_are_reflected() {
    let numeric = |precision, scale| DataType::Numeric { precision, scale };
    assert_eq!(reflected(&DataType::NUMERIC), numeric(Some(38), Some(18)));
    assert_eq!(reflected(&numeric(Some(10), None)), numeric(Some(20), Some(10)));
    assert_eq!(reflected(&numeric(Some(30), None)), numeric(Some(38), Some(18)));
    assert_eq!(reflected(&DataType::UnsignedInteger), DataType::BigInt);
    assert_eq!(reflected(&DataType::Interval), DataType::Varchar(64));
    assert_eq!(reflected(&DataType::Text), DataType::Text);
}
