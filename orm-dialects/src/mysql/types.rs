//! How each type is stored in MySQL and MariaDB.
//!
//! | type | declared | bound as | reflected as, where it is another type |
//! | --- | --- | --- | --- |
//! | `Boolean` | `BOOL`, which is `TINYINT(1)` | 0, 1 | |
//! | `SmallInt`, `Integer`, `BigInt` | `SMALLINT`, `INTEGER`, `BIGINT`, the unsigned ones with `UNSIGNED` | integer | |
//! | `Real`, `Double` | `FLOAT`, `DOUBLE` | float | |
//! | `Numeric` | `DECIMAL(p, s)` | decimal text | without limits `DECIMAL(65, 30)` |
//! | `Text`, `Varchar` | `LONGTEXT`, `VARCHAR(n)` | text | |
//! | `Bytes` | `LONGBLOB` | bytes | |
//! | `Date`, `Time` | `DATE`, `TIME(6)` | the same | |
//! | `Timestamp` | `DATETIME(6)` | the same | |
//! | `TimestampTz` | `DATETIME(6)` | the same, in UTC | `Timestamp` |
//! | `Uuid` | `UUID` in MariaDB 10.7 and later, else `CHAR(36) COLLATE utf8mb4_bin` | 36 characters in lower case | |
//! | `Json`, `Jsonb` | `JSON` | text | `Json` |
//! | `Enum` | `ENUM('a', 'b')`; `VARCHAR(n)` with a CHECK where it is not native | text | without a name; `Varchar` |
//! | `Interval` | `VARCHAR(64)` | ISO 8601 text | `Varchar(64)` |
//! | `Bit` | `BIT(n)`, up to 64 | | |
//!
//! Arrays, ranges, HSTORE, INET, CIDR and BIT VARYING are not there: declaring a column of them is an error.
//!
//! **Decimals.** `DECIMAL(65, 30)` holds every `Decimal` of Rust's as it is, all 28 digits after the point and 29 before it;
//! a value comes back with 30 digits after the point, of which the driver leaves out the zeros that do not fit. A database
//! rounds what has more digits than its column, silently: that is an error when the value is bound.
//!
//! **Moments** are a `DATETIME(6)` in UTC, not a `TIMESTAMP`, which ends in January 2038. A server's default of
//! `CURRENT_TIMESTAMP` becomes `UTC_TIMESTAMP(6)` for them, whatever the time zone of the one who inserts. A `TIMESTAMP` column
//! of some other program is reflected as `TimestampTz`, and read and written in UTC too.
//!
//! **Text** is compared as the collation of its column says: the server's default ignores case, and older ones do not see
//! spaces at the end either. `collation = "utf8mb4_bin"` on a column compares it exactly. A text without a length, and bytes,
//! cannot be keys or in an index: MySQL wants to know how many of its characters to keep.
//!
//! **Enums.** A native one is compared as text and ordered by its values' places.
//!
//! **Refused** when bound: NaN and infinity, NUL in text, years outside of 1 to 9999, leap seconds, what is finer than a
//! microsecond.

use std::borrow::Cow;

use orm_query::tree::Expr;
use orm_query::{DataType, EnumType};

use super::MySql;
use crate::syntax::{self, Result, Syntax, Writer, unsupported};

mod fit;

pub(super) use fit::fits;

/// The digits of a decimal without limits, and those of them after the point: the most that every version has.
const DIGITS: (u8, u8) = (65, 30);
/// The characters of an interval's longest text, and some more.
const INTERVAL: u32 = 64;
/// The characters of four bytes that a row of 65,535 bytes has room for.
const LONGEST_VARCHAR: u32 = 16_383;

