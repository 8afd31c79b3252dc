//! Types of SQL Server's own.

use orm_query::DataType;
use orm_query::schema::ColumnType;

use super::{digits, native};

const NAME: &str = "mssql";

native! { "mssql";
    /// `TINYINT`, from 0 to 255.
    tinyint => DataType::SmallInt, "TINYINT";
    /// `BIT`
    bit => DataType::Boolean, "BIT";
    /// `MONEY`
    money => DataType::Numeric { precision: Some(19), scale: Some(4) }, "MONEY";
    /// `SMALLMONEY`
    smallmoney => DataType::Numeric { precision: Some(10), scale: Some(4) }, "SMALLMONEY";
    /// `SMALLDATETIME`, of minutes.
    smalldatetime => DataType::Timestamp, "SMALLDATETIME";
    /// `DATETIME`, of 3 milliseconds.
    datetime => DataType::Timestamp, "DATETIME";
    /// `UNIQUEIDENTIFIER`
    uniqueidentifier => DataType::Uuid, "UNIQUEIDENTIFIER";
    /// `TEXT`
    text => DataType::Text, "TEXT";
    /// `NTEXT`
    ntext => DataType::Text, "NTEXT";
    /// `VARCHAR(max)`
    varchar_max => DataType::Text, "VARCHAR(max)";
    /// `NVARCHAR(max)`
    nvarchar_max => DataType::Text, "NVARCHAR(max)";
    /// `VARBINARY(max)`
    varbinary_max => DataType::Bytes, "VARBINARY(max)";
    /// `IMAGE`
    image => DataType::Bytes, "IMAGE";
    /// `ROWVERSION`
    rowversion => DataType::Bytes, "ROWVERSION";
    /// `XML`
    xml => DataType::Other("XML".into()), "XML";
    /// `SQL_VARIANT`
    sql_variant => DataType::Other("SQL_VARIANT".into()), "SQL_VARIANT";
    /// `DOUBLE PRECISION`
    double_precision => DataType::Double, "DOUBLE PRECISION";
}

/// `DATETIME2(digits)`
pub fn datetime2(fraction: Option<u32>) -> ColumnType {
    ColumnType::native(NAME, DataType::Timestamp, digits("DATETIME2", fraction))
}

/// `DATETIMEOFFSET(digits)`
pub fn datetimeoffset(fraction: Option<u32>) -> ColumnType {
    ColumnType::native(NAME, DataType::TimestampTz, digits("DATETIMEOFFSET", fraction))
}

/// `TIME(digits)`
pub fn time(fraction: Option<u32>) -> ColumnType {
    ColumnType::native(NAME, DataType::Time, digits("TIME", fraction))
}
