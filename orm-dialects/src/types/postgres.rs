//! Types of PostgreSQL's own. Arrays, ranges, HSTORE, INET, CIDR, BIT and JSONB are [`DataType`]s.

use orm_query::DataType;
use orm_query::schema::ColumnType;

const NAME: &str = "postgres";

/// A type that orm knows nothing of: its values are read and sent as text.
pub fn other(sql: &'static str) -> ColumnType {
    ColumnType::native(NAME, DataType::Other(sql.into()), sql)
}

macro_rules! others {
    ($($(#[$doc:meta])* $name:ident => $sql:literal;)*) => {$(
        $(#[$doc])*
        pub fn $name() -> ColumnType {
            other($sql)
        }
    )*};
}

others! {
    /// `MACADDR`
    macaddr => "MACADDR";
    /// `MACADDR8`
    macaddr8 => "MACADDR8";
    /// `TSVECTOR`: a document of full-text search.
    tsvector => "TSVECTOR";
    /// `TSQUERY`: a query of full-text search.
    tsquery => "TSQUERY";
    /// `CITEXT`, of the extension: text whose case does not count.
    citext => "CITEXT";
    /// `MONEY`
    money => "MONEY";
    /// `OID`
    oid => "OID";
    /// `REGCLASS`
    regclass => "REGCLASS";
    /// `REGCONFIG`
    regconfig => "REGCONFIG";
    /// `JSONPATH`
    jsonpath => "JSONPATH";
    /// `XML`
    xml => "XML";
    /// `POINT`
    point => "POINT";
    /// `TIME WITH TIME ZONE`
    time_tz => "TIME WITH TIME ZONE";
    /// `INT4MULTIRANGE`
    int4multirange => "INT4MULTIRANGE";
    /// `INT8MULTIRANGE`
    int8multirange => "INT8MULTIRANGE";
    /// `NUMMULTIRANGE`
    nummultirange => "NUMMULTIRANGE";
    /// `DATEMULTIRANGE`
    datemultirange => "DATEMULTIRANGE";
    /// `TSMULTIRANGE`
    tsmultirange => "TSMULTIRANGE";
    /// `TSTZMULTIRANGE`
    tstzmultirange => "TSTZMULTIRANGE";
}

/// `INTERVAL (digits)`, with so many digits of the seconds' fraction.
pub fn interval(digits: Option<u8>) -> ColumnType {
    let sql = digits.map_or_else(|| "INTERVAL".to_owned(), |digits| format!("INTERVAL ({digits})"));
    ColumnType::native(NAME, DataType::Interval, sql)
}

/// `INTERVAL fields`: `interval_fields("DAY TO SECOND")`.
pub fn interval_fields(fields: &str) -> ColumnType {
    ColumnType::native(NAME, DataType::Interval, format!("INTERVAL {fields}"))
}

/// `SERIAL`, whose default is a sequence of its own; a generated key is an identity column and no serial one.
pub fn serial() -> ColumnType {
    ColumnType::native(NAME, DataType::Integer, "SERIAL")
}

/// `BIGSERIAL`
pub fn bigserial() -> ColumnType {
    ColumnType::native(NAME, DataType::BigInt, "BIGSERIAL")
}
