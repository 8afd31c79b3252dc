//! Which values SQL Server holds.

use orm_query::{Bind, DataType, Value};
use rust_decimal::Decimal;

use super::digits;
use crate::limits::{self, Fit, OTHER_TYPE, OUT_OF_RANGE, Reason};
use crate::mssql::MsSql;
use crate::syntax::{Place, Result, Syntax};

/// Whether the database can hold the value; for a value that is written, whether it keeps the column's limits too.
pub(in crate::mssql) fn fits(s: &MsSql, bind: &Bind, place: Place) -> Result {
    check(s, &bind.value, &bind.data_type, place == Place::Stored)
        .map_err(|reason| limits::refused(Syntax::name(s), bind, reason))
}

fn check(s: &MsSql, value: &Value, data_type: &DataType, stored: bool) -> Fit {
    use DataType as T;
    match (value, data_type) {
        (Value::Null, to) => ensure(is_there(to), NO_TYPE),
        (Value::Bool(_), T::Boolean) => Ok(()),
        (Value::I16(_) | Value::I32(_) | Value::I64(_) | Value::U64(_), to) => integer(value, to, stored),
        (Value::F32(v), T::Real | T::Double) => ensure(v.is_finite(), NOT_FINITE),
        (Value::F64(v), T::Double) => ensure(v.is_finite(), NOT_FINITE),
        (Value::F64(v), T::Real) => {
            ensure(v.is_finite(), NOT_FINITE)?;
            ensure(f64::from(*v as f32) == *v, "a 32-bit float would lose digits")
        }
        (Value::Decimal(v), T::Numeric { precision, scale }) if stored => decimal(*v, *precision, *scale),
        (Value::Decimal(_), T::Numeric { .. }) => Ok(()),
        (Value::Text(v), to) => text(s, v, to, stored),
        (Value::Bytes(_), T::Bytes) | (Value::Uuid(_), T::Uuid) => Ok(()),
        (Value::Json(_), T::Json | T::Jsonb) | (Value::Interval(_), T::Interval) => Ok(()),
        (Value::Date(v), T::Date) => limits::date(*v),
        (Value::Time(v), T::Time) => limits::time(*v),
        (Value::DateTime(v), T::Timestamp) => limits::timestamp(*v),
        (Value::TimestampTz(v), T::TimestampTz) => limits::timestamp(v.naive_utc()),
        (_, to) if !is_there(to) => Err(NO_TYPE),
        _ => Err(OTHER_TYPE),
    }
}

const NOT_FINITE: Reason = "there is no NaN and no infinity";
const NO_TYPE: Reason = "the database has no such type";

fn ensure(condition: bool, reason: Reason) -> Fit {
    if condition { Ok(()) } else { Err(reason) }
}

fn is_there(data_type: &DataType) -> bool {
    !matches!(
        data_type,
        DataType::Array(_)
            | DataType::Range(_)
            | DataType::Hstore
            | DataType::Inet
            | DataType::Cidr
            | DataType::Bit(_)
            | DataType::BitVarying(_)
    )
}

/// An integer as any type of numbers. It is sent in 64 bits, so what is only compared may be beyond the column's range.
fn integer(value: &Value, to: &DataType, stored: bool) -> Fit {
    let v = limits::integer(value).ok_or(OTHER_TYPE)?;
    let within = |least: i128, most: i128| ensure((least..=most).contains(&v), OUT_OF_RANGE);
    match to {
        DataType::SmallInt if stored => within(i16::MIN.into(), i16::MAX.into()),
        DataType::Integer if stored => within(i32::MIN.into(), i32::MAX.into()),
        DataType::SmallInt | DataType::Integer | DataType::BigInt => within(i64::MIN.into(), i64::MAX.into()),
        DataType::UnsignedSmallInt if stored => within(0, u16::MAX.into()),
        DataType::UnsignedInteger if stored => within(0, u32::MAX.into()),
        DataType::UnsignedSmallInt | DataType::UnsignedInteger | DataType::UnsignedBigInt => {
            within(0, u64::MAX.into())
        }
        DataType::Numeric { precision, scale } if stored => {
            let v = Decimal::try_from_i128_with_scale(v, 0).map_err(|_| OUT_OF_RANGE)?;
            decimal(v, *precision, *scale)
        }
        DataType::Numeric { .. } => Ok(()),
        DataType::Real => {
            ensure(limits::is_exact(v, f32::MANTISSA_DIGITS), "a 32-bit float has only 24 bits")
        }
        DataType::Double => ensure(limits::is_exact(v, f64::MANTISSA_DIGITS), "a double has only 53 bits"),
        _ => Err(OTHER_TYPE),
    }
}

