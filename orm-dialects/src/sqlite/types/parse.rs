//! Text and doubles as dates, times and decimals: what other programs and SQLite's own functions write is read too, and
//! nothing is guessed.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;

/// `2024-02-29`
pub(in crate::sqlite) fn date(text: &str) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    NaiveDate::from_ymd_opt(year.try_into().ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
}

/// `23:59[:59[.999999999]]`
pub(in crate::sqlite) fn time(text: &str) -> Option<NaiveTime> {
    let (hour, minute, rest) = match text.as_bytes() {
        [h1, h2, b':', m1, m2, rest @ ..] => (number(&[*h1, *h2])?, number(&[*m1, *m2])?, rest),
        _ => return None,
    };
    let (second, fraction) = match rest {
        [] => (0, &[][..]),
        [b':', s1, s2] => (number(&[*s1, *s2])?, &[][..]),
        [b':', s1, s2, b'.', fraction @ ..] if !fraction.is_empty() => (number(&[*s1, *s2])?, fraction),
        _ => return None,
    };
    let digits = u32::try_from(fraction.len()).ok().filter(|digits| *digits <= 9)?;
    let nanos = if digits == 0 { 0 } else { number(fraction)? * 10_u32.pow(9 - digits) };
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)
}

/// A date, and a time after a space or `T`; midnight without one.
pub(in crate::sqlite) fn datetime(text: &str) -> Option<NaiveDateTime> {
    if text.len() <= 10 {
        return Some(date(text)?.and_time(NaiveTime::MIN));
    }
    let (day, rest) = text.split_at_checked(10)?;
    Some(date(day)?.and_time(time(rest.strip_prefix([' ', 'T'])?)?))
}

/// A date and time with `Z`, an offset, or nothing, which is UTC, as SQLite's own functions mean it.
pub(in crate::sqlite) fn timestamp_tz(text: &str) -> Option<DateTime<Utc>> {
    let zone =
        text.get(10..).and_then(|rest| rest.find(['Z', 'z', '+', '-'])).map_or(text.len(), |at| at + 10);
    let (moment, zone) = text.split_at_checked(zone)?;
    let local = datetime(moment.trim_end())?;
    Some(local.checked_sub_signed(offset(zone)?)?.and_utc())
}

/// `Z`, `+05`, `+0530`, `+05:30`
fn offset(zone: &str) -> Option<TimeDelta> {
    let (sign, hours, minutes) = match zone.as_bytes() {
        [] | [b'Z' | b'z'] => return Some(TimeDelta::zero()),
        [sign, h1, h2] => (sign, number(&[*h1, *h2])?, 0),
        [sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2] => {
            (sign, number(&[*h1, *h2])?, number(&[*m1, *m2])?)
        }
        _ => return None,
    };
    let minutes = i64::from(hours * 60 + minutes);
    Some(TimeDelta::minutes(if *sign == b'-' { -minutes } else { minutes }))
}

fn number(digits: &[u8]) -> Option<u32> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Digits, and nothing else.
pub(in crate::sqlite) fn unsigned(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// `-12.50`, and `1.0e+20`, as SQLite writes the text of a great double.
pub(in crate::sqlite) fn decimal(text: &str) -> Option<Decimal> {
    /// All that a `Decimal` holds for sure; with more it would round.
    const DIGITS: usize = 28;
    if text.contains(['e', 'E']) && text.len() <= DIGITS {
        return Decimal::from_scientific(text).ok();
    }
    Decimal::from_str_exact(text).ok()
}

/// The decimal of a double that SQLite computed: its first 15 digits, which are those that a double is sure of.
pub(in crate::sqlite) fn decimal_of_double(v: f64) -> Option<Decimal> {
    Decimal::from_scientific(&format!("{v:.14e}")).ok().map(|d| d.normalize())
}

#[cfg(test)]
mod tests {
    use super::super::moment;
    use super::*;

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 28).unwrap();

    #[test]
    fn what_is_written_is_read() {
        let at = DAY.and_hms_micro_opt(23, 59, 59, 999_999).unwrap();
        assert_eq!(date(&moment::date(at.date()).unwrap()), Some(at.date()));
        assert_eq!(time(&moment::time(at.time()).unwrap()), Some(at.time()));
        assert_eq!(datetime(&moment::datetime(at).unwrap()), Some(at));
        assert_eq!(timestamp_tz(&moment::timestamp_tz(at.and_utc()).unwrap()), Some(at.and_utc()));
    }

    #[test]
    fn other_forms_are_read_and_nonsense_is_not() {
        let noon = DAY.and_hms_opt(12, 0, 0).unwrap();
        for text in [
            "2024-02-28 12:00",
            "2024-02-28T12:00:00",
            "2024-02-28 12:00:00.0",
            "2024-02-28 12:00:00.000000000",
        ] {
            assert_eq!(datetime(text), Some(noon), "{text}");
        }
        for text in [
            "2024-02-28 12:00",
            "2024-02-28T12:00:00Z",
            "2024-02-28 14:30:00.0+02:30",
            "2024-02-28 10:00:00 -02",
            "2024-02-28 17:45:00+0545",
        ] {
            assert_eq!(timestamp_tz(text), Some(noon.and_utc()), "{text}");
        }
        for text in [
            "",
            "2024",
            "2024-02-30",
            "+024-02-28",
            "2024-02-28 ",
            "2024-02-28 25:00:00",
            "2024-02-28 12:00:60",
            "2024-02-28 12:00:00.",
            "2024-02-28 12:00:00.0000000000",
            "2024-02-28 12:00:00Z",
            "2024-02-28x12:00:00",
            "2024-02-2é 12:00:00",
            "2024-02-28é12:00:00",
            "12:00:00",
        ] {
            assert_eq!(datetime(text), None, "{text}");
        }
        for text in [
            "2024-02-28 12:00:00+1",
            "2024-02-28 12:00:00+é",
            "0000-01-01 00:00:00+99:99x",
            "2024-02-28 12:00:00 UTC",
        ] {
            assert_eq!(timestamp_tz(text), None, "{text}");
        }
    }

    #[test]
    fn decimals() {
        for (text, read) in
            [("-12.50", "-12.50"), ("1.0e+20", "100000000000000000000"), ("1.5e-5", "0.000015")]
        {
            assert_eq!(decimal(text).map(|d| d.to_string()).as_deref(), Some(read));
        }
        let long = "0.12345678901234567890123456789012345";
        for text in
            ["", "abc", "1.2.3", "1e", "1e99", "1e-40", "0x1", "1 ", "e5", "--1", long, &format!("{long}e1")]
        {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn integers_without_a_sign() {
        assert_eq!(unsigned("18446744073709551615"), Some(u64::MAX));
        assert_eq!(unsigned("007"), Some(7));
        for text in ["", "-1", "+1", "1.0", "18446744073709551616", "１", "1e5"] {
            assert_eq!(unsigned(text), None, "{text}");
        }
    }

    #[test]
    fn a_double_is_read_by_its_first_15_digits() {
        for (double, text) in
            [(0.1 + 0.2, "0.3"), (1e20, "100000000000000000000"), (-1.25, "-1.25"), (0.0, "0")]
        {
            assert_eq!(decimal_of_double(double).unwrap().to_string(), text);
        }
        for double in [f64::INFINITY, f64::NAN, 1e30] {
            assert_eq!(decimal_of_double(double), None);
        }
    }
}
