//! Values in the text, each of the type that it would be bound as.

use std::ops::Bound;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use orm_query::{Bind, DataType, RangeType, Value};

use super::cast_to;
use crate::postgres::Postgres;
use crate::syntax::{self, Result, Syntax, Writer, hex, unsupported};

pub(super) fn inline(s: &Postgres, w: &mut Writer, bind: &Bind) -> Result {
    let to = &bind.data_type;
    let typed = |w: &mut Writer, text: &str| cast_to(s, w, to, |w| s.literal(w, text));
    match &bind.value {
        // A decimal is no float to PostgreSQL, and has no NaN, no infinity and no zero with a sign.
        Value::F32(v) => return typed(w, &float(f64::from(*v), v.to_string())),
        Value::F64(v) => return typed(w, &float(*v, v.to_string())),
        Value::I16(_) | Value::I32(_) | Value::I64(_) | Value::U64(_) | Value::Decimal(_)
            if matches!(to, DataType::Real | DataType::Double) =>
        {
            return cast_to(s, w, to, |w| syntax::inline(s, w, bind));
        }
        Value::Text(v) if matches!(to, DataType::Other(_)) => return typed(w, v),
        Value::Text(v) if matches!(to, DataType::Enum(e) if e.native) => return typed(w, v),
        Value::Bytes(v) => w.push(&format!("decode('{}', 'hex')", hex(v))),
        Value::Date(v) => w.push(&format!("DATE '{}{}'", date(*v), era(v.year()))),
        Value::DateTime(v) => w.push(&format!("TIMESTAMP '{}{}'", moment(*v), era(v.year()))),
        Value::TimestampTz(v) => {
            let v = v.naive_utc();
            w.push(&format!("TIMESTAMP WITH TIME ZONE '{}+00:00{}'", moment(v), era(v.year())));
        }
        Value::Uuid(v) => return typed(w, &v.hyphenated().to_string()),
        Value::Json(v) => return typed(w, &v.to_string()),
        Value::Interval(v) => return typed(w, &v.to_string()),
        Value::Inet(v) => return typed(w, &v.to_string()),
        Value::Bits(v) => {
            return cast_to(s, w, to, |w| {
                w.push(&format!("B'{v}'"));
                Ok(())
            });
        }
        Value::Array(elements) => {
            let DataType::Array(element) = to else {
                return Err(unsupported(s, "literal of an array of such a type", Some("bind it")));
            };
            return cast_to(s, w, to, |w| array(s, w, elements, element));
        }
        Value::Range(range) => {
            let DataType::Range(of) = to else {
                return Err(unsupported(s, "literal of a range of such a type", Some("bind it")));
            };
            return self::range(s, w, range, *of);
        }
        Value::Hstore(v) => {
            // Two arrays of texts need no quotes within quotes.
            let texts = DataType::Array(DataType::Text.into());
            let keys: Vec<Value> = v.keys().map(|key| Value::Text(key.clone())).collect();
            let values: Vec<Value> =
                v.values().map(|value| value.clone().map_or(Value::Null, Value::Text)).collect();
            w.push("hstore(");
            cast_to(s, w, &texts, |w| array(s, w, &keys, &DataType::Text))?;
            w.push(", ");
            cast_to(s, w, &texts, |w| array(s, w, &values, &DataType::Text))?;
            w.push(")");
        }
        _ => return syntax::inline(s, w, bind),
    }
    Ok(())
}

fn float(v: f64, digits: String) -> String {
    if v.is_nan() {
        "NaN".into()
    } else if v.is_infinite() {
        if v < 0.0 { "-Infinity".into() } else { "Infinity".into() }
    } else {
        digits
    }
}

fn array(s: &Postgres, w: &mut Writer, elements: &[Value], element: &DataType) -> Result {
    w.push("ARRAY[");
    w.list(elements, ", ", |w, value| s.inline(w, &Bind::new(value.clone(), element.clone())))?;
    w.push("]");
    Ok(())
}

/// By the range's own constructor: a missing bound is NULL.
fn range(s: &Postgres, w: &mut Writer, range: &orm_query::Range<Value>, of: RangeType) -> Result {
    let data_type = DataType::Range(of);
    let orm_query::Range::Bounds(lower, upper) = range else {
        return cast_to(s, w, &data_type, |w| s.literal(w, "empty"));
    };
    s.data_type(w, &data_type)?;
    let element = of.element();
    w.push("(");
    let bound = |w: &mut Writer, bound: &Bound<Value>| match bound {
        Bound::Included(v) | Bound::Excluded(v) => s.inline(w, &Bind::new(v.clone(), element.clone())),
        Bound::Unbounded => {
            w.push("NULL");
            Ok(())
        }
    };
    bound(w, lower)?;
    w.push(", ");
    bound(w, upper)?;
    let open = if matches!(lower, Bound::Included(_)) { '[' } else { '(' };
    let close = if matches!(upper, Bound::Included(_)) { ']' } else { ')' };
    w.push(&format!(", '{open}{close}')"));
    Ok(())
}

/// PostgreSQL counts the years before Christ.
fn date(v: NaiveDate) -> String {
    let year = if v.year() > 0 { v.year() } else { 1 - v.year() };
    format!("{year:04}-{:02}-{:02}", v.month(), v.day())
}

fn era(year: i32) -> &'static str {
    if year > 0 { "" } else { " BC" }
}

fn moment(v: NaiveDateTime) -> String {
    format!("{} {}", date(v.date()), syntax::time(v.time()))
}
