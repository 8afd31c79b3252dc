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
    /// A JSON document in a form that is indexed and compared by its content; plain JSON where there is no such form.
    Jsonb,
    /// One of a set of names.
    Enum(EnumType),
    /// A 16-bit integer without a sign; a wider type where the database has none.
    UnsignedSmallInt,
    /// A 32-bit integer without a sign; a wider type where the database has none.
    UnsignedInteger,
    /// A 64-bit integer without a sign; a decimal of 20 digits where the database has none.
    UnsignedBigInt,
    /// A span of months, days and microseconds; ISO 8601 text where the database has none.
    Interval,
    /// Values of one type in a row.
    Array(ElementType),
    /// All values between two bounds.
    Range(RangeType),
    /// Texts by text keys.
    Hstore,
    /// The address of a host, with the length of its network's prefix.
    Inet,
    /// The address of a network.
    Cidr,
    /// So many bits.
    Bit(u32),
    /// Bits, at most so many.
    BitVarying(Option<u32>),
    /// A type that orm does not know, in the database's own words; its values are read and sent as text.
    Other(Cow<'static, str>),
    /// Another type whose values go through functions of the database on their way.
    Converted(&'static Converted),
}

/// What values go through on their way into the database and out of it: see
/// [`TypeDecorator::BIND_FUNCTION`](crate::TypeDecorator::BIND_FUNCTION).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Converted {
    /// The type of the values, and of the column; no `Converted` itself.
    pub data_type: DataType,
    /// The function of a value that is sent.
    pub bind: Option<&'static str>,
    /// The function of what is read by the outermost select list.
    pub column: Option<&'static str>,
}

/// A SQL enum: kept as text with a CHECK where the database has no enums of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnumType {
    /// The type's name in databases that have named enum types.
    pub name: Cow<'static, str>,
    /// The values that it may take, in their order.
    pub values: Cow<'static, [Cow<'static, str>]>,
    /// Whether the database's own enums are used where it has them; text with a CHECK otherwise.
    pub native: bool,
    /// Whether a CHECK keeps text to the values.
    pub check: bool,
    /// The name of the CHECK, which then stands with the table.
    pub check_name: Option<Cow<'static, str>>,
    /// The length of the text; that of the longest value where `None`.
    pub length: Option<u32>,
}

impl EnumType {
    /// An enum by the database's own means where it has them.
    pub const fn new(name: Cow<'static, str>, values: Cow<'static, [Cow<'static, str>]>) -> Self {
        EnumType { name, values, native: true, check: true, check_name: None, length: None }
    }

    /// An enum that is text with a CHECK everywhere.
    #[must_use]
    pub const fn as_text(mut self) -> Self {
        self.native = false;
        self
    }

    /// Leaves the CHECK out where it is text.
    #[must_use]
    pub const fn without_check(mut self) -> Self {
        self.check = false;
        self
    }

    /// Names the CHECK where it is text.
    #[must_use]
    pub fn check_name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.check_name = Some(name.into());
        self
    }

    /// Makes the text that long, for values to come.
    #[must_use]
    pub const fn length(mut self, length: u32) -> Self {
        self.length = Some(length);
        self
    }

    /// The length of the text that holds each value, in characters.
    pub fn text_length(&self) -> u32 {
        let longest = self.values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
        self.length.unwrap_or_else(|| u32::try_from(longest).unwrap_or(u32::MAX))
    }
}

/// The type of an array's elements, borrowed from a program's text or made at run time.
#[derive(Debug, Clone)]
pub enum ElementType {
    /// Borrowed.
    Borrowed(&'static DataType),
    /// Made at run time.
    Owned(Box<DataType>),
}

impl std::ops::Deref for ElementType {
    type Target = DataType;

    fn deref(&self) -> &DataType {
        match self {
            ElementType::Borrowed(element) => element,
            ElementType::Owned(element) => element,
        }
    }
}

impl From<DataType> for ElementType {
    fn from(element: DataType) -> Self {
        ElementType::Owned(Box::new(element))
    }
}

impl PartialEq for ElementType {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for ElementType {}

impl std::hash::Hash for ElementType {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

/// What a range is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RangeType {
    /// 32-bit integers.
    Integer,
    /// 64-bit integers.
    BigInt,
    /// Exact decimals.
    Numeric,
    /// Dates.
    Date,
    /// Dates and times without a zone.
    Timestamp,
    /// Moments.
    TimestampTz,
}

impl RangeType {
    /// The type of the bounds.
    pub const fn element(self) -> DataType {
        match self {
            RangeType::Integer => DataType::Integer,
            RangeType::BigInt => DataType::BigInt,
            RangeType::Numeric => DataType::NUMERIC,
            RangeType::Date => DataType::Date,
            RangeType::Timestamp => DataType::Timestamp,
            RangeType::TimestampTz => DataType::TimestampTz,
        }
    }
}

impl DataType {
    /// An exact decimal without limits.
    pub const NUMERIC: DataType = DataType::Numeric { precision: None, scale: None };

    /// The type without the functions of [`Converted`](DataType::Converted).
    pub const fn plain(&self) -> &DataType {
        match self {
            DataType::Converted(converted) => &converted.data_type,
            other => other,
        }
    }

    /// As [`plain`](DataType::plain).
    #[must_use]
    pub fn into_plain(self) -> DataType {
        match self {
            DataType::Converted(converted) => converted.data_type.clone(),
            other => other,
        }
    }

    /// Whether a generated key can be of this type.
    pub const fn is_integer(&self) -> bool {
        matches!(
            self,
            DataType::SmallInt
                | DataType::Integer
                | DataType::BigInt
                | DataType::UnsignedSmallInt
                | DataType::UnsignedInteger
                | DataType::UnsignedBigInt
        )
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
            DataType::Jsonb => f.write_str("JSONB"),
            DataType::Enum(e) => write!(f, "ENUM {}", e.name),
            DataType::UnsignedSmallInt => f.write_str("SMALLINT UNSIGNED"),
            DataType::UnsignedInteger => f.write_str("INTEGER UNSIGNED"),
            DataType::UnsignedBigInt => f.write_str("BIGINT UNSIGNED"),
            DataType::Interval => f.write_str("INTERVAL"),
            DataType::Array(element) => write!(f, "{} ARRAY", **element),
            DataType::Range(range) => write!(f, "RANGE OF {}", range.element()),
            DataType::Hstore => f.write_str("HSTORE"),
            DataType::Inet => f.write_str("INET"),
            DataType::Cidr => f.write_str("CIDR"),
            DataType::Bit(n) => write!(f, "BIT({n})"),
            DataType::BitVarying(Some(n)) => write!(f, "BIT VARYING({n})"),
            DataType::BitVarying(None) => f.write_str("BIT VARYING"),
            DataType::Other(name) => f.write_str(name),
            DataType::Converted(converted) => converted.data_type.fmt(f),
        }
    }
}
