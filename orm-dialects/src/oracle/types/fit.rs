//! Which values Oracle holds.

use orm_query::{Bind, DataType, Value};
use rust_decimal::Decimal;

use crate::limits::{self, Fit, OTHER_TYPE, OUT_OF_RANGE, Reason};
use crate::oracle::NAME;
use crate::syntax::{Place, Result};

/// Whether the database can hold the value; for a value that is written, whether it keeps the column's limits too.
pub(in crate::oracle) fn fits(bind: &Bind, place: Place) -> Result {
    check(&bind.value, &bind.data_type, place == Place::Stored)
        .map_err(|reason| limits::refused(NAME, bind, reason))
}

fn ensure(condition: bool, reason: Reason) -> Fit {
    if condition { Ok(()) } else { Err(reason) }
}

/// Whether the database has a type for it.
pub(in crate::oracle) fn is_there(data_type: &DataType) -> bool {
    !matches!(
        data_type,
        DataType::Time
            | DataType::Array(_)
            | DataType::Range(_)
            | DataType::Hstore
            | DataType::Inet
            | DataType::Cidr
            | DataType::Bit(_)
            | DataType::BitVarying(_)
    )
}

fn check(value: &Value, data_type: &DataType, stored: bool) -> Fit {
    use DataType as T;
    match (value, data_type) {
        (Value::Null, _) | (Value::Bool(_), T::Boolean) | (Value::Uuid(_), T::Uuid) => Ok(()),
        (Value::I16(_) | Value::I32(_) | Value::I64(_) | Value::U64(_), to) => integer(value, to, stored),
        (Value::F32(_), T::Real | T::Double) | (Value::F64(_), T::Double) => Ok(()),
        (Value::F64(v), T::Real) => {
            ensure(v.is_nan() || f64::from(*v as f32) == *v, "a 32-bit float would lose digits")
        }
        (Value::Decimal(v), T::Numeric { precision, scale }) if stored => {
            limits::decimal(*v, *precision, *scale)
        }
        (Value::Decimal(_), T::Numeric { .. }) | (Value::Json(_), T::Json | T::Jsonb) => Ok(()),
        (Value::Text(v), to) => text(v, to, stored),
        (Value::Bytes(v), T::Bytes) => ensure(!stored || !v.is_empty(), "Oracle keeps empty bytes as NULL"),
        (Value::Interval(v), T::Interval) => ensure(v.months == 0, "INTERVAL DAY TO SECOND has no months"),
        (Value::Date(v), T::Date) => limits::date(*v),
        (Value::DateTime(v), T::Timestamp) => limits::timestamp(*v),
        (Value::TimestampTz(v), T::TimestampTz) => limits::timestamp(v.naive_utc()),
        _ => Err(OTHER_TYPE),
    }
}

/// An integer as any type of numbers. What is only compared may be beyond the column's range.
fn integer(value: &Value, to: &DataType, stored: bool) -> Fit {
    let v = limits::integer(value).ok_or(OTHER_TYPE)?;
    let within = |least: i128, most: i128| ensure(!stored || (least..=most).contains(&v), OUT_OF_RANGE);
    match to {
        DataType::SmallInt => within(i16::MIN.into(), i16::MAX.into()),
        DataType::Integer => within(i32::MIN.into(), i32::MAX.into()),
        DataType::BigInt => within(i64::MIN.into(), i64::MAX.into()),
        DataType::UnsignedSmallInt => within(0, u16::MAX.into()),
        DataType::UnsignedInteger => within(0, u32::MAX.into()),
        DataType::UnsignedBigInt => within(0, u64::MAX.into()),
        DataType::Numeric { precision, scale } if stored => {
            let v = Decimal::try_from_i128_with_scale(v, 0).map_err(|_| OUT_OF_RANGE)?;
            limits::decimal(v, *precision, *scale)
        }
        DataType::Numeric { .. } => Ok(()),
        DataType::Real => {
            ensure(limits::is_exact(v, f32::MANTISSA_DIGITS), "a 32-bit float has only 24 bits")
        }
        DataType::Double => ensure(limits::is_exact(v, f64::MANTISSA_DIGITS), "a double has only 53 bits"),
        _ => Err(OTHER_TYPE),
    }
}

fn text(v: &str, to: &DataType, stored: bool) -> Fit {
    match to {
        DataType::Text | DataType::Varchar(_) | DataType::Enum(_) | DataType::Other(_)
            if stored && v.is_empty() =>
        {
            Err("Oracle keeps the empty text as NULL")
        }
        DataType::Varchar(n) if stored && !limits::is_at_most(v, *n) => {
            Err("the text is longer than the column")
        }
        DataType::Enum(e) if stored && !e.values.iter().any(|value| value == v) => {
            Err("the enum has no such value")
        }
        DataType::Text | DataType::Varchar(_) | DataType::Enum(_) | DataType::Other(_) => {
            ensure(!v.contains('\0'), "a text has no NUL character")
        }
        _ => Err(OTHER_TYPE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Value, data_type: DataType, operand: bool, stored: bool) {
        let bind = Bind::new(value, data_type);
        let fits = |place| fits(&bind, place).is_ok();
        assert_eq!((fits(Place::Operand), fits(Place::Stored)), (operand, stored), "{bind:?}");
    }

    #[test]
    fn what_would_come_back_as_another_value_is_refused() {
        check(Value::Text(String::new()), DataType::Varchar(3), true, false);
        check(Value::Text("abcd".into()), DataType::Varchar(3), true, false);
        check(Value::Text("a\0b".into()), DataType::Text, false, false);
        check(Value::Bytes(Vec::new()), DataType::Bytes, true, false);
        check(Value::I64(70_000), DataType::SmallInt, true, false);
        check(Value::I64(-1), DataType::UnsignedInteger, true, false);
        check(Value::U64(u64::MAX), DataType::UnsignedBigInt, true, true);
        check(Value::F64(f64::NAN), DataType::Double, true, true);
        check(Value::F64(0.1), DataType::Real, false, false);
        check(
            Value::Decimal(Decimal::new(1234, 3)),
            DataType::Numeric { precision: Some(5), scale: Some(2) },
            true,
            false,
        );
        check(Value::Null, DataType::Text, true, true);
        check(Value::Text("a".into()), DataType::Integer, false, false);
    }
}
