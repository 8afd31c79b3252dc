//! `EXTRACT`, as whole numbers.

use orm_query::DataType;
use orm_query::tree::{DateField, Extract};

use crate::oracle::Oracle;
use crate::syntax::{self, Result, Writer, expr, unsupported};

pub(super) fn extract(s: &Oracle, w: &mut Writer, e: &Extract) -> Result {
    let from = e.operand.data_type();
    let is_interval = from == Some(DataType::Interval);
    let is_zoned = from == Some(DataType::TimestampTz);
    let (before, after) = match e.field {
        DateField::Year | DateField::Month if is_interval => {
            return Err(unsupported(s, "months of an interval", Some("it has days and seconds")));
        }
        DateField::Year | DateField::Month | DateField::Day | DateField::Hour | DateField::Minute => {
            return syntax::extract(s, w, e);
        }
        DateField::Second => {
            w.push("TRUNC(");
            syntax::extract(s, w, e)?;
            w.push(")");
            return Ok(());
        }
        _ if is_interval => {
            return Err(unsupported(s, "this field of an interval", Some("take it apart in Rust")));
        }
        DateField::Quarter => ("TO_NUMBER(TO_CHAR(", ", 'Q'))"),
        DateField::Week => ("TO_NUMBER(TO_CHAR(", ", 'IW'))"),
        DateField::DayOfYear => ("TO_NUMBER(TO_CHAR(", ", 'DDD'))"),
        // Which day is the first one is the session's to say, but that an ISO week begins on Monday.
        DateField::DayOfWeek => {
            w.push("MOD(TRUNC(");
            expr(s, w, &e.operand)?;
            w.push(") - TRUNC(");
            expr(s, w, &e.operand)?;
            w.push(", 'IW') + 1, 7)");
            return Ok(());
        }
        DateField::Epoch if is_zoned => {
            ("ROUND((CAST(SYS_EXTRACT_UTC(", ") AS DATE) - DATE '1970-01-01') * 86400)")
        }
        DateField::Epoch => ("ROUND((CAST(", " AS DATE) - DATE '1970-01-01') * 86400)"),
    };
    w.push(before);
    expr(s, w, &e.operand)?;
    w.push(after);
    Ok(())
}
