//! One value on its way to a database: the common currency of binds, keys and comparisons.

use std::hash::{Hash, Hasher};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::DataType;

mod array;
mod bits;
mod full_text;
mod hstore;
mod inet;
mod integer;
mod interval;
mod jsonb;
mod multirange;
mod range;
mod scalar;

pub use array::ArrayElement;
pub use bits::BitString;
pub use full_text::{RegConfig, TsQuery, TsVector};
pub use hstore::Hstore;
pub use inet::{Inet, InetError};
pub use interval::{Interval, IntervalError};
pub use jsonb::Jsonb;
pub use multirange::MultiRange;
pub use range::{Range, RangeElement};

/// A value of any SQL type that orm knows.
///
/// Rows are decoded straight into Rust types and never through a `Value`; it exists for what is sent, and for the
/// unit of work, which compares and carries values without knowing their types.
///
/// Two values are equal when they are written alike: `NaN` equals itself, `0.0` differs from `-0.0`, and the decimal
/// `1.5` from `1.50`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// SQL's NULL; its type is that of the [`Bind`] around it.
    Null,
    /// `BOOLEAN`
    Bool(bool),
    /// `SMALLINT`
    I16(i16),
    /// `INTEGER`
    I32(i32),
    /// `BIGINT`
    I64(i64),
    /// `REAL`
    F32(f32),
    /// `DOUBLE PRECISION`
    F64(f64),
    /// `NUMERIC`
    Decimal(Decimal),
    /// `VARCHAR`, `TEXT`
    Text(String),
    /// `BLOB`, `BYTEA`
    Bytes(Vec<u8>),
    /// `DATE`
    Date(NaiveDate),
    /// `TIME`
    Time(NaiveTime),
    /// `TIMESTAMP` without a zone
    DateTime(NaiveDateTime),
    /// `TIMESTAMP WITH TIME ZONE`, kept in UTC
    TimestampTz(DateTime<Utc>),
    /// `UUID`
    Uuid(Uuid),
    /// `JSON`
    Json(serde_json::Value),
    /// `BIGINT UNSIGNED`; narrower unsigned integers are signed ones of the next width.
    U64(u64),
    /// `INTERVAL`
    Interval(Interval),
    /// `ARRAY`, of values of one type and NULLs
    Array(Vec<Value>),
    /// A range
    Range(Box<Range<Value>>),
    /// `HSTORE`
    Hstore(Hstore),
    /// `INET`, `CIDR`
    Inet(Inet),
    /// `BIT`, `BIT VARYING`
    Bits(BitString),
}

