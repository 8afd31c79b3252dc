//! `CAST`, where Oracle's own means something else or is not there.

use orm_query::DataType;
use orm_query::tree::Cast;

use crate::oracle::{Oracle, types};
use crate::syntax::{self, Result, Writer, expr, unsupported};

pub(super) fn cast(s: &Oracle, w: &mut Writer, e: &Cast) -> Result {
    use DataType as T;
    let from = e.operand.data_type();
    let is_text = matches!(from, Some(T::Text | T::Varchar(_)));
    let surround = |w: &mut Writer, before: &str, after: &str| {
        w.push(before);
        expr(s, w, &e.operand)?;
        w.push(after);
        Ok(())
    };
    if from.as_ref() == Some(&e.data_type) && types::is_lob(&e.data_type) {
        return expr(s, w, &e.operand);
    }
    match &e.data_type {
        T::Boolean => match from {
            Some(T::Boolean) => surround(w, "(", ")"),
            Some(from) if from.is_integer() => surround(w, "SIGN(ABS(", "))"),
            _ => Err(unsupported(s, "CAST of anything but an integer to BOOLEAN", None)),
        },
        // A CAST to CLOB takes nothing but what is one.
        T::Text => Err(unsupported(s, "CAST to CLOB", Some("cast to a VARCHAR with a length"))),
        T::Date => match from {
            // Its own would keep the time of day.
            Some(T::Timestamp | T::TimestampTz) => surround(w, "TRUNC(", ")"),
            _ if is_text => surround(w, "TO_DATE(", ", 'YYYY-MM-DD')"),
            _ => syntax::cast(s, w, e),
        },
        T::Timestamp => match from {
            Some(T::TimestampTz) => surround(w, "SYS_EXTRACT_UTC(", ")"),
            _ if is_text => surround(w, "TO_TIMESTAMP(", ", 'YYYY-MM-DD HH24:MI:SS.FF')"),
            _ => syntax::cast(s, w, e),
        },
        T::TimestampTz => match from {
            Some(T::Timestamp) => surround(w, "FROM_TZ(", ", 'UTC')"),
            Some(T::Date) => surround(w, "FROM_TZ(CAST(", " AS TIMESTAMP), 'UTC')"),
            _ if is_text => surround(w, "TO_TIMESTAMP_TZ(", ", 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM')"),
            _ => syntax::cast(s, w, e),
        },
        T::Uuid if is_text => surround(w, "REPLACE(LOWER(", "), '-')"),
        T::Bytes | T::Json | T::Jsonb | T::Interval => {
            if from.as_ref() == Some(&e.data_type) {
                return surround(w, "(", ")");
            }
            Err(unsupported(s, "CAST to such a type", Some("convert the value in Rust")))
        }
        _ => syntax::cast(s, w, e),
    }
}
