//! Types of Oracle's own.

use orm_query::DataType;
use orm_query::schema::ColumnType;

use super::{digits, native};

const NAME: &str = "oracle";

native! { "oracle";
    /// `CLOB`
    clob => DataType::Text, "CLOB";
    /// `NCLOB`
    nclob => DataType::Text, "NCLOB";
    /// `LONG`
    long => DataType::Text, "LONG";
    /// `BINARY_DOUBLE`
    binary_double => DataType::Double, "BINARY_DOUBLE";
    /// `BINARY_FLOAT`
    binary_float => DataType::Real, "BINARY_FLOAT";
    /// `DATE`, which has a time of day.
    date => DataType::Timestamp, "DATE";
    /// `ROWID`
    rowid => DataType::Other("ROWID".into()), "ROWID";
}

/// `NUMBER`, `NUMBER(p)`, `NUMBER(p, s)`
pub fn number(precision: Option<u8>, scale: Option<u8>) -> ColumnType {
    let sql = match (precision, scale) {
        (None, _) => "NUMBER".to_owned(),
        (Some(p), None) => format!("NUMBER({p})"),
        (Some(p), Some(s)) => format!("NUMBER({p}, {s})"),
    };
    let scale = if precision.is_some() { scale.or(Some(0)) } else { scale };
    ColumnType::native(NAME, DataType::Numeric { precision, scale }, sql)
}

/// `VARCHAR2(n CHAR)`
pub fn varchar2(length: u32) -> ColumnType {
    ColumnType::native(NAME, DataType::Varchar(length), format!("VARCHAR2({length} CHAR)"))
}

/// `NVARCHAR2(n)`
pub fn nvarchar2(length: u32) -> ColumnType {
    ColumnType::native(NAME, DataType::Varchar(length), format!("NVARCHAR2({length})"))
}

/// `RAW(n)`
pub fn raw(length: u32) -> ColumnType {
    ColumnType::native(NAME, DataType::Bytes, format!("RAW({length})"))
}

/// `FLOAT(bits)`
pub fn float(bits: u32) -> ColumnType {
    ColumnType::native(NAME, DataType::Double, format!("FLOAT({bits})"))
}

/// `TIMESTAMP(digits) WITH TIME ZONE`
pub fn timestamp_tz(fraction: Option<u32>) -> ColumnType {
    let sql = format!("{} WITH TIME ZONE", digits("TIMESTAMP", fraction));
    ColumnType::native(NAME, DataType::TimestampTz, sql)
}

/// `TIMESTAMP(digits) WITH LOCAL TIME ZONE`
pub fn timestamp_local(fraction: Option<u32>) -> ColumnType {
    let sql = format!("{} WITH LOCAL TIME ZONE", digits("TIMESTAMP", fraction));
    ColumnType::native(NAME, DataType::TimestampTz, sql)
}

/// `INTERVAL DAY(days) TO SECOND(seconds)`
pub fn interval_day_to_second(days: Option<u32>, seconds: Option<u32>) -> ColumnType {
    let sql = format!("INTERVAL {} TO {}", digits("DAY", days), digits("SECOND", seconds));
    ColumnType::native(NAME, DataType::Interval, sql)
}
