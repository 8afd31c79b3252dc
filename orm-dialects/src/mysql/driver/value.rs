use std::fmt;
use std::str::from_utf8;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use sqlx::mysql::MySqlTypeInfo;
use sqlx::{Type, TypeInfo};

/// The form of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An integer of so many bytes; `is_boolean` where the column is a `TINYINT(1)`.
    Integer {
        bytes: u8,
        is_unsigned: bool,
        is_boolean: bool,
    },
    Float,
    Double,
    Decimal,
    Text,
    Json,
    Bytes,
    Date,
    Time,
    DateTime,
    /// A `TIMESTAMP`, which looks like a `DATETIME` and is a moment.
    Timestamp,
    /// So many bits, where it could be told.
    Bit(Option<u32>),
}

impl Kind {
    pub(super) fn of(type_info: &MySqlTypeInfo) -> Kind {
        let integer = |bytes, is_unsigned| Kind::Integer { bytes, is_unsigned, is_boolean: false };
        match type_info.name() {
            "BOOLEAN" => {
                let is_unsigned = *type_info == <u8 as Type<sqlx::MySql>>::type_info();
                Kind::Integer { bytes: 1, is_unsigned, is_boolean: true }
            }
            "TINYINT" => integer(1, false),
            "TINYINT UNSIGNED" => integer(1, true),
            "SMALLINT" => integer(2, false),
            "SMALLINT UNSIGNED" => integer(2, true),
            "YEAR" => integer(2, true),
            "MEDIUMINT" | "INT" => integer(4, false),
            "MEDIUMINT UNSIGNED" | "INT UNSIGNED" => integer(4, true),
            "BIGINT" => integer(8, false),
            "BIGINT UNSIGNED" => integer(8, true),
            "FLOAT" => Kind::Float,
            "DOUBLE" => Kind::Double,
            "DECIMAL" => Kind::Decimal,
            "DATE" => Kind::Date,
            "TIME" => Kind::Time,
            "DATETIME" => Kind::DateTime,
            "TIMESTAMP" => Kind::Timestamp,
            "BIT" => Kind::Bit(bits(type_info)),
            "JSON" => Kind::Json,
            "GEOMETRY" => Kind::Bytes,
            "ENUM" | "SET" | "NULL" => Kind::Text,
            // Whatever has characters has a collation, the binary ones of text included.
            _ if <str as Type<sqlx::MySql>>::compatible(type_info) => Kind::Text,
            _ => Kind::Bytes,
        }
    }
}

/// The `n` of a `BIT(n)`, which sqlx knows and shows in no other way.
fn bits(type_info: &MySqlTypeInfo) -> Option<u32> {
    let shown = format!("{type_info:?}");
    let (_, rest) = shown.split_once("max_size: Some(")?;
    rest.split_once(')')?.0.parse().ok()
}

