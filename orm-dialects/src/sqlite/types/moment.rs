//! Dates and times as text whose order is that of time.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use crate::limits::{self, Reason};

type Text = Result<String, Reason>;

pub(super) fn date(v: NaiveDate) -> Text {
    if !(0..=9999).contains(&v.year()) {
        return Err("the year is not between 0 and 9999");
    }
    Ok(format!("{:04}-{:02}-{:02}", v.year(), v.month(), v.day()))
}

pub(super) fn time(v: NaiveTime) -> Text {
    limits::time(v)?;
    Ok(format!("{:02}:{:02}:{:02}.{:06}", v.hour(), v.minute(), v.second(), v.nanosecond() / 1_000))
}

pub(super) fn datetime(v: NaiveDateTime) -> Text {
    Ok(format!("{} {}", date(v.date())?, time(v.time())?))
}

pub(super) fn timestamp_tz(v: DateTime<Utc>) -> Text {
    Ok(format!("{}+00:00", datetime(v.naive_utc())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 2, 28).unwrap()
    }

    #[test]
    fn texts_have_one_form() {
        let at = day(7).and_hms_micro_opt(1, 2, 3, 4).unwrap();
        assert_eq!(datetime(at).unwrap(), "0007-02-28 01:02:03.000004");
        assert_eq!(timestamp_tz(at.and_utc()).unwrap(), "0007-02-28 01:02:03.000004+00:00");
        assert!(date(day(0)).is_ok() && date(day(9999)).is_ok());
        assert!(date(day(-1)).is_err() && date(day(10_000)).is_err());
        assert!(time(NaiveTime::from_hms_nano_opt(1, 2, 3, 1).unwrap()).is_err());
        assert!(time(NaiveTime::from_hms_nano_opt(23, 59, 59, 1_000_000_000).unwrap()).is_err());
    }
}
