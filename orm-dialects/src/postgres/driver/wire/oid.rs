//! The numbers that PostgreSQL's own types have in every database.

use orm_query::{DataType, RangeType};

/// A type that the server takes from where the placeholder stands.
pub(in super::super) const INFERRED: u32 = 0;

pub(super) const BOOL: u32 = 16;
pub(super) const BYTEA: u32 = 17;
pub(super) const CHAR: u32 = 18;
pub(super) const NAME: u32 = 19;
pub(super) const INT8: u32 = 20;
pub(super) const INT2: u32 = 21;
pub(super) const INT2_VECTOR: u32 = 22;
pub(super) const INT4: u32 = 23;
pub(super) const TEXT: u32 = 25;
pub(super) const OID: u32 = 26;
pub(super) const XID: u32 = 28;
pub(super) const CID: u32 = 29;
pub(super) const OID_VECTOR: u32 = 30;
pub(super) const JSON: u32 = 114;
pub(super) const XML: u32 = 142;
pub(super) const CIDR: u32 = 650;
pub(super) const FLOAT4: u32 = 700;
pub(super) const FLOAT8: u32 = 701;
pub(super) const UNKNOWN: u32 = 705;
pub(super) const INET: u32 = 869;
pub(super) const BPCHAR: u32 = 1042;
pub(super) const VARCHAR: u32 = 1043;
pub(super) const DATE: u32 = 1082;
pub(super) const TIME: u32 = 1083;
pub(super) const TIMESTAMP: u32 = 1114;
pub(super) const TIMESTAMP_TZ: u32 = 1184;
pub(super) const INTERVAL: u32 = 1186;
pub(super) const BIT: u32 = 1560;
pub(super) const VARBIT: u32 = 1562;
pub(super) const NUMERIC: u32 = 1700;
pub(super) const REFCURSOR: u32 = 1790;
pub(super) const REGCLASS: u32 = 2205;
pub(super) const REGTYPE: u32 = 2206;
pub(super) const CSTRING: u32 = 2275;
pub(super) const VOID: u32 = 2278;
pub(super) const UUID: u32 = 2950;
pub(super) const JSONB: u32 = 3802;
pub(super) const INT4_RANGE: u32 = 3904;
pub(super) const NUM_RANGE: u32 = 3906;
pub(super) const TS_RANGE: u32 = 3908;
pub(super) const TSTZ_RANGE: u32 = 3910;
pub(super) const DATE_RANGE: u32 = 3912;
pub(super) const INT8_RANGE: u32 = 3926;

/// The type that a bind is declared as.
///
/// Types without a number of their own are [`INFERRED`]. A type that orm does not know is text, which the statement
/// casts. An array of either is an array of texts for the same purpose, as its bytes would need the number.
pub(in super::super) fn declared(data_type: &DataType) -> u32 {
    match data_type {
        DataType::Boolean => BOOL,
        DataType::SmallInt => INT2,
        DataType::Integer | DataType::UnsignedSmallInt => INT4,
        DataType::BigInt | DataType::UnsignedInteger => INT8,
        DataType::Real => FLOAT4,
        DataType::Double => FLOAT8,
        DataType::Numeric { .. } | DataType::UnsignedBigInt => NUMERIC,
        DataType::Text | DataType::Varchar(_) | DataType::Other(_) => TEXT,
        DataType::Bytes => BYTEA,
        DataType::Date => DATE,
        DataType::Time => TIME,
        DataType::Timestamp => TIMESTAMP,
        DataType::TimestampTz => TIMESTAMP_TZ,
        DataType::Uuid => UUID,
        DataType::Json => JSON,
        DataType::Jsonb => JSONB,
        DataType::Enum(e) => {
            if e.native {
                INFERRED
            } else {
                TEXT
            }
        }
        DataType::Interval => INTERVAL,
        DataType::Array(of) => array(element(of)),
        DataType::Range(range) => self::range(*range),
        DataType::Inet => INET,
        DataType::Cidr => CIDR,
        DataType::Bit(_) => BIT,
        DataType::BitVarying(_) => VARBIT,
        DataType::Hstore | _ => INFERRED,
    }
}

/// The type of an array's elements.
pub(super) fn element(data_type: &DataType) -> u32 {
    match declared(data_type) {
        INFERRED if matches!(data_type, DataType::Enum(_)) => TEXT,
        oid => oid,
    }
}

fn range(range: RangeType) -> u32 {
    match range {
        RangeType::Integer => INT4_RANGE,
        RangeType::BigInt => INT8_RANGE,
        RangeType::Numeric => NUM_RANGE,
        RangeType::Date => DATE_RANGE,
        RangeType::Timestamp => TS_RANGE,
        RangeType::TimestampTz => TSTZ_RANGE,
    }
}

/// The array of an element type.
fn array(element: u32) -> u32 {
    match element {
        BOOL => 1000,
        BYTEA => 1001,
        INT2 => 1005,
        INT4 => 1007,
        INT8 => 1016,
        TEXT => 1009,
        FLOAT4 => 1021,
        FLOAT8 => 1022,
        NUMERIC => 1231,
        DATE => 1182,
        TIME => 1183,
        TIMESTAMP => 1115,
        TIMESTAMP_TZ => 1185,
        INTERVAL => 1187,
        UUID => 2951,
        JSON => 199,
        JSONB => 3807,
        INET => 1041,
        CIDR => 651,
        BIT => 1561,
        VARBIT => 1563,
        INT4_RANGE => 3905,
        NUM_RANGE => 3907,
        TS_RANGE => 3909,
        TSTZ_RANGE => 3911,
        DATE_RANGE => 3913,
        INT8_RANGE => 3927,
        _ => INFERRED,
    }
}