impl Value {
    /// Whether this is SQL's NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether this is the integer 0, which a generated key is while it is not given.
    pub fn is_zero(&self) -> bool {
        matches!(self, Value::I16(0) | Value::I32(0) | Value::I64(0) | Value::U64(0))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        use Value::*;
        match (self, other) {
            (Null, Null) => true,
            (Bool(a), Bool(b)) => a == b,
            (I16(a), I16(b)) => a == b,
            (I32(a), I32(b)) => a == b,
            (I64(a), I64(b)) => a == b,
            (F32(a), F32(b)) => a.to_bits() == b.to_bits(),
            (F64(a), F64(b)) => a.to_bits() == b.to_bits(),
            (Decimal(a), Decimal(b)) => a == b && a.scale() == b.scale(),
            (Text(a), Text(b)) => a == b,
            (Bytes(a), Bytes(b)) => a == b,
            (Date(a), Date(b)) => a == b,
            (Time(a), Time(b)) => a == b,
            (DateTime(a), DateTime(b)) => a == b,
            (TimestampTz(a), TimestampTz(b)) => a == b,
            (Uuid(a), Uuid(b)) => a == b,
            (Json(a), Json(b)) => a == b,
            (U64(a), U64(b)) => a == b,
            (Interval(a), Interval(b)) => a == b,
            (Array(a), Array(b)) => a == b,
            (Range(a), Range(b)) => a == b,
            (Hstore(a), Hstore(b)) => a == b,
            (Inet(a), Inet(b)) => a == b,
            (Bits(a), Bits(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Value::Null => {}
            Value::Bool(v) => v.hash(state),
            Value::I16(v) => v.hash(state),
            Value::I32(v) => v.hash(state),
            Value::I64(v) => v.hash(state),
            Value::F32(v) => v.to_bits().hash(state),
            Value::F64(v) => v.to_bits().hash(state),
            Value::Decimal(v) => v.hash(state),
            Value::Text(v) => v.hash(state),
            Value::Bytes(v) => v.hash(state),
            Value::Date(v) => v.hash(state),
            Value::Time(v) => v.hash(state),
            Value::DateTime(v) => v.hash(state),
            Value::TimestampTz(v) => v.hash(state),
            Value::Uuid(v) => v.hash(state),
            Value::Json(v) => v.to_string().hash(state),
            Value::U64(v) => v.hash(state),
            Value::Interval(v) => v.hash(state),
            Value::Array(v) => v.hash(state),
            Value::Range(v) => v.hash(state),
            Value::Hstore(v) => v.hash(state),
            Value::Inet(v) => v.hash(state),
            Value::Bits(v) => v.hash(state),
        }
    }
}

/// A value with the SQL type that it is sent as: the column's or the expression's, never the value's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bind {
    /// The value.
    pub value: Value,
    /// The type that the driver encodes it as; a NULL has one too.
    pub data_type: DataType,
}

impl Bind {
    /// `value`, to be sent as a `data_type`.
    pub fn new(value: Value, data_type: DataType) -> Self {
        Bind { value, data_type }
    }
}

/// Reads the value at `position` of a row as a `data_type`, for those who do not know its Rust type.
///
/// # Errors
/// When the value does not fit.
pub fn read_value(
    row: &dyn crate::Row,
    position: usize,
    data_type: &DataType,
) -> Result<Value, crate::DecodeError> {
    use crate::SqlType;
    fn read<T: SqlType<Base = T>>(
        row: &dyn crate::Row,
        position: usize,
    ) -> Result<Value, crate::DecodeError> {
        Ok(Option::<T>::decode(row, position)?.to_value())
    }
    match data_type {
        DataType::Converted(converted) => read_value(row, position, &converted.data_type),
        DataType::Boolean => read::<bool>(row, position),
        DataType::SmallInt => read::<i16>(row, position),
        DataType::Integer => read::<i32>(row, position),
        DataType::BigInt => read::<i64>(row, position),
        DataType::Real => read::<f32>(row, position),
        DataType::Double => read::<f64>(row, position),
        DataType::Numeric { .. } => read::<Decimal>(row, position),
        DataType::Text | DataType::Varchar(_) | DataType::Enum(_) | DataType::Other(_) => {
            read::<String>(row, position)
        }
        DataType::Bytes => read::<Vec<u8>>(row, position),
        DataType::Date => read::<NaiveDate>(row, position),
        DataType::Time => read::<NaiveTime>(row, position),
        DataType::Timestamp => read::<NaiveDateTime>(row, position),
        DataType::TimestampTz => read::<DateTime<Utc>>(row, position),
        DataType::Uuid => read::<Uuid>(row, position),
        DataType::Json | DataType::Jsonb => read::<serde_json::Value>(row, position),
        DataType::UnsignedSmallInt => read::<u16>(row, position),
        DataType::UnsignedInteger => read::<u32>(row, position),
        DataType::UnsignedBigInt => read::<u64>(row, position),
        DataType::Interval => read::<Interval>(row, position),
        DataType::Array(element) => Ok(row.array(position, element)?.map_or(Value::Null, Value::Array)),
        DataType::Range(range) => {
            Ok(row.range(position, *range)?.map_or(Value::Null, |range| Value::Range(Box::new(range))))
        }
        DataType::Hstore => read::<Hstore>(row, position),
        DataType::Inet | DataType::Cidr => read::<Inet>(row, position),
        DataType::Bit(_) | DataType::BitVarying(_) => read::<BitString>(row, position),
    }
}