/// The type's name in CREATE TABLE.
pub(super) fn declared(s: &MySql, w: &mut Writer, data_type: &DataType) -> Result {
    let name: Cow<'_, str> = match data_type {
        DataType::Boolean => "BOOL".into(),
        DataType::SmallInt => "SMALLINT".into(),
        DataType::Integer => "INTEGER".into(),
        DataType::BigInt => "BIGINT".into(),
        DataType::UnsignedSmallInt => "SMALLINT UNSIGNED".into(),
        DataType::UnsignedInteger => "INTEGER UNSIGNED".into(),
        DataType::UnsignedBigInt => "BIGINT UNSIGNED".into(),
        DataType::Real => "FLOAT".into(),
        DataType::Double => "DOUBLE".into(),
        DataType::Numeric { precision, scale } => decimal(s, *precision, *scale)?.into(),
        DataType::Text => "LONGTEXT".into(),
        DataType::Varchar(n) if *n > LONGEST_VARCHAR => {
            return Err(unsupported(
                s,
                "VARCHAR of more than 16383 characters",
                Some("leave its length out"),
            ));
        }
        DataType::Varchar(n) => format!("VARCHAR({n})").into(),
        DataType::Bytes => "LONGBLOB".into(),
        DataType::Date => "DATE".into(),
        DataType::Time => "TIME(6)".into(),
        DataType::Timestamp | DataType::TimestampTz => "DATETIME(6)".into(),
        DataType::Uuid if has_uuid(s) => "UUID".into(),
        DataType::Uuid => "CHAR(36) COLLATE utf8mb4_bin".into(),
        DataType::Json | DataType::Jsonb => "JSON".into(),
        DataType::Enum(e) if e.native => return native_enum(s, w, e),
        DataType::Enum(e) => format!("VARCHAR({})", e.text_length()).into(),
        DataType::Interval => format!("VARCHAR({INTERVAL})").into(),
        DataType::Bit(n @ 1..=64) => format!("BIT({n})").into(),
        DataType::Bit(_) => return Err(unsupported(s, "BIT of no or of more than 64 bits", None)),
        DataType::BitVarying(_) => return Err(unsupported(s, "BIT VARYING", Some("use BIT(n), or bytes"))),
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

/// `DECIMAL(precision, scale)`, as wide as it may be where there are no limits.
pub(super) fn decimal(s: &MySql, precision: Option<u8>, scale: Option<u8>) -> Result<String> {
    let (p, d) = digits(precision, scale);
    if p == 0 || p > DIGITS.0 || d > DIGITS.1 || d > p {
        let hint = "at most 65 digits, and 30 of them after the point";
        return Err(unsupported(s, "DECIMAL of so many digits", Some(hint)));
    }
    Ok(format!("DECIMAL({p}, {d})"))
}

/// Without a scale the point may stand anywhere, so all digits are kept on both sides of it.
const fn digits(precision: Option<u8>, scale: Option<u8>) -> (u8, u8) {
    match (precision, scale) {
        (Some(p), Some(d)) => (p, d),
        (None, Some(d)) => (DIGITS.0, d),
        (Some(p), None) if p > DIGITS.0 => (p, DIGITS.1),
        (_, None) => DIGITS,
    }
}

fn native_enum(s: &MySql, w: &mut Writer, e: &EnumType) -> Result {
    if e.values.is_empty() {
        return Err(syntax::invalid(format!("the enum `{}` has no values", e.name)));
    }
    if e.values.iter().any(|value| value.ends_with(' ')) {
        return Err(unsupported(s, "enum value that ends with a space", Some("make the enum text")));
    }
    w.push("ENUM");
    w.parenthesized(|w| w.list(&*e.values, ", ", |w, value| s.literal(w, value)))
}

/// Whether there is a type for UUIDs.
pub(super) const fn has_uuid(s: &MySql) -> bool {
    s.is_mariadb() && s.is_at_least((10, 7, 0))
}

/// Whether CAST knows floats.
pub(super) const fn casts_to_float(s: &MySql) -> bool {
    s.is_mariadb() || s.is_at_least((8, 0, 17))
}

/// Whether a key over a column of the type needs a length.
pub(super) fn needs_length(data_type: &DataType) -> bool {
    match data_type {
        DataType::Text | DataType::Bytes | DataType::Json | DataType::Jsonb => true,
        DataType::Other(name) => {
            let name = name.to_ascii_lowercase();
            ["text", "blob", "json"].iter().any(|end| name.ends_with(end))
        }
        _ => false,
    }
}

/// Whether an expression is one of JSON.
pub(super) fn is_json(data_type: Option<&DataType>) -> bool {
    matches!(data_type, Some(DataType::Json | DataType::Jsonb))
}

/// Whether an expression is one of integers.
pub(super) fn is_integer(e: &Expr) -> bool {
    e.data_type().is_some_and(|t| t.is_integer())
}

/// The type that a column is reflected as.
pub(super) fn reflected(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Numeric { precision, scale } => {
            let (p, d) = digits(*precision, *scale);
            DataType::Numeric { precision: Some(p), scale: Some(d) }
        }
        DataType::TimestampTz => DataType::Timestamp,
        DataType::Jsonb => DataType::Json,
        DataType::Enum(e) if e.native => DataType::Enum(EnumType::new(Cow::Borrowed(""), e.values.clone())),
        DataType::Enum(e) => DataType::Varchar(e.text_length()),
        DataType::Interval => DataType::Varchar(INTERVAL),
        other => other.clone(),
    }
}
