//! Values in the text.

use orm_query::{Bind, DataType, Interval, Value};

use crate::oracle::Oracle;
use crate::syntax::{self, Result, Syntax, Writer, hex, moment, negative, unsupported};

/// The longest literal of a text, in bytes.
const MAX_TEXT: usize = 4_000;
/// The longest literal of bytes.
const MAX_BYTES: usize = 2_000;

pub(super) fn inline(s: &Oracle, w: &mut Writer, bind: &Bind) -> Result {
    match &bind.value {
        Value::Bool(v) => w.push(if *v { "1" } else { "0" }),
        Value::F32(v) if bind.data_type == DataType::Real => float(w, f64::from(*v), &format!("{v:e}"), 'f'),
        Value::F32(v) => float(w, f64::from(*v), &format!("{:e}", f64::from(*v)), 'd'),
        Value::F64(v) if bind.data_type == DataType::Real => float(w, *v, &format!("{:e}", *v as f32), 'f'),
        Value::F64(v) => float(w, *v, &format!("{v:e}"), 'd'),
        Value::Text(v) => return text(s, w, v),
        Value::Json(v) => return text(s, w, &v.to_string()),
        Value::Bytes(v) => {
            if v.len() > MAX_BYTES {
                return Err(unsupported(s, "literal of more than 2,000 bytes", Some("bind it")));
            }
            w.push("HEXTORAW('");
            w.push(&hex(v));
            w.push("')");
        }
        Value::TimestampTz(v) => {
            w.push("TIMESTAMP ");
            return s.literal(w, &format!("{} +00:00", moment(v.naive_utc())));
        }
        Value::Uuid(v) => return s.literal(w, &v.simple().to_string()),
        Value::Interval(v) => interval(w, *v),
        _ => return syntax::inline(s, w, bind),
    }
    Ok(())
}

/// A binary float: without its letter it would be a decimal, of smaller range.
fn float(w: &mut Writer, v: f64, digits: &str, letter: char) {
    if v.is_finite() {
        return negative(w, v.is_sign_negative(), format_args!("{digits}{letter}"));
    }
    let word = if letter == 'f' { "BINARY_FLOAT" } else { "BINARY_DOUBLE" };
    match (v.is_nan(), v > 0.0) {
        (true, _) => w.push(&format!("{word}_NAN")),
        (false, true) => w.push(&format!("{word}_INFINITY")),
        (false, false) => w.push(&format!("(-{word}_INFINITY)")),
    }
}

fn text(s: &Oracle, w: &mut Writer, v: &str) -> Result {
    if v.len() > MAX_TEXT {
        return Err(unsupported(s, "literal of more than 4,000 bytes", Some("bind it")));
    }
    s.literal(w, v)
}

/// `INTERVAL '-1 02:03:04.000005' DAY(9) TO SECOND(6)`; one of months was refused before.
fn interval(w: &mut Writer, v: Interval) {
    const DAY: i128 = 86_400_000_000;
    let total = i128::from(v.days) * DAY + i128::from(v.microseconds);
    let (days, rest) = (total.abs() / DAY, total.abs() % DAY);
    let seconds = rest / 1_000_000;
    w.push(&format!(
        "INTERVAL '{}{days} {:02}:{:02}:{:02}.{:06}' DAY(9) TO SECOND(6)",
        if total < 0 { "-" } else { "" },
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60,
        rest % 1_000_000,
    ));
}
