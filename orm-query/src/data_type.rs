//! SQL types as data.

use std::borrow::Cow;
use std::fmt;

/// The SQL type of a column, an expression or a bind, as every database understands it.
///
/// Each dialect says the name in DDL and how the driver encodes and decodes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DataType {
    /// True or false.
    Boolean,
    /// A 16-bit integer.
    SmallInt,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    BigInt,
    /// A 32-bit float.
    Real,
    /// A 64-bit float.
    Double,
    /// An exact decimal of `precision` digits, `scale` of them after the point; unlimited where `None`, unlike SQL's
    /// `NUMERIC(p)`, whose scale is 0.
    Numeric {
        /// All digits.
        precision: Option<u8>,
        /// The digits after the point.
        scale: Option<u8>,
    },
    /// Text of any length.
    Text,
    /// Text of at most so many characters.
    Varchar(u32),
    /// Bytes of any length.
    Bytes,
    /// A calendar date.
    Date,
    /// A time of day.
    Time,
    /// A date and time without a zone.
    Timestamp,
    /// A moment; kept in UTC.
    TimestampTz,
    /// A UUID.
    Uuid,
    /// A JSON document.
    Json,
    /// One of a set of names.
    Enum(EnumType),
}

/// A SQL enum: kept as text with a CHECK where the database has no enums of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnumType {
    /// The type's name in databases that have named enum types.
    pub name: Cow<'static, str>,
    /// The values that it may take, in their order.
    pub values: Cow<'static, [&'static str]>,
}

impl DataType {
    /// An exact decimal without limits.
    pub const NUMERIC: DataType = DataType::Numeric { precision: None, scale: None };

    /// Whether a generated key can be of this type.
    pub const fn is_integer(&self) -> bool {
        matches!(self, DataType::SmallInt | DataType::Integer | DataType::BigInt)
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DataType::Boolean => f.write_str("BOOLEAN"),
            DataType::SmallInt => f.write_str("SMALLINT"),
            DataType::Integer => f.write_str("INTEGER"),
            DataType::BigInt => f.write_str("BIGINT"),
            DataType::Real => f.write_str("REAL"),
            DataType::Double => f.write_str("DOUBLE PRECISION"),
            DataType::Numeric { precision: Some(p), scale: Some(s) } => write!(f, "NUMERIC({p}, {s})"),
            DataType::Numeric { precision: Some(p), .. } => write!(f, "NUMERIC({p})"),
            DataType::Numeric { .. } => f.write_str("NUMERIC"),
            DataType::Text => f.write_str("TEXT"),
            DataType::Varchar(n) => write!(f, "VARCHAR({n})"),
            DataType::Bytes => f.write_str("BYTES"),
            DataType::Date => f.write_str("DATE"),
            DataType::Time => f.write_str("TIME"),
            DataType::Timestamp => f.write_str("TIMESTAMP"),
            DataType::TimestampTz => f.write_str("TIMESTAMP WITH TIME ZONE"),
            DataType::Uuid => f.write_str("UUID"),
            DataType::Json => f.write_str("JSON"),
            DataType::Enum(e) => write!(f, "ENUM {}", e.name),
        }
    }
}
