//! Whether what we bind is what SQLAlchemy binds.
//!
//! Values are the same when they are of one type and written alike. What the drivers of Python turn a value into before
//! they send it is undone, for ours do that later: booleans as 0 and 1, decimals as floats, dates and times as text (or a
//! date as midnight), UUIDs as text with or without dashes, JSON as its text, names of enums as text.

use std::ops::Bound;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use orm::{Bind, Range, Value};
use rust_decimal::Decimal;
use serde_json::Value as Json;

/// Whether the two are the same value.
pub(crate) fn same(ours: &Bind, theirs: &Json) -> bool {
    same_value(&ours.value, theirs)
}

fn same_value(ours: &Value, theirs: &Json) -> bool {
    let tagged = |tag: &str| theirs.get(tag).and_then(Json::as_str);
    match ours {
        Value::Null => theirs.is_null(),
        Value::Bool(v) => theirs.as_bool() == Some(*v) || theirs.as_i64() == Some(i64::from(*v)),
        Value::I16(v) => theirs.as_i64() == Some(i64::from(*v)),
        Value::I32(v) => theirs.as_i64() == Some(i64::from(*v)),
        Value::I64(v) => theirs.as_i64() == Some(*v),
        Value::U64(v) => theirs.as_u64() == Some(*v),
        Value::F32(v) => theirs.as_f64() == Some(f64::from(*v)),
        Value::F64(v) => theirs.is_f64() && theirs.as_f64() == Some(*v),
        Value::Decimal(v) => match tagged("$decimal") {
            Some(text) => text.parse() == Ok(*v),
            None => theirs.is_number() && theirs.to_string().parse() == Ok(*v),
        },
        Value::Text(v) => tagged("$enum").or(theirs.as_str()) == Some(v),
        Value::Bytes(v) => tagged("$bytes").and_then(base64).as_ref() == Some(v),
        Value::Date(v) => tagged("$date").or(theirs.as_str()).map_or_else(
            || tagged("$datetime").and_then(moment) == v.and_hms_opt(0, 0, 0),
            |t| date(t) == Some(*v),
        ),
        Value::Time(v) => tagged("$time").or(theirs.as_str()).and_then(time) == Some(*v),
        Value::DateTime(v) => tagged("$datetime").or(theirs.as_str()).and_then(moment) == Some(*v),
        Value::TimestampTz(v) => {
            let text = tagged("$datetime").or(theirs.as_str());
            text.and_then(|text| text.parse().ok()).is_some_and(|at: chrono::DateTime<chrono::Utc>| at == *v)
        }
        Value::Uuid(v) => tagged("$uuid").or(theirs.as_str()).and_then(|t| t.parse().ok()) == Some(*v),
        Value::Json(v) => match theirs {
            Json::String(text) => serde_json::from_str::<Json>(text).ok().as_ref() == Some(v),
            theirs => theirs == v,
        },
        Value::Interval(v) => {
            let seconds = theirs.get("$interval_s").and_then(Json::as_f64);
            let exact = |v: &orm::Interval| {
                (v.months == 0).then(|| f64::from(v.days) * 86_400.0 + v.microseconds as f64 / 1e6)
            };
            seconds.is_some() && seconds == exact(v)
        }
        Value::Array(list) => theirs.as_array().is_some_and(|theirs| {
            list.len() == theirs.len() && list.iter().zip(theirs).all(|(a, b)| same_value(a, b))
        }),
        Value::Range(range) => tagged("$range") == Some(range_text(range).as_str()),
        Value::Hstore(map) if theirs.is_string() => {
            let pairs = map.0.iter().map(|(key, value)| match value {
                Some(value) => format!("{key:?}=>{value:?}"),
                None => format!("{key:?}=>NULL"),
            });
            theirs.as_str() == Some(pairs.collect::<Vec<_>>().join(", ").as_str())
        }
        Value::Hstore(map) => theirs.as_object().is_some_and(|theirs| {
            theirs.len() == map.0.len()
                && map.0.iter().all(|(key, value)| match (value, theirs.get(key)) {
                    (Some(text), Some(Json::String(theirs))) => text == theirs,
                    (None, Some(Json::Null)) => true,
                    _ => false,
                })
        }),
        Value::Inet(v) => theirs.as_str() == Some(&v.to_string()),
        Value::Bits(v) => theirs.as_str() == Some(&v.to_string()),
        other => panic!("a bind of a new kind: {other:?}"),
    }
}

pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

pub(crate) fn time(text: &str) -> Option<NaiveTime> {
    text.parse().ok()
}

pub(crate) fn moment(text: &str) -> Option<NaiveDateTime> {
    // A moment is compared in UTC.
    let text = text.strip_suffix("+00:00").unwrap_or(text);
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
}

/// As PostgreSQL writes it.
fn range_text(range: &Range<Value>) -> String {
    let Range::Bounds(from, to) = range else { return "empty".to_owned() };
    let (open, from) = match from {
        Bound::Included(v) => ("[", plain(v)),
        Bound::Excluded(v) => ("(", plain(v)),
        Bound::Unbounded => ("(", String::new()),
    };
    let (to, close) = match to {
        Bound::Included(v) => (plain(v), "]"),
        Bound::Excluded(v) => (plain(v), ")"),
        Bound::Unbounded => (String::new(), ")"),
    };
    format!("{open}{from},{to}{close}")
}

fn plain(value: &Value) -> String {
    match value {
        Value::I32(v) => v.to_string(),
        Value::I64(v) => v.to_string(),
        Value::Decimal(v) => v.to_string(),
        Value::Date(v) => v.to_string(),
        Value::DateTime(v) => v.to_string(),
        other => format!("{other:?}"),
    }
}

pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        held = held << 6 | u32::try_from(LETTERS.iter().position(|l| *l == letter)?).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use orm::DataType;
    use serde_json::json;

    use super::*;

    fn check(value: Value, theirs: Json, expected: bool) {
        assert_eq!(same_value(&value, &theirs), expected, "{value:?} {theirs}");
        assert_eq!(same(&Bind::new(value, DataType::Text), &theirs), expected);
    }

    #[test]
    fn what_python_s_drivers_changed_is_undone() {
        check(Value::Bool(true), json!(1), true);
        check(Value::Bool(true), json!(true), true);
        check(Value::Decimal(Decimal::new(999, 2)), json!(9.99), true);
        check(Value::Decimal(Decimal::new(999, 2)), json!({"$decimal": "9.99"}), true);
        let date = NaiveDate::from_ymd_opt(2024, 2, 10).unwrap();
        check(Value::Date(date), json!("2024-02-10"), true);
        check(Value::Date(date), json!({"$datetime": "2024-02-10 00:00:00"}), true);
        check(Value::DateTime(date.and_hms_opt(0, 0, 0).unwrap()), json!("2024-02-10 00:00:00.000000"), true);
        check(Value::Json(json!({"a": 1})), json!("{\"a\": 1}"), true);
        check(Value::Bytes(b"hello".to_vec()), json!({"$bytes": "aGVsbG8="}), true);
        check(Value::Array(vec![Value::I32(1), Value::Null]), json!([1, null]), true);
        let range = Range::Bounds(Bound::Included(Value::I32(1)), Bound::Excluded(Value::I32(10)));
        check(Value::Range(Box::new(range)), json!({"$range": "[1,10)"}), true);
    }

    #[test]
    fn another_value_and_another_type_differ() {
        check(Value::I32(1), json!(2), false);
        check(Value::I32(1), json!("1"), false);
        check(Value::I32(1), json!(1.0), false);
        check(Value::Text("1".into()), json!(1), false);
        check(Value::Bool(true), json!(2), false);
        check(Value::Bool(true), json!("true"), false);
        check(Value::F64(1.0), json!(1), false);
        check(Value::Decimal(Decimal::new(999, 2)), json!("9.99"), false);
        check(Value::Null, json!(0), false);
        check(Value::Text(String::new()), Json::Null, false);
        check(Value::Bytes(b"hello".to_vec()), json!("hello"), false);
        check(Value::Date(NaiveDate::MIN), json!("2024-02-10"), false);
    }
}
