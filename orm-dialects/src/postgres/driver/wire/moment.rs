//! Dates, times and spans: days and microseconds since 2000-01-01.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use orm_query::Interval;

use super::bytes::{Bytes, exactly};
use super::{Read, Write};

const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
/// The first day of the Julian calendar's count, before which PostgreSQL has none.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(-4713, 11, 24).unwrap();
const DAY: i64 = 86_400_000_000;

const TOO_FINE: &str = "PostgreSQL counts microseconds, and no leap seconds";
const TOO_EARLY: &str = "PostgreSQL has no date before 4713 BC";
const INFINITE: &str = "it is infinite";
const OUTSIDE: &str = "chrono has no date so far away";

pub(super) fn write_date(date: NaiveDate, out: &mut Vec<u8>) -> Write {
    out.extend(days(date)?.to_be_bytes());
    Ok(())
}

fn days(date: NaiveDate) -> Result<i32, &'static str> {
    if date < FIRST {
        return Err(TOO_EARLY);
    }
    Ok(date.num_days_from_ce() - EPOCH.num_days_from_ce())
}

pub(super) fn read_date(bytes: &[u8]) -> Read<NaiveDate> {
    match exactly(bytes).map(i32::from_be_bytes)? {
        i32::MIN | i32::MAX => Err(INFINITE.into()),
        days => date(days.into()),
    }
}

fn date(days: i64) -> Read<NaiveDate> {
    let amount = Days::new(days.unsigned_abs());
    let date = if days < 0 { EPOCH.checked_sub_days(amount) } else { EPOCH.checked_add_days(amount) };
    date.ok_or(OUTSIDE.into())
}

pub(super) fn write_time(time: NaiveTime, out: &mut Vec<u8>) -> Write {
    out.extend(microseconds(time)?.to_be_bytes());
    Ok(())
}

fn microseconds(time: NaiveTime) -> Result<i64, &'static str> {
    let fraction = time.nanosecond();
    if fraction >= 1_000_000_000 || !fraction.is_multiple_of(1_000) {
        return Err(TOO_FINE);
    }
    Ok(i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(fraction / 1_000))
}

pub(super) fn read_time(bytes: &[u8]) -> Read<NaiveTime> {
    let microseconds = exactly(bytes).map(i64::from_be_bytes)?;
    if microseconds == DAY {
        return Err("it is 24:00, which chrono does not have".into());
    }
    time(microseconds).ok_or("it is no time of a day".into())
}

fn time(microseconds: i64) -> Option<NaiveTime> {
    let seconds = u32::try_from(microseconds.div_euclid(1_000_000)).ok()?;
    let nanoseconds = u32::try_from(microseconds.rem_euclid(1_000_000) * 1_000).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanoseconds)
}

pub(super) fn write_datetime(datetime: NaiveDateTime, out: &mut Vec<u8>) -> Write {
    let microseconds = i64::from(days(datetime.date())?) * DAY + microseconds(datetime.time())?;
    out.extend(microseconds.to_be_bytes());
    Ok(())
}

pub(super) fn read_datetime(bytes: &[u8]) -> Read<NaiveDateTime> {
    let microseconds = exactly(bytes).map(i64::from_be_bytes)?;
    if microseconds == i64::MIN || microseconds == i64::MAX {
        return Err(INFINITE.into());
    }
    let date = date(microseconds.div_euclid(DAY))?;
    time(microseconds.rem_euclid(DAY)).map(|time| date.and_time(time)).ok_or(OUTSIDE.into())
}

pub(super) fn write_timestamp_tz(moment: DateTime<Utc>, out: &mut Vec<u8>) -> Write {
    write_datetime(moment.naive_utc(), out)
}

pub(super) fn read_timestamp_tz(bytes: &[u8]) -> Read<DateTime<Utc>> {
    read_datetime(bytes).map(|datetime| datetime.and_utc())
}

/// PostgreSQL 17 keeps infinity here; no older one takes it for anything else than the longest interval.
const FOREVER: [Interval; 2] = [
    Interval { months: i32::MAX, days: i32::MAX, microseconds: i64::MAX },
    Interval { months: i32::MIN, days: i32::MIN, microseconds: i64::MIN },
];

pub(super) fn write_interval(interval: Interval, out: &mut Vec<u8>) -> Write {
    if FOREVER.contains(&interval) {
        return Err("PostgreSQL takes it for infinity");
    }
    out.extend(interval.microseconds.to_be_bytes());
    out.extend(interval.days.to_be_bytes());
    out.extend(interval.months.to_be_bytes());
    Ok(())
}

pub(super) fn read_interval(bytes: &[u8]) -> Read<Interval> {
    let mut bytes = Bytes(bytes);
    let (microseconds, days, months) = (bytes.i64()?, bytes.i32()?, bytes.i32()?);
    bytes.end()?;
    let interval = Interval { months, days, microseconds };
    if FOREVER.contains(&interval) { Err(INFINITE.into()) } else { Ok(interval) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        let dates = ["2000-01-01", "1999-12-31", "0001-01-01", "-4713-11-24", "9999-12-31"];
        let dates = dates.map(|date| date.parse::<NaiveDate>().unwrap());
        for date in dates.into_iter().chain([NaiveDate::MAX]) {
            let mut out = Vec::new();
            write_date(date, &mut out).unwrap();
            assert_eq!(read_date(&out), Ok(date));
            let last = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
            for time in [NaiveTime::MIN, last] {
                let mut out = Vec::new();
                write_datetime(date.and_time(time), &mut out).unwrap();
                assert_eq!(read_datetime(&out), Ok(date.and_time(time)));
            }
        }
    }

    #[test]
    fn what_does_not_fit() {
        let refused = |write: &dyn Fn(&mut Vec<u8>) -> Write| write(&mut Vec::new()).is_err();
        assert!(refused(&|out| write_date(NaiveDate::MIN, out)));
        assert!(refused(&|out| write_datetime(NaiveDateTime::MIN, out)));
        let fine = NaiveTime::from_hms_nano_opt(0, 0, 0, 1).unwrap();
        let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
        assert!(refused(&|out| write_time(fine, out)));
        assert!(refused(&|out| write_time(leap, out)));
        assert!(refused(&|out| write_interval(FOREVER[0], out)));
        for days in [i32::MIN, i32::MAX, i32::MAX - 1, i32::MIN + 1] {
            assert!(read_date(&days.to_be_bytes()).is_err());
        }
        for moment in [i64::MIN, i64::MAX, i64::MAX - 1, i64::MIN + 1] {
            assert!(read_datetime(&moment.to_be_bytes()).is_err());
        }
        for time in [-1, DAY, DAY + 1, i64::MAX, i64::MIN] {
            assert!(read_time(&time.to_be_bytes()).is_err());
        }
    }
}