/// A value as the server sent it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stored<'r> {
    Integer(i128),
    Float(f32),
    Double(f64),
    /// In digits.
    Decimal(&'r str),
    Text(&'r str),
    Bytes(&'r [u8]),
    Date(Date),
    Time(Time),
    DateTime(Date, Time),
    /// The number, of so many bits.
    Bits(u64, Option<u32>),
}

/// A date; any part of it may be zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A time, which may be negative or longer than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Time {
    is_negative: bool,
    hours: u32,
    minutes: u8,
    seconds: u8,
    microseconds: u32,
}

impl Date {
    pub(super) fn date(self) -> Option<NaiveDate> {
        // chrono has a year 0.
        NaiveDate::from_ymd_opt(self.year.into(), self.month.into(), self.day.into())
            .filter(|_| self.year != 0)
    }
}

impl Time {
    pub(super) fn time(self) -> Option<NaiveTime> {
        let Time { hours, minutes, seconds, microseconds, .. } = self;
        let time = NaiveTime::from_hms_micro_opt(hours, minutes.into(), seconds.into(), microseconds);
        time.filter(|_| !self.is_negative && microseconds < 1_000_000)
    }
}

pub(super) fn datetime(date: Date, time: Time) -> Option<NaiveDateTime> {
    Some(date.date()?.and_time(time.time()?))
}

impl<'r> Stored<'r> {
    /// A value of the binary protocol; `None` where the bytes are not those of such a value.
    pub(super) fn from_binary(kind: Kind, bytes: &'r [u8]) -> Option<Self> {
        Some(match kind {
            Kind::Integer { is_unsigned, .. } => Stored::Integer(integer(bytes, is_unsigned)?),
            Kind::Float => Stored::Float(f32::from_le_bytes(bytes.try_into().ok()?)),
            Kind::Double => Stored::Double(f64::from_le_bytes(bytes.try_into().ok()?)),
            Kind::Date => Stored::Date(date(bytes.get(1..)?)?),
            Kind::Time => Stored::Time(time(bytes.get(1..)?)?),
            Kind::DateTime | Kind::Timestamp => {
                let (date, time) = datetime_parts(bytes.get(1..)?)?;
                Stored::DateTime(date, time)
            }
            other => return Self::alike(other, bytes),
        })
    }

    /// A value of the text protocol.
    pub(super) fn from_text(kind: Kind, bytes: &'r [u8]) -> Option<Self> {
        let text = || from_utf8(bytes).ok();
        Some(match kind {
            Kind::Integer { .. } => Stored::Integer(text()?.parse().ok()?),
            // The server writes six digits of it, and leaves the others out.
            Kind::Float => return None,
            Kind::Double => Stored::Double(text()?.parse().ok()?),
            Kind::Date => Stored::Date(read_date(text()?)?),
            Kind::Time => Stored::Time(read_time(text()?)?),
            Kind::DateTime | Kind::Timestamp => {
                let (date, time) = text()?.split_once(' ')?;
                Stored::DateTime(read_date(date)?, read_time(time)?)
            }
            other => return Self::alike(other, bytes),
        })
    }

    /// What both protocols send alike.
    fn alike(kind: Kind, bytes: &'r [u8]) -> Option<Self> {
        Some(match kind {
            Kind::Decimal => Stored::Decimal(from_utf8(bytes).ok()?),
            Kind::Text | Kind::Json => Stored::Text(from_utf8(bytes).ok()?),
            Kind::Bit(length) => {
                if bytes.len() > 8 {
                    return None;
                }
                Stored::Bits(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), length)
            }
            _ => Stored::Bytes(bytes),
        })
    }
}

fn integer(bytes: &[u8], is_unsigned: bool) -> Option<i128> {
    Some(match (bytes, is_unsigned) {
        ([a], false) => i8::from_le_bytes([*a]).into(),
        ([a], true) => (*a).into(),
        ([a, b], false) => i16::from_le_bytes([*a, *b]).into(),
        ([a, b], true) => u16::from_le_bytes([*a, *b]).into(),
        ([a, b, c, d], false) => i32::from_le_bytes([*a, *b, *c, *d]).into(),
        ([a, b, c, d], true) => u32::from_le_bytes([*a, *b, *c, *d]).into(),
        (_, false) => i64::from_le_bytes(bytes.try_into().ok()?).into(),
        (_, true) => u64::from_le_bytes(bytes.try_into().ok()?).into(),
    })
}

/// What is not sent at the end is zero.
fn date(bytes: &[u8]) -> Option<Date> {
    match bytes {
        [] => Some(Date::default()),
        [a, b, month, day, ..] => Some(Date { year: u16::from_le_bytes([*a, *b]), month: *month, day: *day }),
        _ => None,
    }
}

fn time(bytes: &[u8]) -> Option<Time> {
    let (is_negative, days, rest) = match bytes {
        [] => return Some(Time::default()),
        [sign, a, b, c, d, rest @ ..] => (*sign != 0, u32::from_le_bytes([*a, *b, *c, *d]), rest),
        _ => return None,
    };
    let time = clock(rest)?;
    Some(Time { is_negative, hours: days.checked_mul(24)?.checked_add(time.hours)?, ..time })
}

fn clock(bytes: &[u8]) -> Option<Time> {
    let (hours, minutes, seconds, fraction) = match bytes {
        [] => return Some(Time::default()),
        [hours, minutes, seconds, fraction @ ..] => (u32::from(*hours), *minutes, *seconds, fraction),
        _ => return None,
    };
    let microseconds = match fraction {
        [] => 0,
        [a, b, c, d] => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => return None,
    };
    Some(Time { is_negative: false, hours, minutes, seconds, microseconds })
}

fn datetime_parts(bytes: &[u8]) -> Option<(Date, Time)> {
    Some((date(bytes)?, clock(bytes.get(4..).unwrap_or(&[]))?))
}

fn read_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next()?.parse::<u16>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    Some(Date { year, month: month.try_into().ok()?, day: day.try_into().ok()? })
}

