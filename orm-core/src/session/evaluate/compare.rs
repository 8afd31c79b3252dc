use std::cmp::Ordering;

use orm_query::Value;
use rust_decimal::Decimal;

use super::{Evaluated, refuse};

/// The order of two values of comparable types, neither of them NULL.
pub(super) fn order(left: &Value, right: &Value) -> Evaluated<Ordering> {
    use Value as V;
    Ok(match (left, right) {
        (V::Bool(a), V::Bool(b)) => a.cmp(b),
        (V::Text(a), V::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (V::Bytes(a), V::Bytes(b)) => a.cmp(b),
        (V::Date(a), V::Date(b)) => a.cmp(b),
        (V::Time(a), V::Time(b)) => a.cmp(b),
        (V::DateTime(a), V::DateTime(b)) => a.cmp(b),
        (V::TimestampTz(a), V::TimestampTz(b)) => a.cmp(b),
        (V::Uuid(a), V::Uuid(b)) => a.cmp(b),
        _ => match (integer(left), integer(right)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ if is_float(left) || is_float(right) => floats(left, right)?,
            _ => match (decimal(left), decimal(right)) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => return refuse("a comparison of values of different types"),
            },
        },
    })
}

fn floats(left: &Value, right: &Value) -> Evaluated<Ordering> {
    match float(left)?.partial_cmp(&float(right)?) {
        Some(order) => Ok(order),
        None => refuse("a comparison with NaN"),
    }
}

fn is_float(value: &Value) -> bool {
    matches!(value, Value::F32(_) | Value::F64(_))
}

pub(super) fn integer(value: &Value) -> Option<i128> {
    Some(match value {
        Value::I16(v) => (*v).into(),
        Value::I32(v) => (*v).into(),
        Value::I64(v) => (*v).into(),
        Value::U64(v) => (*v).into(),
        _ => return None,
    })
}

pub(super) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Decimal(v) => Some(*v),
        value => Decimal::try_from_i128_with_scale(integer(value)?, 0).ok(),
    }
}

/// Up to here each integer is a double.
const DOUBLES: i128 = 1 << 53;

pub(super) fn float(value: &Value) -> Evaluated<f64> {
    match value {
        Value::F32(v) => Ok((*v).into()),
        Value::F64(v) => Ok(*v),
        value => match integer(value) {
            Some(v) if (-DOUBLES..=DOUBLES).contains(&v) => Ok(v as f64),
            _ => refuse("an integer of more than 53 bits among floats"),
        },
    }
}
