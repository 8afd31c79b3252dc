//! The SQL types whose getter in [`Row`] has the Rust type itself.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{BitString, Hstore, Inet, Interval};
use crate::{DataType, DecodeError, Row, SqlType, Value, ValueError};

macro_rules! scalar {
    ($($rust:ty, $variant:ident, $data_type:expr, $getter:ident;)*) => { $(
        impl SqlType for $rust {
            type Base = $rust;
            type Lift<U: SqlType> = U;
            const DATA_TYPE: DataType = $data_type;
            const NULLABLE: bool = false;

            fn to_value(&self) -> Value {
                Value::$variant(self.clone())
            }

            fn from_value(value: Value) -> Result<Self, ValueError> {
                match value {
                    Value::$variant(v) => Ok(v),
                    other => Err(ValueError { expected: stringify!($rust), value: format!("{other:?}") }),
                }
            }

            fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
                match row.$getter(position)? {
                    Some(v) => Ok(v.into()),
                    None => Err(DecodeError::null(row, position, stringify!($rust))),
                }
            }

            fn decode_nullable(row: &dyn Row, position: usize) -> Result<Option<Self>, DecodeError> {
                Ok(row.$getter(position)?.map(Into::into))
            }
        }
    )* };
}

scalar! {
    bool, Bool, DataType::Boolean, bool;
    f32, F32, DataType::Real, f32;
    f64, F64, DataType::Double, f64;
    Decimal, Decimal, DataType::NUMERIC, decimal;
    String, Text, DataType::Text, text;
    Vec<u8>, Bytes, DataType::Bytes, bytes;
    NaiveDate, Date, DataType::Date, date;
    NaiveTime, Time, DataType::Time, time;
    NaiveDateTime, DateTime, DataType::Timestamp, datetime;
    DateTime<Utc>, TimestampTz, DataType::TimestampTz, timestamp_tz;
    Uuid, Uuid, DataType::Uuid, uuid;
    serde_json::Value, Json, DataType::Json, json;
    Interval, Interval, DataType::Interval, interval;
    Hstore, Hstore, DataType::Hstore, hstore;
    Inet, Inet, DataType::Inet, inet;
    BitString, Bits, DataType::BitVarying(None), bits;
}
