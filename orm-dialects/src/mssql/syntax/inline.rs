//! Values in the text, and parts of dates.

use orm_query::tree::{DateField, Expr, Extract};
use orm_query::{Bind, DataType, Value};

use crate::mssql::MsSql;
use crate::syntax::{self, Result, Syntax, Writer, expr, hex, moment, time, unsupported};

/// A bare text would be a date by the session's order of days and months, and as long as what it is compared with.
pub(super) fn inline(s: &MsSql, w: &mut Writer, bind: &Bind) -> Result {
    let cast = |w: &mut Writer, text: &str, data_type: &DataType| {
        w.push(&format!("CAST('{text}' AS "));
        s.data_type(w, data_type)?;
        w.push(")");
        Ok(())
    };
    match &bind.value {
        Value::Bool(v) => w.push(if *v { "1" } else { "0" }),
        Value::Bytes(v) => w.push(&format!("0x{}", hex(v))),
        Value::Date(v) => return cast(w, &v.format("%Y-%m-%d").to_string(), &DataType::Date),
        Value::Time(v) => return cast(w, &time(*v), &DataType::Time),
        Value::DateTime(v) => return cast(w, &moment(*v), &DataType::Timestamp),
        Value::TimestampTz(v) => {
            return cast(w, &format!("{} +00:00", moment(v.naive_utc())), &DataType::TimestampTz);
        }
        _ => return syntax::inline(s, w, bind),
    }
    Ok(())
}

/// `DATEPART(field, operand)`
pub(super) fn extract(s: &MsSql, w: &mut Writer, e: &Extract) -> Result {
    if e.operand.data_type() == Some(DataType::Interval) {
        return Err(unsupported(s, "EXTRACT from an interval", Some("keep a number of seconds or days")));
    }
    let field = match e.field {
        DateField::Year => "year",
        DateField::Quarter => "quarter",
        DateField::Month => "month",
        DateField::Week => "iso_week",
        DateField::Day => "day",
        DateField::DayOfYear => "dayofyear",
        DateField::Hour => "hour",
        DateField::Minute => "minute",
        DateField::Second => "second",
        // Which day is the first of the week is the session's to say.
        DateField::DayOfWeek => {
            w.push("((DATEPART(weekday, ");
            expr(s, w, &e.operand)?;
            w.push(") + @@DATEFIRST - 1) % 7)");
            return Ok(());
        }
        DateField::Epoch => {
            w.push("DATEDIFF_BIG(second, CAST('1970-01-01' AS DATETIME2), ");
            expr(s, w, &e.operand)?;
            w.push(")");
            return Ok(());
        }
    };
    w.push("DATEPART(");
    w.push(field);
    w.push(", ");
    expr(s, w, &e.operand)?;
    w.push(")");
    Ok(())
}

/// The number of a bind as the text that a place without expressions takes; `None` for what is no number.
pub(super) fn number(e: &Expr) -> Option<String> {
    let value = match e {
        Expr::Bind(bind) => &bind.value,
        Expr::Literal(bind) => &bind.value,
        _ => return None,
    };
    Some(match value {
        Value::I16(n) => n.to_string(),
        Value::I32(n) => n.to_string(),
        Value::I64(n) => n.to_string(),
        Value::U64(n) => n.to_string(),
        Value::F32(n) if n.is_finite() => n.to_string(),
        Value::F64(n) if n.is_finite() => n.to_string(),
        Value::Decimal(n) => n.to_string(),
        _ => return None,
    })
}
