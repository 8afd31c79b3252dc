//! Types by the names that they have in SQLite. It keeps any word: what counts is the affinity that it reads from it.

use orm_query::DataType;
use orm_query::schema::ColumnType;

use super::native;

native! { "sqlite";
    /// `DATETIME`, as orm declares a `Timestamp` anyway.
    datetime => DataType::Timestamp, "DATETIME";
    /// `DATE`
    date => DataType::Date, "DATE";
    /// `TIME`
    time => DataType::Time, "TIME";
    /// `JSON`, which has the affinity of numbers: a document that is nothing but a number comes back as one.
    json => DataType::Json, "JSON";
    /// `INTEGER`
    integer => DataType::BigInt, "INTEGER";
    /// `REAL`
    real => DataType::Double, "REAL";
    /// `TEXT`
    text => DataType::Text, "TEXT";
    /// `BLOB`
    blob => DataType::Bytes, "BLOB";
    /// `ANY`, of STRICT tables.
    any => DataType::Text, "ANY";
}

/// A type by a name of your own, whose values are of `data_type`.
pub fn other(data_type: DataType, sql: &'static str) -> ColumnType {
    ColumnType::native("sqlite", data_type, sql)
}
