//! Arithmetic, where every database comes to the same number.

use orm_query::tree::BinaryOperator;
use orm_query::{DataType, Value};
use rust_decimal::Decimal;

use super::class::Class;
use super::compare::{decimal, float, integer};
use super::{Evaluated, refuse};

/// `left operator right`, neither of them NULL.
pub(super) fn arithmetic(
    left: &Value,
    operator: BinaryOperator,
    right: &Value,
    data_type: &DataType,
) -> Evaluated<Value> {
    match Class::of(data_type) {
        Class::Integer => match (integer(left), integer(right)) {
            (Some(a), Some(b)) => in_range(integers(a, operator, b)?, data_type),
            _ => refuse(OTHER),
        },
        Class::Double => {
            let (a, b) = (float(left)?, float(right)?);
            doubles(a, operator, b).map(Value::F64)
        }
        Class::Decimal => match (decimal(left), decimal(right)) {
            (Some(a), Some(b)) => decimals(a, operator, b).map(Value::Decimal),
            _ => refuse(OTHER),
        },
        _ => refuse(OTHER),
    }
}

const OTHER: &str = "arithmetic with values that are no numbers";
const OVERFLOW: &str = "arithmetic whose result does not fit its type";

fn integers(a: i128, operator: BinaryOperator, b: i128) -> Evaluated<i128> {
    // Of 64 bits each: nothing overflows in 128.
    Ok(match operator {
        BinaryOperator::Add => a + b,
        BinaryOperator::Subtract => a - b,
        BinaryOperator::Multiply => a * b,
        BinaryOperator::Modulo if b != 0 => a % b,
        BinaryOperator::Modulo => return refuse("a division by zero"),
        _ => return refuse(OTHER),
    })
}

fn doubles(a: f64, operator: BinaryOperator, b: f64) -> Evaluated<f64> {
    let result = match operator {
        BinaryOperator::Add => a + b,
        BinaryOperator::Subtract => a - b,
        BinaryOperator::Multiply => a * b,
        BinaryOperator::Divide if b != 0.0 => a / b,
        BinaryOperator::Divide => return refuse("a division by zero"),
        _ => return refuse(OTHER),
    };
    // Some databases refuse what is too great or too small, others go on with infinity and zero.
    let is_scaled = matches!(operator, BinaryOperator::Multiply | BinaryOperator::Divide);
    if !result.is_finite() || is_scaled && !result.is_normal() && a != 0.0 && b != 0.0 {
        return refuse(OVERFLOW);
    }
    Ok(result)
}

/// Exactly, or not at all: `Decimal`'s own operators round what has too many digits.
fn decimals(a: Decimal, operator: BinaryOperator, b: Decimal) -> Evaluated<Decimal> {
    let exact = || {
        let scale = a.scale().max(b.scale());
        let at_scale = |v: Decimal| v.mantissa().checked_mul(10_i128.checked_pow(scale - v.scale())?);
        let (mantissa, scale) = match operator {
            BinaryOperator::Add => (at_scale(a)?.checked_add(at_scale(b)?)?, scale),
            BinaryOperator::Subtract => (at_scale(a)?.checked_sub(at_scale(b)?)?, scale),
            BinaryOperator::Multiply => (a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale()),
            _ => return None,
        };
        Decimal::try_from_i128_with_scale(mantissa, scale).ok()
    };
    exact().map_or_else(|| refuse(OVERFLOW), Ok)
}

pub(super) fn negate(value: &Value, data_type: &DataType) -> Evaluated<Value> {
    match value {
        Value::F64(v) => Ok(Value::F64(-v)),
        Value::Decimal(v) => Ok(Value::Decimal(-v)),
        value => integer(value).map_or_else(|| refuse(OTHER), |v| in_range(-v, data_type)),
    }
}

pub(super) fn abs(value: &Value, data_type: &DataType) -> Evaluated<Value> {
    match value {
        Value::F64(v) => Ok(Value::F64(v.abs())),
        Value::Decimal(v) => Ok(Value::Decimal(v.abs())),
        value => integer(value).map_or_else(|| refuse(OTHER), |v| in_range(v.abs(), data_type)),
    }
}

/// A value as one of another type of its class, or an integer as a double, where it stays the same.
pub(super) fn cast(value: Value, data_type: &DataType) -> Evaluated<Value> {
    match Class::of(data_type) {
        Class::Integer => integer(&value).map_or_else(|| refuse(OTHER), |v| in_range(v, data_type)),
        Class::Double => float(&value).map(Value::F64),
        _ => Ok(value),
    }
}

/// An integer as a value of its type.
pub(super) fn in_range(v: i128, data_type: &DataType) -> Evaluated<Value> {
    let value = match data_type {
        DataType::SmallInt => v.try_into().ok().map(Value::I16),
        DataType::Integer => v.try_into().ok().map(Value::I32),
        DataType::BigInt => v.try_into().ok().map(Value::I64),
        DataType::UnsignedSmallInt => u16::try_from(v).ok().map(|v| Value::I32(v.into())),
        DataType::UnsignedInteger => u32::try_from(v).ok().map(|v| Value::I64(v.into())),
        DataType::UnsignedBigInt => v.try_into().ok().map(Value::U64),
        _ => None,
    };
    value.map_or_else(|| refuse(OVERFLOW), Ok)
}
