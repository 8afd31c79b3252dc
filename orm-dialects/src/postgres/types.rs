//! How each type is declared in PostgreSQL, and which values it holds.
//!
//! | type | declared | what a bind of it is sent as |
//! | --- | --- | --- |
//! | `Boolean` | `BOOLEAN` | the same |
//! | `SmallInt`, `Integer`, `BigInt` | `SMALLINT`, `INTEGER`, `BIGINT` | the same |
//! | `UnsignedSmallInt`, `UnsignedInteger` | `INTEGER`, `BIGINT` | the same |
//! | `UnsignedBigInt` | `NUMERIC(20)` | `NUMERIC` |
//! | `Real`, `Double` | `REAL`, `DOUBLE PRECISION` | the same; NaN and infinity too |
//! | `Numeric` | `NUMERIC(p, s)`, or `NUMERIC` where one of them is not said | `NUMERIC` |
//! | `Text`, `Varchar` | `TEXT`, `VARCHAR(n)` | `TEXT` |
//! | `Bytes` | `BYTEA` | the same |
//! | `Date`, `Time` | `DATE`, `TIME WITHOUT TIME ZONE` | the same |
//! | `Timestamp` | `TIMESTAMP WITHOUT TIME ZONE` | the same |
//! | `TimestampTz` | `TIMESTAMP WITH TIME ZONE` | the same |
//! | `Uuid` | `UUID` | the same |
//! | `Json`, `Jsonb` | `JSON`, `JSONB` | the same |
//! | `Enum` | its name, of a type made by `CREATE TYPE`; `VARCHAR(n)` with a CHECK where it is not native | what PostgreSQL infers; `TEXT` |
//! | `Interval` | `INTERVAL` | the same |
//! | `Array` | `element[]` | the same; of an enum or an `Other` as `TEXT[]`, in a CAST |
//! | `Range` | `INT4RANGE`, `INT8RANGE`, `NUMRANGE`, `DATERANGE`, `TSRANGE`, `TSTZRANGE` | the same |
//! | `Hstore` | `HSTORE`, of the extension | what PostgreSQL infers |
//! | `Inet`, `Cidr` | `INET`, `CIDR` | the same |
//! | `Bit`, `BitVarying` | `BIT(n)`, `BIT VARYING(n)` | the same without a length |
//! | `Other` | as it says | `TEXT`, in a CAST |
//!
//! Enums and HSTORE have no numbers that a driver could know. PostgreSQL finds their type where the bind stands beside a
//! column or goes into one; where it cannot, in a CASE of nothing but binds, there is a CAST. An enum is looked for on
//! the `search_path`, unless its name says a schema: `app.mood`.
//!
//! A text that is bound in `text(…)` is a `TEXT` and nothing else: for a column of an enum, say `CAST(:mood AS mood)`.

use std::borrow::Cow;

use orm_query::{DataType, EnumType, RangeType};

use super::Postgres;
use super::ddl::enum_name;
use crate::syntax::{Result, Writer, qualified};

mod fit;

pub(super) use fit::{fits, fits_value};

/// Writes the type's name, in DDL and in CAST.
pub(super) fn declared(s: &Postgres, w: &mut Writer, data_type: &DataType) -> Result {
    match data_type {
        DataType::Enum(e) if e.native => {
            let (schema, name) = enum_name(None, &e.name);
            qualified(s, w, schema, name)
        }
        DataType::Array(element) => {
            declared(s, w, element)?;
            w.push("[]");
            Ok(())
        }
        other => {
            w.push(&name(other));
            Ok(())
        }
    }
}

/// The name of a type that has no parts.
fn name(data_type: &DataType) -> Cow<'_, str> {
    Cow::Borrowed(match data_type {
        DataType::Boolean => "BOOLEAN",
        DataType::SmallInt => "SMALLINT",
        DataType::Integer | DataType::UnsignedSmallInt => "INTEGER",
        DataType::BigInt | DataType::UnsignedInteger => "BIGINT",
        DataType::UnsignedBigInt => "NUMERIC(20)",
        DataType::Real => "REAL",
        DataType::Double => "DOUBLE PRECISION",
        DataType::Numeric { precision: Some(p), scale: Some(s) } => {
            return format!("NUMERIC({p}, {s})").into();
        }
        // `NUMERIC(p)` would have no digit after the point.
        DataType::Numeric { .. } => "NUMERIC",
        DataType::Varchar(n) => return format!("VARCHAR({n})").into(),
        DataType::Bytes => "BYTEA",
        DataType::Date => "DATE",
        DataType::Time => "TIME WITHOUT TIME ZONE",
        DataType::Timestamp => "TIMESTAMP WITHOUT TIME ZONE",
        DataType::TimestampTz => "TIMESTAMP WITH TIME ZONE",
        DataType::Uuid => "UUID",
        DataType::Json => "JSON",
        DataType::Jsonb => "JSONB",
        DataType::Enum(e) => return format!("VARCHAR({})", e.text_length()).into(),
        DataType::Interval => "INTERVAL",
        DataType::Array(element) => return format!("{}[]", name(element)).into(),
        DataType::Range(range) => match range {
            RangeType::Integer => "INT4RANGE",
            RangeType::BigInt => "INT8RANGE",
            RangeType::Numeric => "NUMRANGE",
            RangeType::Date => "DATERANGE",
            RangeType::Timestamp => "TSRANGE",
            RangeType::TimestampTz => "TSTZRANGE",
        },
        DataType::Hstore => "HSTORE",
        DataType::Inet => "INET",
        DataType::Cidr => "CIDR",
        DataType::Bit(n) => return format!("BIT({n})").into(),
        DataType::BitVarying(Some(n)) => return format!("BIT VARYING({n})").into(),
        DataType::BitVarying(None) => "BIT VARYING",
        DataType::Other(name) => return Cow::Borrowed(name),
        // Whatever types come, text holds them.
        DataType::Text | _ => "TEXT",
    })
}

/// Whether the driver leaves it to PostgreSQL to find the type of a bind.
pub(super) fn is_inferred(data_type: &DataType) -> bool {
    match data_type {
        DataType::Enum(e) => e.native,
        DataType::Hstore => true,
        _ => false,
    }
}

/// Whether a bind is sent as a text, or as an array of texts, that stands in a CAST.
pub(super) fn is_sent_as_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Other(_) => true,
        DataType::Array(element) => is_inferred(element) || is_sent_as_text(element),
        _ => false,
    }
}

/// Whether the driver can send values of the type as one array. An array of arrays is another thing to PostgreSQL, and a
/// type that orm does not know may be one.
pub(super) fn has_array(data_type: &DataType) -> bool {
    !matches!(data_type, DataType::Array(_) | DataType::Hstore | DataType::Other(_) | DataType::Converted(_))
}

/// The type that a column of it is reflected as.
pub(super) fn reflected(data_type: &DataType) -> DataType {
    match data_type {
        DataType::UnsignedSmallInt => DataType::Integer,
        DataType::UnsignedInteger => DataType::BigInt,
        DataType::UnsignedBigInt => DataType::Numeric { precision: Some(20), scale: Some(0) },
        DataType::Numeric { precision, scale } if precision.is_none() || scale.is_none() => DataType::NUMERIC,
        DataType::Enum(e) if !e.native => DataType::Varchar(e.text_length()),
        DataType::Enum(e) => DataType::Enum(EnumType::new(e.name.clone(), e.values.clone())),
        DataType::Array(element) => DataType::Array(reflected(element).into()),
        other => other.clone(),
    }
}
