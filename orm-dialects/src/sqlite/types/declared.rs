//! The names of types in DDL.

use std::borrow::Cow;

use orm_query::{CompileError, DataType};

use crate::sqlite::Sqlite;
use crate::sqlite::scan::scan;
use crate::syntax::{Result, invalid, unsupported};

/// The type's name, in CAST.
///
/// # Errors
/// Where SQLite has nothing that holds its values.
pub fn declared(data_type: &DataType) -> Result<Cow<'static, str>> {
    if let Some(error) = missing(data_type) {
        return Err(error);
    }
    Ok(Cow::Borrowed(match data_type {
        DataType::Boolean => "BOOLEAN",
        DataType::SmallInt => "SMALLINT",
        DataType::Integer => "INTEGER",
        DataType::BigInt => "BIGINT",
        DataType::UnsignedSmallInt => "SMALLINT UNSIGNED",
        DataType::UnsignedInteger => "INTEGER UNSIGNED",
        DataType::UnsignedBigInt => "UNSIGNED_TEXT(20)",
        DataType::Real => "FLOAT",
        DataType::Double => "DOUBLE",
        DataType::Numeric { precision: Some(p), scale: Some(s) } => {
            return Ok(format!("DECIMAL_TEXT({p}, {s})").into());
        }
        DataType::Numeric { precision: Some(p), scale: None } => {
            return Ok(format!("DECIMAL_TEXT({p})").into());
        }
        DataType::Numeric { .. } => "DECIMAL_TEXT",
        DataType::Varchar(n) => return Ok(format!("VARCHAR({n})").into()),
        DataType::Bytes => "BLOB",
        DataType::Date => "DATE",
        DataType::Time => "TIME",
        DataType::Timestamp => "DATETIME",
        DataType::TimestampTz => "TIMESTAMP",
        DataType::Interval => "DURATION_TEXT",
        DataType::Uuid => "CHAR(32)",
        DataType::Json => "JSON_TEXT",
        DataType::Jsonb => "JSONB_TEXT",
        DataType::Bit(n) => return Ok(format!("BIT_TEXT({n})").into()),
        DataType::BitVarying(Some(n)) => return Ok(format!("VARBIT_TEXT({n})").into()),
        DataType::BitVarying(None) => "VARBIT_TEXT",
        DataType::Enum(e) => return Ok(format!("VARCHAR({})", e.text_length()).into()),
        DataType::Other(name) => {
            let found = scan(name);
            if found.placeholders > 0 || found.named || found.open_comment {
                return Err(invalid(format!(
                    "`{name}` cannot be the name of a type: it has a placeholder or a comment"
                )));
            }
            return Ok(name.clone());
        }
        DataType::Text => "TEXT",
        other => return Err(invalid(format!("sqlite does not know the type {other}"))),
    }))
}

/// The type's name in CREATE TABLE, with its collation.
///
/// # Errors
/// As [`declared`].
pub fn declared_column(data_type: &DataType) -> Result<Cow<'static, str>> {
    let name = declared(data_type)?;
    Ok(if is_number_text(data_type) { format!("{name} COLLATE decimal").into() } else { name })
}

/// Whether its values are numbers that are kept as text, under a collation of their own.
pub(in crate::sqlite) fn is_number_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Numeric { .. } | DataType::UnsignedBigInt)
}

/// The type's name in a STRICT table, which knows five.
///
/// # Errors
/// As [`declared`].
pub(in crate::sqlite) fn strict(data_type: &DataType) -> Result<&'static str> {
    declared(data_type)?;
    Ok(match data_type {
        DataType::Boolean
        | DataType::SmallInt
        | DataType::Integer
        | DataType::BigInt
        | DataType::UnsignedSmallInt
        | DataType::UnsignedInteger => "INTEGER",
        DataType::Real | DataType::Double => "REAL",
        DataType::Bytes => "BLOB",
        DataType::Numeric { .. } | DataType::UnsignedBigInt => "TEXT COLLATE decimal",
        _ => "TEXT",
    })
}

/// The error for a type whose values SQLite has no place for.
pub(super) fn missing(data_type: &DataType) -> Option<CompileError> {
    let (feature, hint) = match data_type {
        DataType::Array(_) => ("ARRAY type", "keep the values as JSON, or as rows of a table of their own"),
        DataType::Range(_) => ("range types", "keep the bounds in two columns"),
        DataType::Hstore => ("HSTORE type", "keep the texts as JSON"),
        DataType::Inet => ("INET type", "keep the address as text"),
        DataType::Cidr => ("CIDR type", "keep the address as text"),
        _ => return None,
    };
    Some(unsupported(&Sqlite, feature, Some(hint)))
}
