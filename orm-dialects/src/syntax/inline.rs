use std::fmt::Display;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use orm_query::{Bind, DataType, Value};

use super::{Result, Syntax, Writer, unsupported};

/// A value in standard SQL, as a literal that reads back as the same value.
///
/// # Errors
/// Where there is no standard literal for it: a float that is no number, an array, a range and their like; or a text has a
/// NUL character.
pub fn inline<S: Syntax + ?Sized>(s: &S, w: &mut Writer, bind: &Bind) -> Result {
    let quoted = |w: &mut Writer, word: &str, text: &str| {
        w.push(word);
        s.literal(w, text)
    };
    match &bind.value {
        Value::Null => w.push("NULL"),
        Value::Bool(v) => w.push(if *v { "true" } else { "false" }),
        Value::I16(v) => negative(w, *v < 0, v),
        Value::I32(v) => negative(w, *v < 0, v),
        Value::I64(v) => negative(w, *v < 0, v),
        Value::U64(v) => w.push(&v.to_string()),
        Value::F32(v) if v.is_finite() && bind.data_type == DataType::Real => {
            negative(w, v.is_sign_negative(), format_args!("{v:e}"));
        }
        Value::F32(v) if v.is_finite() => {
            negative(w, v.is_sign_negative(), format_args!("{:e}", f64::from(*v)));
        }
        Value::F64(v) if v.is_finite() => negative(w, v.is_sign_negative(), format_args!("{v:e}")),
        Value::F32(_) | Value::F64(_) => return Err(unsupported(s, "literal of NaN or infinity", None)),
        Value::Decimal(v) => negative(w, v.is_sign_negative(), v),
        Value::Text(v) => return s.literal(w, v),
        Value::Bytes(v) => return quoted(w, "X", &hex(v)),
        Value::Date(v) => return quoted(w, "DATE ", &date(*v)),
        Value::Time(v) => return quoted(w, "TIME ", &time(*v)),
        Value::DateTime(v) => return quoted(w, "TIMESTAMP ", &moment(*v)),
        Value::TimestampTz(v) => {
            return quoted(w, "TIMESTAMP ", &format!("{}+00:00", moment(v.naive_utc())));
        }
        Value::Uuid(v) => return s.literal(w, &v.hyphenated().to_string()),
        Value::Json(v) => return s.literal(w, &v.to_string()),
        Value::Interval(v) => return s.literal(w, &v.to_string()),
        Value::Array(_) | Value::Range(_) | Value::Hstore(_) | Value::Inet(_) | Value::Bits(_) => {
            return Err(unsupported(s, "literal of such a value", Some("bind it")));
        }
        // Whatever values come, they are bound.
        _ => return Err(unsupported(s, "literal of such a value", Some("bind it"))),
    }
    Ok(())
}

/// A number; between parentheses where it begins with a minus, which after another would begin a comment.
pub fn negative(w: &mut Writer, is_negative: bool, number: impl Display) {
    w.push(&if is_negative { format!("({number})") } else { number.to_string() });
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a text cannot fail.
        _ = write!(text, "{byte:02x}");
        text
    })
}

/// `2024-02-29`
fn date(v: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", v.year(), v.month(), v.day())
}

/// `23:59:59`, with six more digits where they are not zero.
pub(crate) fn time(v: NaiveTime) -> String {
    let seconds = v.format("%H:%M:%S").to_string();
    match v.format("%6f").to_string() {
        zeros if zeros == "000000" => seconds,
        digits => format!("{seconds}.{digits}"),
    }
}

/// `2024-02-29 23:59:59`
pub(crate) fn moment(v: NaiveDateTime) -> String {
    format!("{} {}", date(v.date()), time(v.time()))
}