fn decimal(v: Decimal, precision: Option<u8>, scale: Option<u8>) -> Fit {
    limits::decimal(v, precision, scale)?;
    let (p, d) = digits(precision, scale);
    limits::decimal(v, Some(p), Some(d))
}

fn text(s: &MsSql, v: &str, to: &DataType, stored: bool) -> Fit {
    let foreign = stored && !s.is_utf8() && !v.is_ascii();
    match to {
        DataType::Text | DataType::Varchar(_) | DataType::Enum(_) if foreign => Err(FOREIGN),
        // With ASCII only, and with UTF-8, the length counts bytes.
        DataType::Varchar(n) if stored && v.len() > *n as usize => Err("the text is longer than the column"),
        DataType::Enum(e) if stored && !e.values.iter().any(|value| value == v) => {
            Err("the enum has no such value")
        }
        DataType::Text | DataType::Varchar(_) | DataType::Enum(_) | DataType::Other(_) => {
            ensure(!v.contains('\0'), "a text has no NUL character")
        }
        _ => Err(OTHER_TYPE),
    }
}

const FOREIGN: Reason =
    "a VARCHAR keeps other letters than those of ASCII only under a UTF-8 collation (`MsSql::utf8`)";

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use orm_query::RangeType;

    use super::*;

    #[track_caller]
    fn check(value: Value, data_type: DataType, operand: bool, stored: bool) {
        let bind = Bind::new(value, data_type);
        let fits = |place| fits(&MsSql::default(), &bind, place).is_ok();
        assert_eq!((fits(Place::Operand), fits(Place::Stored)), (operand, stored), "{bind:?}");
    }

    fn varchar(text: &str) -> (Value, DataType) {
        (Value::Text(text.into()), DataType::Varchar(3))
    }

    #[test]
    fn a_column_keeps_its_limits() {
        let (foreign, varchar_3) = varchar("ä");
        check(foreign.clone(), varchar_3.clone(), true, false);
        check(foreign.clone(), DataType::Other("NVARCHAR(1)".into()), true, true);
        let utf8 = |value: Value| {
            fits(&MsSql::new(2019).utf8(), &Bind::new(value, DataType::Varchar(3)), Place::Stored).is_ok()
        };
        assert!(utf8(foreign) && !utf8(varchar("äö").0));
        check(varchar("abc ").0, varchar_3, true, false);
        check(Value::I64(70_000), DataType::SmallInt, true, false);
        check(Value::I64(-1), DataType::UnsignedInteger, false, false);
        check(Value::U64(u64::MAX), DataType::UnsignedBigInt, true, true);
        check(Value::U64(u64::MAX), DataType::BigInt, false, false);
        let money = DataType::Numeric { precision: Some(5), scale: Some(2) };
        check(Value::Decimal(Decimal::new(1234, 3)), money.clone(), true, false);
        check(Value::I64(1000), money, true, false);
        check(Value::Decimal(Decimal::MAX), DataType::NUMERIC, true, false);
        check(Value::Decimal(Decimal::new(1, 28)), DataType::NUMERIC, true, false);
        check(Value::Decimal(Decimal::new(1, 18)), DataType::NUMERIC, true, true);
        check(Value::Bits("101".parse().unwrap()), DataType::Bit(3), false, false);
    }

    #[test]
    fn what_the_database_has_not_is_refused() {
        check(Value::F64(f64::NAN), DataType::Double, false, false);
        check(Value::F32(f32::INFINITY), DataType::Real, false, false);
        check(Value::F64(0.1), DataType::Real, false, false);
        check(Value::F64(-0.0), DataType::Double, true, true);
        check(Value::I64((1 << 53) + 1), DataType::Double, false, false);
        check(Value::Text("a\0b".into()), DataType::Text, false, false);
        check(Value::Null, DataType::Range(RangeType::Integer), false, false);
        check(Value::Null, DataType::Text, true, true);
        check(Value::Text("a".into()), DataType::Integer, false, false);
    }

    #[test]
    fn times_have_microseconds_and_years_four_digits() {
        let at = |year, nanos| {
            let day = NaiveDate::from_ymd_opt(year, 2, 28).unwrap();
            Value::DateTime(day.and_hms_nano_opt(23, 59, 59, nanos).unwrap())
        };
        check(at(1, 999_999_000), DataType::Timestamp, true, true);
        check(at(9999, 999_999_000), DataType::Timestamp, true, true);
        check(at(0, 0), DataType::Timestamp, false, false);
        check(at(10_000, 0), DataType::Timestamp, false, false);
        check(at(2024, 1), DataType::Timestamp, false, false);
        check(at(2024, 1_000_000_000), DataType::Timestamp, false, false);
    }
}
