//! The limits that a value must keep, as far as databases agree on them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use orm_query::{Bind, CompileError, Value};
use rust_decimal::Decimal;

/// Why a value does not fit.
pub(crate) type Reason = &'static str;

/// Whether a value fits, or why not.
pub(crate) type Fit = Result<(), Reason>;

pub(crate) const OTHER_TYPE: Reason = "the value is of another type";
pub(crate) const OUT_OF_RANGE: Reason = "the number is out of range";

/// The integer that a value is.
pub(crate) fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::I16(v) => Some((*v).into()),
        Value::I32(v) => Some((*v).into()),
        Value::I64(v) => Some((*v).into()),
        Value::U64(v) => Some((*v).into()),
        _ => None,
    }
}

/// Whether a float whose mantissa has so many bits is exactly this integer.
pub(crate) fn is_exact(v: i128, bits: u32) -> bool {
    let v = v.unsigned_abs();
    v == 0 || u128::BITS - v.leading_zeros() - v.trailing_zeros() <= bits
}

/// Whether a column of `precision` digits, `scale` of them after the point, holds the decimal as it is.
pub(crate) fn decimal(v: Decimal, precision: Option<u8>, scale: Option<u8>) -> Fit {
    let v = v.normalize();
    if scale.is_some_and(|scale| v.scale() > u32::from(scale)) {
        return Err("it has more digits after the point than the column");
    }
    let digits = |n: i128| n.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1);
    let too_many = match (precision, scale) {
        (None, _) => false,
        (Some(precision), Some(scale)) => {
            digits(v.trunc().mantissa()) > u32::from(precision.saturating_sub(scale))
        }
        (Some(precision), None) => digits(v.mantissa()).max(v.scale()) > u32::from(precision),
    };
    if too_many { Err("it has more digits than the column") } else { Ok(()) }
}

/// Whether a text has at most so many characters.
pub(crate) fn is_at_most(text: &str, characters: u32) -> bool {
    // Most texts are short enough by their bytes.
    let limit = characters as usize;
    text.len() <= limit || text.chars().nth(limit).is_none()
}

/// Whether a time is one of whole microseconds, in a minute of 60 seconds.
pub(crate) fn time(v: NaiveTime) -> Fit {
    let nanos = v.nanosecond();
    if nanos >= 1_000_000_000 {
        return Err("there are no leap seconds");
    }
    if nanos.is_multiple_of(1_000) { Ok(()) } else { Err("it is finer than a microsecond") }
}

/// A date of four digits: year 0 is no leap year to some databases, and one to everybody else.
pub(crate) fn date(v: NaiveDate) -> Fit {
    if (1..=9999).contains(&v.year()) { Ok(()) } else { Err("the year is not between 1 and 9999") }
}

/// Such a date, with a time of day that every database keeps.
pub(crate) fn timestamp(v: NaiveDateTime) -> Fit {
    date(v.date())?;
    time(v.time())
}

/// The error for the value of a bind.
pub(crate) fn refused(dialect: &'static str, bind: &Bind, reason: Reason) -> CompileError {
    let value = format!("{:?}", bind.value);
    let shown = match value.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    };
    CompileError::Value { dialect, value: shown, data_type: bind.data_type.to_string(), column: None, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_hold_integers_of_so_many_bits() {
        assert!(is_exact(0, 53) && is_exact(-(1 << 53), 53) && is_exact(i128::from(i64::MIN), 24));
        assert!(!is_exact((1 << 53) + 1, 53) && !is_exact(i128::from(i64::MAX), 53));
        assert!(is_exact((1 << 24) - 1, 24) && !is_exact((1 << 24) + 1, 24));
    }

    #[test]
    fn a_column_holds_so_many_digits() {
        let fits = |v: &str, p, s| decimal(v.parse().unwrap(), p, s).is_ok();
        assert!(fits("999.99", Some(5), Some(2)) && fits("-999.990", Some(5), Some(2)));
        assert!(fits("0.99", Some(2), Some(2)) && !fits("1", Some(2), Some(2)));
        assert!(!fits("1000", Some(5), Some(2)) && !fits("0.001", Some(5), Some(2)));
        assert!(fits("12345", Some(5), None) && !fits("123456", Some(5), None));
        assert!(fits("0.00001", Some(5), None) && !fits("0.000001", Some(5), None));
        assert!(fits("0.0000000000000000000000000001", None, None));
    }

    #[test]
    fn characters_count_and_not_bytes() {
        assert!(is_at_most("äöü", 3) && !is_at_most("äöüa", 3) && is_at_most("", 0));
    }
}