fn read_time(text: &str) -> Option<Time> {
    let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.splitn(3, ':');
    let mut next = || parts.next()?.parse::<u32>().ok();
    let (hours, minutes, seconds) = (next()?, next()?, next()?);
    if fraction.len() > 6 {
        return None;
    }
    let microseconds = format!("{fraction:0<6}").parse().ok()?;
    let (minutes, seconds) = (minutes.try_into().ok()?, seconds.try_into().ok()?);
    Some(Time { is_negative, hours, minutes, seconds, microseconds })
}

/// What stands there, as an error says it.
impl fmt::Display for Stored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stored::Integer(v) => write!(f, "the integer {v}"),
            Stored::Float(v) => write!(f, "the float {v}"),
            Stored::Double(v) => write!(f, "the double {v}"),
            Stored::Decimal(v) => write!(f, "the decimal {v}"),
            Stored::Text(v) => match v.char_indices().nth(40) {
                Some((end, _)) => write!(f, "the text {:?}…", &v[..end]),
                None => write!(f, "the text {v:?}"),
            },
            Stored::Bytes(v) => write!(f, "{} bytes", v.len()),
            Stored::Date(v) => write!(f, "the date {v}"),
            Stored::Time(v) => write!(f, "the time {v}"),
            Stored::DateTime(date, time) => write!(f, "the date and time {date} {time}"),
            Stored::Bits(v, _) => write!(f, "the bits {v:b}"),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative { "-" } else { "" };
        let Time { hours, minutes, seconds, microseconds, .. } = self;
        write!(f, "{sign}{hours:02}:{minutes:02}:{seconds:02}.{microseconds:06}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTEGER: Kind = Kind::Integer { bytes: 4, is_unsigned: false, is_boolean: false };

    #[test]
    fn bytes_that_are_no_value_are_nothing() {
        for kind in
            [INTEGER, Kind::Float, Kind::Double, Kind::Date, Kind::Time, Kind::DateTime, Kind::Timestamp]
        {
            for length in 0..20 {
                // Whatever it is, it is not a panic.
                _ = Stored::from_binary(kind, &vec![0xff; length]);
                _ = Stored::from_text(kind, &vec![0xff; length]);
            }
        }
        assert_eq!(Stored::from_binary(INTEGER, &[1, 2, 3]), None);
        assert_eq!(Stored::from_binary(Kind::Double, &[0; 4]), None);
        assert_eq!(Stored::from_binary(Kind::Date, &[]), None);
        assert_eq!(Stored::from_binary(Kind::Bit(None), &[0; 9]), None);
        assert_eq!(Stored::from_text(Kind::Text, &[0xff]), None);
    }

    #[test]
    fn both_protocols_say_the_same() {
        let check = |kind, binary: &[u8], text: &str| {
            let value = Stored::from_binary(kind, binary);
            assert!(
                value.is_some() && value == Stored::from_text(kind, text.as_bytes()),
                "{text}: {value:?}"
            );
        };
        check(INTEGER, &(-7_i32).to_le_bytes(), "-7");
        check(Kind::Double, &1.5_f64.to_le_bytes(), "1.5");
        check(Kind::Date, &[4, 0xe8, 7, 2, 29], "2024-02-29");
        check(Kind::Date, &[0], "0000-00-00");
        check(Kind::DateTime, &[7, 0xe8, 7, 2, 29, 23, 59, 58], "2024-02-29 23:59:58");
        check(Kind::DateTime, &[4, 0xe8, 7, 2, 29], "2024-02-29 00:00:00.000");
        check(Kind::Time, &[8, 1, 34, 0, 0, 0, 22, 59, 59], "-838:59:59");
        check(Kind::Time, &[12, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0], "01:02:03.000004");
        check(Kind::Decimal, b"1.50", "1.50");
    }

    #[test]
    fn what_no_calendar_has_is_no_date() {
        let date = |text| read_date(text).and_then(Date::date);
        assert!(date("2024-02-29").is_some() && date("9999-12-31").is_some());
        for text in ["0000-00-00", "2024-00-10", "2024-10-00", "2023-02-29", "0000-01-01"] {
            assert_eq!(date(text), None, "{text}");
        }
        let time = |text| read_time(text).and_then(Time::time);
        assert!(time("23:59:59.999999").is_some());
        for text in ["24:00:00", "-00:00:01", "838:59:59", "23:59:60"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
