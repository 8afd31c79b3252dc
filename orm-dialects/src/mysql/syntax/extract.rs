//! `EXTRACT`, and the functions of dates for the fields that MySQL's own has not.

use orm_query::DataType;
use orm_query::tree::{DateField, Extract};

use crate::mysql::MySql;
use crate::syntax::{self, Result, Writer, expr, unsupported};

pub(super) fn extract(s: &MySql, w: &mut Writer, e: &Extract) -> Result {
    if e.operand.data_type() == Some(DataType::Interval) {
        return Err(unsupported(s, "EXTRACT from an interval", Some("take it apart in Rust")));
    }
    let (before, after) = match e.field {
        // Mode 3 is ISO's: the first week is the one with four days or more, and begins on Monday.
        DateField::Week => ("WEEK(", ", 3)"),
        DateField::DayOfWeek => ("(DAYOFWEEK(", ") - 1)"),
        DateField::DayOfYear => ("DAYOFYEAR(", ")"),
        // `UNIX_TIMESTAMP` ends in 2038 in some versions, and takes the time for one of the session's zone.
        DateField::Epoch if e.operand.data_type() == Some(DataType::Time) => ("TIME_TO_SEC(", ")"),
        DateField::Epoch => ("TIMESTAMPDIFF(SECOND, '1970-01-01', ", ")"),
        DateField::Year
        | DateField::Quarter
        | DateField::Month
        | DateField::Day
        | DateField::Hour
        | DateField::Minute
        | DateField::Second => return syntax::extract(s, w, e),
    };
    w.push(before);
    expr(s, w, &e.operand)?;
    w.push(after);
    Ok(())
}
