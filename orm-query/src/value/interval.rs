//! Spans of time.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

use crate::{DataType, DecodeError, Row, SqlType, Value, ValueError};

/// A span of time as SQL knows it: months, days and microseconds, which do not convert into each other, since months
/// and days are not all of one length.
///
/// It is written and read as a duration of ISO 8601: `P1Y2M3DT4H5M6.000007S`, each part with a sign of its own.
/// [`chrono::TimeDelta`] is the SQL type for spans without months, with days of 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    /// Months; a year has twelve.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub microseconds: i64,
}

/// A text that is no duration of ISO 8601, or one that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an ISO 8601 duration of months, days and microseconds")]
pub struct IntervalError(String);

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        let (years, months) = (self.months / 12, self.months % 12);
        for (amount, unit) in [(years, 'Y'), (months, 'M'), (self.days, 'D')] {
            if amount != 0 {
                write!(f, "{amount}{unit}")?;
            }
        }
        let is_zero = *self == Interval::default();
        if self.microseconds != 0 || is_zero {
            f.write_str("T")?;
            let seconds = self.microseconds / 1_000_000;
            let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            for (amount, unit) in [(hours, 'H'), (minutes, 'M')] {
                if amount != 0 {
                    write!(f, "{amount}{unit}")?;
                }
            }
            let fraction = (self.microseconds % 1_000_000).unsigned_abs();
            if seconds != 0 || fraction != 0 || is_zero {
                let sign = if self.microseconds < 0 && seconds == 0 { "-" } else { "" };
                write!(f, "{sign}{seconds}")?;
                if fraction != 0 {
                    write!(f, ".{fraction:06}")?;
                }
                f.write_str("S")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        parse(text).ok_or_else(|| IntervalError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Interval> {
    let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let mut interval = Interval::default();
    let mut in_time = false;
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T') {
            if in_time || time.is_empty() {
                return None;
            }
            (in_time, rest) = (true, time);
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = (&rest[..end], rest[end..].chars().next()?);
        rest = &rest[end + 1..];
        let place = match (in_time, unit) {
            (false, 'Y' | 'M') => {
                let months = number.parse::<i32>().ok()?.checked_mul(if unit == 'Y' { 12 } else { 1 })?;
                interval.months = interval.months.checked_add(months)?;
                continue;
            }
            (false, 'W' | 'D') => {
                let days = number.parse::<i32>().ok()?.checked_mul(if unit == 'W' { 7 } else { 1 })?;
                interval.days = interval.days.checked_add(days)?;
                continue;
            }
            (true, 'H') => 3_600_000_000,
            (true, 'M') => 60_000_000,
            (true, 'S') => 1_000_000,
            _ => return None,
        };
        interval.microseconds = interval.microseconds.checked_add(microseconds(number, place)?)?;
    }
    Some(interval)
}

/// `number` units of so many microseconds each.
fn microseconds(number: &str, unit: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let negative = whole.starts_with('-');
    let mut sum = whole.parse::<i64>().ok()?.checked_mul(unit)?;
    let mut place = unit;
    for digit in fraction.chars() {
        let digit = i64::from(digit.to_digit(10)?);
        if place % 10 != 0 && digit != 0 {
            return None;
        }
        place /= 10;
        let part = digit * place;
        sum = sum.checked_add(if negative { -part } else { part })?;
    }
    Some(sum)
}

const MICROSECONDS_OF_DAY: i64 = 86_400_000_000;

impl SqlType for TimeDelta {
    type Base = TimeDelta;
    type Lift<U: SqlType> = U;
    const DATA_TYPE: DataType = DataType::Interval;
    const NULLABLE: bool = false;

    fn to_value(&self) -> Value {
        match interval(*self) {
            Some(interval) => Value::Interval(interval),
            // Too long or too fine: as a text it is refused when the statement is compiled.
            None => Value::Text(self.to_string()),
        }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        let wrong = || ValueError { expected: "TimeDelta", value: format!("{value:?}") };
        match &value {
            Value::Interval(interval) => time_delta(*interval).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }

    fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        Self::decode_nullable(row, position)?.ok_or_else(|| DecodeError::null(row, position, "TimeDelta"))
    }

    fn decode_nullable(row: &dyn Row, position: usize) -> Result<Option<Self>, DecodeError> {
        let Some(interval) = row.interval(position)? else { return Ok(None) };
        match time_delta(interval) {
            Some(delta) => Ok(Some(delta)),
            None => {
                let reason =
                    format!("{interval} has months, which are of no fixed length; read it as `Interval`");
                Err(DecodeError::new(row, position, "TimeDelta", reason))
            }
        }
    }
}

fn interval(delta: TimeDelta) -> Option<Interval> {
    // Whole days apart, because microseconds alone reach 292,000 years only.
    let days = delta.num_days();
    let rest = delta - TimeDelta::try_days(days)?;
    if rest.subsec_nanos() % 1_000 != 0 {
        return None;
    }
    Some(Interval { months: 0, days: days.try_into().ok()?, microseconds: rest.num_microseconds()? })
}

fn time_delta(interval: Interval) -> Option<TimeDelta> {
    let Interval { months: 0, days, microseconds } = interval else { return None };
    let days = i64::from(days) * (MICROSECONDS_OF_DAY / 1_000_000);
    TimeDelta::try_seconds(days)?.checked_add(&TimeDelta::microseconds(microseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_back() {
        let check = |months, days, microseconds, text: &str| {
            let interval = Interval { months, days, microseconds };
            assert_eq!(interval.to_string(), text);
            assert_eq!(text.parse(), Ok(interval));
        };
        check(0, 0, 0, "PT0S");
        check(14, 3, 14_706_000_007, "P1Y2M3DT4H5M6.000007S");
        check(-1, 1, -1, "P-1M1DT-0.000001S");
        check(i32::MAX, i32::MIN, i64::MIN, "P178956970Y7M-2147483648DT-2562047788H-54.775808S");
        check(0, 0, i64::MAX, "PT2562047788H54.775807S");
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        for text in ["", "P", "1D", "PT", "P1", "P1H", "PT1D", "PT0.0000001S", "P99999999999D", "P1DT"] {
            assert!(text.parse::<Interval>().is_err(), "{text}");
        }
        assert_eq!("P2W".parse(), Ok(Interval { months: 0, days: 14, microseconds: 0 }));
        assert_eq!("PT1.5M".parse(), Ok(Interval { months: 0, days: 0, microseconds: 90_000_000 }));
    }
}
