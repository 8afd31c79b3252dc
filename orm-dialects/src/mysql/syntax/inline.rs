//! Values in the text, so that they read alike whatever the session says of backslashes.

use orm_query::{Bind, DataType, Value};

use crate::mysql::MySql;
use crate::syntax::{self, Result, Syntax, Writer, hex, moment};

pub(super) fn inline(s: &MySql, w: &mut Writer, bind: &Bind) -> Result {
    match &bind.value {
        Value::Text(v) => return text(s, w, v),
        Value::Json(v) if s.is_mariadb() => return text(s, w, &v.to_string()),
        Value::Json(v) => {
            w.push("CAST(");
            text(s, w, &v.to_string())?;
            w.push(" AS JSON)");
        }
        Value::Bytes(v) => w.push(&format!("x'{}'", hex(v))),
        Value::TimestampTz(v) => w.push(&format!("TIMESTAMP '{}'", moment(v.naive_utc()))),
        Value::F32(v) if v.is_finite() && bind.data_type == DataType::Real => {
            // A float is compared as the double of the same value.
            syntax::negative(w, v.is_sign_negative(), format_args!("{:e}", f64::from(*v)));
        }
        Value::Bits(v) => w.push(&format!("b'{v}'")),
        _ => return syntax::inline(s, w, bind),
    }
    Ok(())
}

/// A backslash is a character in one session and an escape in another, so a text with one is written by its bytes.
fn text(s: &MySql, w: &mut Writer, text: &str) -> Result {
    if text.contains('\\') && !text.contains('\0') {
        w.push(&format!("_utf8mb4 x'{}'", hex(text.as_bytes())));
        return Ok(());
    }
    s.literal(w, text)
}
