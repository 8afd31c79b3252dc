//! How each type is declared in Oracle.
//!
//! | type | declared | |
//! | --- | --- | --- |
//! | `Boolean` | `SMALLINT` | 0, 1, as SQLAlchemy |
//! | `SmallInt`, `Integer`, `BigInt` | `SMALLINT`, `INTEGER`, `NUMBER(19)` | the range is checked when a value is bound for the column |
//! | `UnsignedSmallInt`, `UnsignedInteger`, `UnsignedBigInt` | `NUMBER(5)`, `NUMBER(10)`, `NUMBER(20)` | the same |
//! | `Real`, `Double` | `BINARY_FLOAT`, `BINARY_DOUBLE` | `FLOAT` is a decimal of smaller range |
//! | `Numeric` | `NUMERIC(p, s)`, or `NUMBER` where one of them is not said | `NUMERIC` alone has no digit after the point |
//! | `Text` | `CLOB` | no equality, no order: give it a length |
//! | `Varchar` | `VARCHAR2(n CHAR)` | at most 4,000 |
//! | `Bytes` | `BLOB` | |
//! | `Date` | `DATE` | at midnight |
//! | `Timestamp`, `TimestampTz` | `TIMESTAMP`, `TIMESTAMP WITH TIME ZONE` | microseconds; SQLAlchemy's `DATE` would cut them off |
//! | `Interval` | `INTERVAL DAY(9) TO SECOND(6)` | has no months |
//! | `Uuid` | `CHAR(32)` | 32 hex digits, as SQLAlchemy |
//! | `Json`, `Jsonb` | `CLOB` | |
//! | `Enum` | `VARCHAR(n CHAR)` with a CHECK | |
//! | `Other` | as it says | |
//! | `Time`, `Array`, `Range`, `Hstore`, `Inet`, `Cidr`, `Bit`, `BitVarying` | | errors: there is no such type |

use orm_query::DataType;

use super::Oracle;
use crate::syntax::{Result, Writer, unsupported};

mod fit;

pub(super) use fit::{fits, is_there};

/// The most characters of a VARCHAR2, unless the server was told to take more.
const MAX_VARCHAR: u32 = 4_000;

/// Writes the type's name, in DDL and in CAST.
pub(super) fn declared(s: &Oracle, w: &mut Writer, data_type: &DataType) -> Result {
    let name = match data_type {
        DataType::Boolean | DataType::SmallInt => "SMALLINT",
        DataType::Integer => "INTEGER",
        DataType::BigInt => "NUMBER(19)",
        DataType::UnsignedSmallInt => "NUMBER(5)",
        DataType::UnsignedInteger => "NUMBER(10)",
        DataType::UnsignedBigInt => "NUMBER(20)",
        DataType::Real => "BINARY_FLOAT",
        DataType::Double => "BINARY_DOUBLE",
        DataType::Numeric { precision: Some(p), scale: Some(scale) } => {
            w.push(&format!("NUMERIC({p}, {scale})"));
            return Ok(());
        }
        DataType::Numeric { .. } => "NUMBER",
        DataType::Text | DataType::Json | DataType::Jsonb => "CLOB",
        DataType::Varchar(n) => {
            if *n > MAX_VARCHAR {
                return Err(unsupported(
                    s,
                    "VARCHAR2 of more than 4,000 characters",
                    Some("leave the length out: it is a CLOB then"),
                ));
            }
            w.push(&format!("VARCHAR2({n} CHAR)"));
            return Ok(());
        }
        DataType::Bytes => "BLOB",
        DataType::Date => "DATE",
        DataType::Timestamp => "TIMESTAMP",
        DataType::TimestampTz => "TIMESTAMP WITH TIME ZONE",
        DataType::Interval => "INTERVAL DAY(9) TO SECOND(6)",
        DataType::Uuid => "CHAR(32)",
        DataType::Enum(e) => {
            w.push(&format!("VARCHAR({} CHAR)", e.text_length().max(1)));
            return Ok(());
        }
        DataType::Other(name) => name,
        DataType::Time => {
            return Err(unsupported(s, "TIME", Some("keep it as an interval, a number or a text")));
        }
        _ => return Err(unsupported(s, "type of arrays, ranges, addresses or bits", None)),
    };
    w.push(name);
    Ok(())
}

/// Whether a column of it is surely a LOB, which has no equality and no order. A `Text` may have a length in its column.
pub(super) fn is_lob(data_type: &DataType) -> bool {
    match data_type {
        DataType::Json | DataType::Jsonb | DataType::Bytes => true,
        DataType::Other(name) => name.to_ascii_uppercase().ends_with("LOB"),
        _ => false,
    }
}

/// The type that a column of it is reflected as.
pub(super) fn reflected(data_type: &DataType) -> DataType {
    let integer = |digits| DataType::Numeric { precision: Some(digits), scale: Some(0) };
    match data_type {
        DataType::Boolean | DataType::SmallInt | DataType::Integer => integer(38),
        DataType::BigInt => integer(19),
        DataType::UnsignedSmallInt => integer(5),
        DataType::UnsignedInteger => integer(10),
        DataType::UnsignedBigInt => integer(20),
        DataType::Numeric { precision, scale } if precision.is_none() || scale.is_none() => DataType::NUMERIC,
        DataType::Json | DataType::Jsonb => DataType::Text,
        DataType::Enum(e) => DataType::Varchar(e.text_length().max(1)),
        other => other.clone(),
    }
}
