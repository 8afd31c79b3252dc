use crate::{CompileError, DataType, SqlType, Value};

/// A Rust value as one that is sent: of a SQL type, a `&str`, or a [`Value`] as it is.
pub trait IntoValue {
    /// The value.
    fn into_value(self) -> Value;
}

impl<T: SqlType> IntoValue for T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

impl IntoValue for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}

/// The value in the form in which a column of that type takes it: an integer in its width, a number as a decimal.
///
/// # Errors
/// [`CompileError::WrongType`] where it is of another type, or out of range.
pub(super) fn fit(
    value: Value,
    data_type: &DataType,
    table: &str,
    column: &str,
) -> Result<Value, CompileError> {
    let wrong = |value: Value| CompileError::WrongType {
        column: format!("{table}.{column}"),
        data_type: data_type.to_string(),
        value: format!("{value:?}"),
    };
    let integer = match &value {
        Value::I16(n) => Some(i128::from(*n)),
        Value::I32(n) => Some(i128::from(*n)),
        Value::I64(n) => Some(i128::from(*n)),
        Value::U64(n) => Some(i128::from(*n)),
        _ => None,
    };
    let fitting = match (data_type, &value, integer) {
        (_, Value::Null, _) => true,
        (DataType::SmallInt, _, Some(n)) => return n.try_into().map(Value::I16).map_err(|_| wrong(value)),
        (DataType::Integer | DataType::UnsignedSmallInt, _, Some(n)) => {
            return n.try_into().map(Value::I32).map_err(|_| wrong(value));
        }
        (DataType::BigInt | DataType::UnsignedInteger, _, Some(n)) => {
            return n.try_into().map(Value::I64).map_err(|_| wrong(value));
        }
        (DataType::UnsignedBigInt, _, Some(n)) => {
            return n.try_into().map(Value::U64).map_err(|_| wrong(value));
        }
        (DataType::Numeric { .. }, _, Some(n)) => {
            return rust_decimal::Decimal::try_from_i128_with_scale(n, 0)
                .map(Value::Decimal)
                .map_err(|_| wrong(value));
        }
        (DataType::Double, Value::F32(n), _) => return Ok(Value::F64(f64::from(*n))),
        (DataType::Boolean, Value::Bool(_), _)
        | (DataType::Real, Value::F32(_), _)
        | (DataType::Double, Value::F64(_), _)
        | (DataType::Numeric { .. }, Value::Decimal(_), _)
        | (
            DataType::Text | DataType::Varchar(_) | DataType::Enum(_) | DataType::Other(_),
            Value::Text(_),
            _,
        )
        | (DataType::Bytes, Value::Bytes(_), _)
        | (DataType::Date, Value::Date(_), _)
        | (DataType::Time, Value::Time(_), _)
        | (DataType::Timestamp, Value::DateTime(_), _)
        | (DataType::TimestampTz, Value::TimestampTz(_), _)
        | (DataType::Uuid, Value::Uuid(_), _)
        | (DataType::Json | DataType::Jsonb, Value::Json(_), _)
        | (DataType::Interval, Value::Interval(_), _)
        | (DataType::Array(_), Value::Array(_), _)
        | (DataType::Range(_), Value::Range(_), _)
        | (DataType::Hstore, Value::Hstore(_), _)
        | (DataType::Inet | DataType::Cidr, Value::Inet(_), _)
        | (DataType::Bit(_) | DataType::BitVarying(_), Value::Bits(_), _) => true,
        _ => false,
    };
    if fitting { Ok(value) } else { Err(wrong(value)) }
}
