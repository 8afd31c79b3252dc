use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use orm_core::{Error, Result};
use orm_query::{Bind, Compiled, DataType, Dialect, Value};
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::mysql::types::MySqlTime;
use sqlx::mysql::{MySqlArguments, MySqlTypeInfo};
use sqlx::{Arguments, Type};

use super::session::Types;
use crate::limits::{self, OTHER_TYPE};
use crate::mysql::MySql;
use crate::mysql::types::fits;
use crate::syntax::Place;

/// The binds as they are sent, each in the form of its SQL type and not of its Rust type.
pub(super) fn arguments(dialect: &MySql, types: &Types, statement: &Compiled) -> Result<MySqlArguments> {
    let mut arguments = MySqlArguments::default();
    arguments.reserve(statement.binds.len(), 16 * statement.binds.len());
    for bind in &statement.binds {
        fits(dialect, bind, Place::Operand)?;
        add(&mut arguments, dialect, types, bind)?;
    }
    Ok(arguments)
}

fn add(arguments: &mut MySqlArguments, dialect: &MySql, types: &Types, bind: &Bind) -> Result<()> {
    use DataType as T;
    let other_type = || Error::from(limits::refused(Dialect::name(dialect), bind, OTHER_TYPE));
    let integer = |value: &Value| limits::integer(value).ok_or_else(other_type);
    let added = match (&bind.value, &bind.data_type) {
        (Value::Null, data_type) => null(arguments, types, data_type),
        (Value::Bool(v), _) => arguments.add(i8::from(*v)),
        (value @ (Value::I16(_) | Value::I32(_) | Value::I64(_) | Value::U64(_)), T::Real | T::Double) => {
            // `fits` lets integers pass that a float has.
            arguments.add(integer(value)? as f64)
        }
        (value @ (Value::I16(_) | Value::I32(_) | Value::I64(_) | Value::U64(_)), T::Numeric { .. }) => {
            decimal(arguments, types, &integer(value)?.to_string())
        }
        // Always of one width: another one would make the server prepare the statement again.
        (Value::I16(v), _) => arguments.add(i64::from(*v)),
        (Value::I32(v), _) => arguments.add(i64::from(*v)),
        (Value::I64(v), _) => arguments.add(*v),
        (Value::U64(v), T::UnsignedBigInt) => arguments.add(*v),
        (Value::U64(v), _) => match i64::try_from(*v) {
            Ok(v) => arguments.add(v),
            Err(_) => arguments.add(*v),
        },
        (Value::F32(v), T::Real) => arguments.add(*v),
        (Value::F32(v), _) => arguments.add(f64::from(*v)),
        (Value::F64(v), T::Real) => arguments.add(*v as f32),
        (Value::F64(v), _) => arguments.add(*v),
        (Value::Decimal(v), _) => decimal(arguments, types, &v.to_string()),
        (Value::Text(v), _) => arguments.add(v.as_str()),
        (Value::Bytes(v), _) => arguments.add(v.as_slice()),
        (Value::Date(v), _) => arguments.add(Typed { type_info: &types.date, value: Some(&date(*v)) }),
        (Value::Time(v), _) => {
            let type_info = <MySqlTime as Type<sqlx::MySql>>::type_info();
            arguments.add(Typed { type_info: &type_info, value: Some(&time(*v)) })
        }
        (Value::DateTime(v), _) => {
            arguments.add(Typed { type_info: &types.datetime, value: Some(&datetime(*v)) })
        }
        (Value::TimestampTz(v), _) => {
            arguments.add(Typed { type_info: &types.datetime, value: Some(&datetime(v.naive_utc())) })
        }
        (Value::Uuid(v), _) => arguments.add(&*v.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer())),
        (Value::Json(v), _) => arguments.add(v.to_string()),
        (Value::Interval(v), _) => arguments.add(v.to_string()),
        (Value::Bits(v), _) => {
            let number = v.iter().fold(0_u64, |number, bit| number << 1 | u64::from(bit));
            arguments.add(number)
        }
        _ => return Err(other_type()),
    };
    added.map_err(|error| Error::Database { message: error.to_string(), code: None, statement: None })
}

fn null(arguments: &mut MySqlArguments, types: &Types, data_type: &DataType) -> Result<(), BoxDynError> {
    use DataType as T;
    match data_type {
        T::Boolean => arguments.add(None::<i8>),
        T::SmallInt | T::Integer | T::BigInt | T::UnsignedSmallInt | T::UnsignedInteger => {
            arguments.add(None::<i64>)
        }
        T::UnsignedBigInt | T::Bit(_) => arguments.add(None::<u64>),
        T::Real => arguments.add(None::<f32>),
        T::Double => arguments.add(None::<f64>),
        T::Numeric { .. } => arguments.add(Typed { type_info: &types.decimal, value: None }),
        T::Bytes => arguments.add(None::<&[u8]>),
        T::Date => arguments.add(Typed { type_info: &types.date, value: None }),
        T::Time => arguments.add(None::<MySqlTime>),
        T::Timestamp | T::TimestampTz => arguments.add(Typed { type_info: &types.datetime, value: None }),
        _ => arguments.add(None::<&str>),
    }
}

/// As a text it would be compared as a double.
fn decimal(arguments: &mut MySqlArguments, types: &Types, digits: &str) -> Result<(), BoxDynError> {
    let mut value = Vec::with_capacity(digits.len() + 1);
    // A decimal has at most 65 digits, so its length is one byte.
    value.push(u8::try_from(digits.len())?);
    value.extend_from_slice(digits.as_bytes());
    arguments.add(Typed { type_info: &types.decimal, value: Some(&value) })
}

fn date(v: NaiveDate) -> [u8; 5] {
    let [low, high] = year(v);
    [4, low, high, v.month() as u8, v.day() as u8]
}

fn year(v: NaiveDate) -> [u8; 2] {
    // `fits` lets the years from 1 to 9999 pass.
    u16::try_from(v.year()).unwrap_or_default().to_le_bytes()
}

fn time(v: NaiveTime) -> [u8; 13] {
    let [a, b, c, d] = (v.nanosecond() / 1_000).to_le_bytes();
    // Not negative, and no days.
    [12, 0, 0, 0, 0, 0, v.hour() as u8, v.minute() as u8, v.second() as u8, a, b, c, d]
}

fn datetime(v: NaiveDateTime) -> [u8; 12] {
    let [low, high] = year(v.date());
    let [a, b, c, d] = (v.nanosecond() / 1_000).to_le_bytes();
    let (hour, minute, second) = (v.hour() as u8, v.minute() as u8, v.second() as u8);
    [11, low, high, v.month() as u8, v.day() as u8, hour, minute, second, a, b, c, d]
}

/// A value in the form of the wire, of a type for which sqlx has no Rust type without another of its features.
struct Typed<'a> {
    type_info: &'a MySqlTypeInfo,
    value: Option<&'a [u8]>,
}

impl Type<sqlx::MySql> for Typed<'_> {
    fn type_info() -> MySqlTypeInfo {
        // Never asked for: `produces` tells more.
        <str as Type<sqlx::MySql>>::type_info()
    }
}

impl Encode<'_, sqlx::MySql> for Typed<'_> {
    fn encode_by_ref(&self, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
        Ok(match self.value {
            Some(value) => {
                buffer.extend_from_slice(value);
                IsNull::No
            }
            None => IsNull::Yes,
        })
    }

    fn produces(&self) -> Option<MySqlTypeInfo> {
        Some(self.type_info.clone())
    }
}
