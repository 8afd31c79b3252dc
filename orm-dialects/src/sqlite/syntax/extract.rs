//! `EXTRACT`, by SQLite's own functions of dates, which read the texts that dates are kept as.

use orm_query::DataType;
use orm_query::tree::{DateField, Extract};

use crate::sqlite::Sqlite;
use crate::syntax::{Result, Writer, expr, unsupported};

pub(super) fn extract(s: &Sqlite, w: &mut Writer, e: &Extract) -> Result {
    if e.operand.data_type() == Some(DataType::Interval) {
        return Err(unsupported(s, "EXTRACT from an interval", Some("take it apart in Rust")));
    }
    let (before, after) = match e.field {
        DateField::Year => ("CAST(STRFTIME('%Y', ", ") AS INTEGER)"),
        DateField::Quarter => ("((CAST(STRFTIME('%m', ", ") AS INTEGER) + 2) / 3)"),
        DateField::Month => ("CAST(STRFTIME('%m', ", ") AS INTEGER)"),
        // The Thursday of the same week says which week of its year it is.
        DateField::Week => ("((CAST(STRFTIME('%j', ", ", '-3 days', 'weekday 4') AS INTEGER) + 6) / 7)"),
        DateField::Day => ("CAST(STRFTIME('%d', ", ") AS INTEGER)"),
        DateField::DayOfWeek => ("CAST(STRFTIME('%w', ", ") AS INTEGER)"),
        DateField::DayOfYear => ("CAST(STRFTIME('%j', ", ") AS INTEGER)"),
        DateField::Hour => ("CAST(STRFTIME('%H', ", ") AS INTEGER)"),
        DateField::Minute => ("CAST(STRFTIME('%M', ", ") AS INTEGER)"),
        DateField::Second => ("CAST(STRFTIME('%S', ", ") AS INTEGER)"),
        DateField::Epoch => ("CAST(STRFTIME('%s', ", ") AS INTEGER)"),
    };
    w.push(before);
    expr(s, w, &e.operand)?;
    w.push(after);
    Ok(())
}
