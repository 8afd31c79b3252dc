use super::Expr;

/// `EXTRACT(field FROM operand)`: an integer.
#[derive(Debug, Clone, PartialEq)]
pub struct Extract {
    /// Which part of it.
    pub field: DateField,
    /// A date, a time, both, or an interval.
    pub operand: Expr,
}

/// A part of a date or time, as a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateField {
    /// The year.
    Year,
    /// 1 to 4.
    Quarter,
    /// 1 to 12.
    Month,
    /// The week of ISO 8601, 1 to 53: the first one is that of the year's first Thursday.
    Week,
    /// The day of the month, from 1.
    Day,
    /// The day of the week, from 0 for Sunday.
    DayOfWeek,
    /// The day of the year, from 1.
    DayOfYear,
    /// 0 to 23.
    Hour,
    /// 0 to 59.
    Minute,
    /// 0 to 59, without the fraction.
    Second,
    /// Seconds since the begin of 1970, without the fraction.
    Epoch,
}

impl DateField {
    /// PostgreSQL's word for it, which is SQL's where SQL has one.
    pub const fn name(self) -> &'static str {
        match self {
            DateField::Year => "year",
            DateField::Quarter => "quarter",
            DateField::Month => "month",
            DateField::Week => "week",
            DateField::Day => "day",
            DateField::DayOfWeek => "dow",
            DateField::DayOfYear => "doy",
            DateField::Hour => "hour",
            DateField::Minute => "minute",
            DateField::Second => "second",
            DateField::Epoch => "epoch",
        }
    }
}
