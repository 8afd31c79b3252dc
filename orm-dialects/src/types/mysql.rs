//! Types of MySQL's own, which are MariaDB's too.

use orm_query::DataType;
use orm_query::schema::ColumnType;

use super::{digits, native};

const NAME: &str = "mysql";

native! { "mysql";
    /// `YEAR`
    year => DataType::SmallInt, "YEAR";
    /// `TINYTEXT`
    tinytext => DataType::Text, "TINYTEXT";
    /// `MEDIUMTEXT`
    mediumtext => DataType::Text, "MEDIUMTEXT";
    /// `LONGTEXT`
    longtext => DataType::Text, "LONGTEXT";
    /// `TINYBLOB`
    tinyblob => DataType::Bytes, "TINYBLOB";
    /// `MEDIUMBLOB`
    mediumblob => DataType::Bytes, "MEDIUMBLOB";
    /// `LONGBLOB`
    longblob => DataType::Bytes, "LONGBLOB";
}

/// A number of MySQL's, with what may stand behind it.
#[derive(Debug, Clone)]
pub struct Number {
    data_type: DataType,
    sql: String,
    unsigned: bool,
    zerofill: bool,
}

impl Number {
    fn new(data_type: DataType, word: &str, width: Option<u32>) -> Self {
        Number { data_type, sql: digits(word, width), unsigned: false, zerofill: false }
    }

    /// `UNSIGNED`: none below zero.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.unsigned = true;
        self
    }

    /// `ZEROFILL`: shown with zeros before it, and unsigned.
    #[must_use]
    pub fn zerofill(mut self) -> Self {
        self.zerofill = true;
        self
    }
}

impl From<Number> for ColumnType {
    fn from(number: Number) -> Self {
        let Number { data_type, mut sql, unsigned, zerofill } = number;
        let unsigned_type = match data_type {
            DataType::Integer => DataType::UnsignedInteger,
            DataType::BigInt => DataType::UnsignedBigInt,
            DataType::SmallInt if sql.starts_with("SMALLINT") => DataType::UnsignedSmallInt,
            ref other => other.clone(),
        };
        let data_type = if unsigned || zerofill { unsigned_type } else { data_type };
        if unsigned {
            sql.push_str(" UNSIGNED");
        }
        if zerofill {
            sql.push_str(" ZEROFILL");
        }
        ColumnType::native(NAME, data_type, sql)
    }
}

/// `TINYINT(width)`
pub fn tinyint(width: Option<u32>) -> Number {
    Number::new(DataType::SmallInt, "TINYINT", width)
}

/// `SMALLINT(width)`
pub fn smallint(width: Option<u32>) -> Number {
    Number::new(DataType::SmallInt, "SMALLINT", width)
}

/// `MEDIUMINT(width)`
pub fn mediumint(width: Option<u32>) -> Number {
    Number::new(DataType::Integer, "MEDIUMINT", width)
}

/// `INTEGER(width)`
pub fn integer(width: Option<u32>) -> Number {
    Number::new(DataType::Integer, "INTEGER", width)
}

/// `BIGINT(width)`
pub fn bigint(width: Option<u32>) -> Number {
    Number::new(DataType::BigInt, "BIGINT", width)
}

/// `DOUBLE(precision, scale)`
pub fn double(precision: u8, scale: u8) -> Number {
    Number::new(DataType::Double, &format!("DOUBLE({precision}, {scale})"), None)
}

/// `FLOAT(precision, scale)`
pub fn float(precision: u8, scale: u8) -> Number {
    Number::new(DataType::Real, &format!("FLOAT({precision}, {scale})"), None)
}

/// A text of MySQL's, with its character set.
#[derive(Debug, Clone)]
pub struct Characters {
    data_type: DataType,
    sql: String,
    charset: Option<&'static str>,
    collation: Option<&'static str>,
}

impl Characters {
    fn new(data_type: DataType, sql: String) -> Self {
        Characters { data_type, sql, charset: None, collation: None }
    }

    /// `CHARACTER SET name`
    #[must_use]
    pub fn charset(mut self, name: &'static str) -> Self {
        self.charset = Some(name);
        self
    }

    /// `COLLATE name`
    #[must_use]
    pub fn collate(mut self, name: &'static str) -> Self {
        self.collation = Some(name);
        self
    }
}

impl From<Characters> for ColumnType {
    fn from(text: Characters) -> Self {
        let Characters { data_type, mut sql, charset, collation } = text;
        for (words, name) in [(" CHARACTER SET ", charset), (" COLLATE ", collation)] {
            if let Some(name) = name {
                sql.push_str(words);
                sql.push_str(name);
            }
        }
        ColumnType::native(NAME, data_type, sql)
    }
}

/// `VARCHAR(n)`
pub fn varchar(length: u32) -> Characters {
    Characters::new(DataType::Varchar(length), format!("VARCHAR({length})"))
}

/// `NATIONAL VARCHAR(n)`
pub fn national_varchar(length: u32) -> Characters {
    Characters::new(DataType::Varchar(length), format!("NATIONAL VARCHAR({length})"))
}

/// `CHAR(n)`
pub fn char(length: u32) -> Characters {
    Characters::new(DataType::Varchar(length), format!("CHAR({length})"))
}

/// `TEXT`
pub fn text() -> Characters {
    Characters::new(DataType::Text, "TEXT".to_owned())
}

/// `ENUM('a', 'b')`
pub fn enumeration(values: &[&str]) -> Characters {
    Characters::new(DataType::Text, format!("ENUM({})", quoted(values)))
}

/// `SET('a', 'b')`: a text of some of the values, with commas between them.
pub fn set(values: &[&str]) -> Characters {
    Characters::new(DataType::Text, format!("SET({})", quoted(values)))
}

fn quoted(values: &[&str]) -> String {
    let quote = |value: &&str| format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''"));
    values.iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// `BIT(n)`
pub fn bit(bits: u32) -> ColumnType {
    ColumnType::native(NAME, DataType::Bit(bits), format!("BIT({bits})"))
}

/// `DATETIME(digits)`, with so many digits of the seconds' fraction.
pub fn datetime(fraction: Option<u32>) -> ColumnType {
    ColumnType::native(NAME, DataType::Timestamp, digits("DATETIME", fraction))
}

/// `TIMESTAMP(digits)`: a moment until 2038, kept in UTC and told in the connection's time zone.
pub fn timestamp(fraction: Option<u32>) -> ColumnType {
    ColumnType::native(NAME, DataType::TimestampTz, digits("TIMESTAMP", fraction))
}

/// `TIME(digits)`
pub fn time(fraction: Option<u32>) -> ColumnType {
    ColumnType::native(NAME, DataType::Time, digits("TIME", fraction))
}
