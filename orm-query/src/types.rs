//! Types of columns by the names that they have in the SQL standard, which each database spells in its way.
//!
//! What only says what the values are is a [`DataType`]; what must be declared under a certain name, or with a length or a
//! precision that a `DataType` does not have, is one of these, given to
//! [`ColumnDef::declared`](crate::schema::ColumnDef::declared). [`ColumnType::with_variant`] gives one database another.

use crate::DataType;
use crate::schema::{ColumnType, StandardType};

/// `NUMERIC`, `NUMERIC(p)`, `NUMERIC(p, s)`
pub const fn numeric(precision: Option<u8>, scale: Option<u8>) -> ColumnType {
    let data_type = DataType::Numeric { precision, scale: scale_of(precision, scale) };
    ColumnType::standard(data_type, StandardType::Numeric(precision, scale))
}

/// `DECIMAL`, `DECIMAL(p)`, `DECIMAL(p, s)`
pub const fn decimal(precision: Option<u8>, scale: Option<u8>) -> ColumnType {
    let data_type = DataType::Numeric { precision, scale: scale_of(precision, scale) };
    ColumnType::standard(data_type, StandardType::Decimal(precision, scale))
}

/// SQL's `NUMERIC(p)` has no digit after the point.
const fn scale_of(precision: Option<u8>, scale: Option<u8>) -> Option<u8> {
    match (precision, scale) {
        (Some(_), None) => Some(0),
        _ => scale,
    }
}

/// `FLOAT`, or `FLOAT(p)` of so many bits.
pub const fn float(bits: Option<u8>) -> ColumnType {
    let data_type = match bits {
        Some(0..=24) => DataType::Real,
        _ => DataType::Double,
    };
    ColumnType::standard(data_type, StandardType::Float(bits))
}

/// `REAL`
pub const fn real() -> ColumnType {
    ColumnType::standard(DataType::Real, StandardType::Real)
}

/// `DOUBLE PRECISION`
pub const fn double() -> ColumnType {
    ColumnType::standard(DataType::Double, StandardType::Double)
}

/// `CHAR(n)`
pub const fn char(length: u32) -> ColumnType {
    ColumnType::standard(DataType::Varchar(length), StandardType::Char(length))
}

/// `VARCHAR(n)`, or `VARCHAR` where the database needs no length.
pub const fn varchar(length: Option<u32>) -> ColumnType {
    ColumnType::standard(text_of(length), StandardType::Varchar(length))
}

/// `NCHAR(n)`
pub const fn nchar(length: u32) -> ColumnType {
    ColumnType::standard(DataType::Varchar(length), StandardType::NChar(length))
}

/// `NVARCHAR(n)`
pub const fn nvarchar(length: Option<u32>) -> ColumnType {
    ColumnType::standard(text_of(length), StandardType::NVarchar(length))
}

/// `TEXT`, or `TEXT(n)` where the database has that.
pub const fn text(length: Option<u32>) -> ColumnType {
    ColumnType::standard(DataType::Text, StandardType::Text(length))
}

const fn text_of(length: Option<u32>) -> DataType {
    match length {
        Some(length) => DataType::Varchar(length),
        None => DataType::Text,
    }
}

/// `BINARY(n)`
pub const fn binary(length: u32) -> ColumnType {
    ColumnType::standard(DataType::Bytes, StandardType::Binary(length))
}

/// `VARBINARY(n)`
pub const fn varbinary(length: u32) -> ColumnType {
    ColumnType::standard(DataType::Bytes, StandardType::Varbinary(length))
}

/// `BLOB`, or `BLOB(n)` where the database has that.
pub const fn blob(length: Option<u32>) -> ColumnType {
    ColumnType::standard(DataType::Bytes, StandardType::Blob(length))
}

/// `TIME`, with so many digits of the seconds' fraction or as many as the database keeps by itself.
pub const fn time(digits: Option<u8>) -> ColumnType {
    ColumnType::standard(DataType::Time, StandardType::Time { digits, zone: false })
}

/// A date and time without a zone: `TIMESTAMP`, or `DATETIME` where both are there.
pub const fn datetime(digits: Option<u8>) -> ColumnType {
    ColumnType::standard(DataType::Timestamp, StandardType::DateTime { digits, zone: false })
}

/// A moment: `TIMESTAMP WITH TIME ZONE`, or what comes nearest.
pub const fn datetime_tz(digits: Option<u8>) -> ColumnType {
    ColumnType::standard(DataType::TimestampTz, StandardType::DateTime { digits, zone: true })
}

/// The type that is called `TIMESTAMP`.
pub const fn timestamp(digits: Option<u8>) -> ColumnType {
    ColumnType::standard(DataType::Timestamp, StandardType::Timestamp { digits, zone: false })
}

/// The type that is called `TIMESTAMP WITH TIME ZONE`.
pub const fn timestamp_tz(digits: Option<u8>) -> ColumnType {
    ColumnType::standard(DataType::TimestampTz, StandardType::Timestamp { digits, zone: true })
}
