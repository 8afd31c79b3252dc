//! Several ranges as one value.

use std::fmt::Write as _;
use std::ops::Bound;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::{DataType, DecodeError, Range, RangeElement, RangeType, Row, SqlType, Value, ValueError};

/// Ranges that do not touch, in their order: PostgreSQL's `INT4MULTIRANGE` and its like, of PostgreSQL 14 and later.
///
/// It is written and read as text. PostgreSQL's own form of a column of it is not text, so it is selected by
/// `.cast::<String>()`, or by `func("unnest", …)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MultiRange<T>(pub Vec<Range<T>>);

impl<T> Default for MultiRange<T> {
    fn default() -> Self {
        MultiRange(Vec::new())
    }
}

impl<T, R: Into<Range<T>>> FromIterator<R> for MultiRange<T> {
    fn from_iter<I: IntoIterator<Item = R>>(ranges: I) -> Self {
        MultiRange(ranges.into_iter().map(Into::into).collect())
    }
}

const fn name(range: RangeType) -> &'static str {
    match range {
        RangeType::Integer => "INT4MULTIRANGE",
        RangeType::BigInt => "INT8MULTIRANGE",
        RangeType::Numeric => "NUMMULTIRANGE",
        RangeType::Date => "DATEMULTIRANGE",
        RangeType::Timestamp => "TSMULTIRANGE",
        RangeType::TimestampTz => "TSTZMULTIRANGE",
    }
}

fn bound_text(value: &Value) -> String {
    match value {
        Value::I32(v) => v.to_string(),
        Value::I64(v) => v.to_string(),
        Value::Decimal(v) => v.to_string(),
        Value::Date(v) => v.to_string(),
        Value::DateTime(v) => format!("\"{v}\""),
        Value::TimestampTz(v) => format!("\"{}\"", v.to_rfc3339()),
        other => format!("{other:?}"),
    }
}

fn write(text: &mut String, range: Range<Value>) {
    let Range::Bounds(lower, upper) = range else { return text.push_str("empty") };
    let (open, lower) = match &lower {
        Bound::Included(v) => ('[', bound_text(v)),
        Bound::Excluded(v) => ('(', bound_text(v)),
        Bound::Unbounded => ('(', String::new()),
    };
    let (close, upper) = match &upper {
        Bound::Included(v) => (']', bound_text(v)),
        Bound::Excluded(v) => (')', bound_text(v)),
        Bound::Unbounded => (')', String::new()),
    };
    // Writing into a `String` cannot fail.
    _ = write!(text, "{open}{lower},{upper}{close}");
}

fn read_bound(text: &str, of: RangeType) -> Option<Value> {
    let text = text.trim_matches('"');
    Some(match of {
        RangeType::Integer => Value::I32(text.parse().ok()?),
        RangeType::BigInt => Value::I64(text.parse().ok()?),
        RangeType::Numeric => Value::Decimal(text.parse().ok()?),
        RangeType::Date => Value::Date(text.parse::<NaiveDate>().ok()?),
        RangeType::Timestamp => {
            Value::DateTime(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?)
        }
        RangeType::TimestampTz => {
            // PostgreSQL leaves the minutes of a whole hour out.
            let zoned = DateTime::parse_from_rfc3339(text)
                .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z"))
                .ok()?;
            Value::TimestampTz(zoned.with_timezone(&Utc))
        }
    })
}

/// `{[1,3),[5,8)}`
fn read(text: &str, of: RangeType) -> Option<Vec<Range<Value>>> {
    let mut rest = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut ranges = Vec::new();
    while !rest.is_empty() {
        let end = rest.find([']', ')'])?;
        let (one, behind) = rest.split_at(end + 1);
        rest = behind.strip_prefix(',').unwrap_or(behind);
        let (lower, upper) = one.get(1..end)?.split_once(',')?;
        let bound = |text: &str, is_included: bool| {
            Some(match (text, is_included) {
                ("", _) => Bound::Unbounded,
                (text, true) => Bound::Included(read_bound(text, of)?),
                (text, false) => Bound::Excluded(read_bound(text, of)?),
            })
        };
        ranges.push(Range::Bounds(bound(lower, one.starts_with('['))?, bound(upper, one.ends_with(']'))?));
    }
    Some(ranges)
}

impl<T: RangeElement> SqlType for MultiRange<T> {
    type Base = MultiRange<T>;
    type Lift<U: SqlType> = U;
    const DATA_TYPE: DataType = DataType::Other(std::borrow::Cow::Borrowed(name(T::RANGE)));
    const NULLABLE: bool = false;

    fn to_value(&self) -> Value {
        let mut text = String::from("{");
        for (position, range) in self.0.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            match range.to_value() {
                Value::Range(range) => write(&mut text, *range),
                other => text.push_str(&format!("{other:?}")),
            }
        }
        text.push('}');
        Value::Text(text)
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        let wrong = |value: &Value| ValueError { expected: "MultiRange", value: format!("{value:?}") };
        let Value::Text(text) = &value else { return Err(wrong(&value)) };
        let ranges = read(text, T::RANGE).ok_or_else(|| wrong(&value))?;
        let ranges: Result<_, ValueError> = ranges.into_iter().map(|r| r.try_map(T::from_value)).collect();
        ranges.map(MultiRange)
    }

    fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        let text = String::decode(row, position)?;
        Self::from_value(Value::Text(text))
            .map_err(|error| DecodeError::new(row, position, "MultiRange", error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_back() {
        fn check<T: RangeElement + PartialEq + std::fmt::Debug>(ranges: MultiRange<T>, text: &str) {
            assert_eq!(ranges.to_value(), Value::Text(text.into()));
            assert_eq!(MultiRange::from_value(Value::Text(text.into())).unwrap(), ranges);
        }
        check(MultiRange::<i32>::default(), "{}");
        check([1..3, 5..8].into_iter().collect::<MultiRange<i32>>(), "{[1,3),[5,8)}");
        check(MultiRange(vec![Range::from(..-1_i64), (7..=9).into(), (11..).into()]), "{(,-1),[7,9],[11,)}");
        let day = |d| NaiveDate::from_ymd_opt(2024, 2, d).unwrap();
        check([day(1)..day(29)].into_iter().collect::<MultiRange<_>>(), "{[2024-02-01,2024-02-29)}");
        let noon = day(3).and_hms_opt(12, 0, 0).unwrap();
        check([noon..].into_iter().collect::<MultiRange<_>>(), "{[\"2024-02-03 12:00:00\",)}");
        check(
            [noon.and_utc()..].into_iter().collect::<MultiRange<_>>(),
            "{[\"2024-02-03T12:00:00+00:00\",)}",
        );
    }

    #[test]
    fn what_is_no_multirange_is_refused() {
        for text in ["", "{", "[1,2)", "{[1)}", "{[a,2)}", "{1,2}"] {
            assert!(MultiRange::<i32>::from_value(Value::Text(text.into())).is_err(), "{text}");
        }
    }
}
