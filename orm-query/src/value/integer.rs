//! Integers: read at any width, checked for range.

use crate::{DataType, DecodeError, Row, SqlType, Value, ValueError};

macro_rules! integer {
    ($($rust:ty, $variant:ident, $data_type:ident, $getter:ident;)*) => { $(
        impl SqlType for $rust {
            type Base = $rust;
            type Lift<U: SqlType> = U;
            const DATA_TYPE: DataType = DataType::$data_type;
            const NULLABLE: bool = false;

            fn to_value(&self) -> Value {
                Value::$variant((*self).into())
            }

            fn from_value(value: Value) -> Result<Self, ValueError> {
                integer(&value)
                    .and_then(|v| v.try_into().ok())
                    .ok_or_else(|| ValueError { expected: stringify!($rust), value: format!("{value:?}") })
            }

            fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
                Self::decode_nullable(row, position)?
                    .ok_or_else(|| DecodeError::null(row, position, stringify!($rust)))
            }

            fn decode_nullable(row: &dyn Row, position: usize) -> Result<Option<Self>, DecodeError> {
                row.$getter(position)?
                    .map(|v| v.try_into().map_err(|_| {
                        DecodeError::new(row, position, stringify!($rust), format!("{v} is out of range"))
                    }))
                    .transpose()
            }
        }
    )* };
}

integer! {
    i8, I16, SmallInt, i64;
    i16, I16, SmallInt, i64;
    i32, I32, Integer, i64;
    i64, I64, BigInt, i64;
    u8, I16, SmallInt, i64;
    u16, I32, UnsignedSmallInt, i64;
    u32, I64, UnsignedInteger, i64;
    u64, U64, UnsignedBigInt, u64;
}

fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::I16(v) => Some((*v).into()),
        Value::I32(v) => Some((*v).into()),
        Value::I64(v) => Some((*v).into()),
        Value::U64(v) => Some((*v).into()),
        _ => None,
    }
}
