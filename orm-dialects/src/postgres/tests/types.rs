use std::ops::Bound;

use chrono::{NaiveDate, NaiveTime};
use expect_test::expect;
use orm_query::tree::CreateTable;
use orm_query::{BitString, ElementType, Hstore, Interval, Range, RangeType};
use serde_json::json;

use super::*;
use crate::syntax::{Place, Syntax};

#[test]
fn declarations() {
    use DataType::*;
    let types = [
        Boolean,
        SmallInt,
        Integer,
        BigInt,
        UnsignedSmallInt,
        UnsignedInteger,
        UnsignedBigInt,
        Real,
        Double,
        DataType::NUMERIC,
        Numeric { precision: Some(10), scale: Some(2) },
        Numeric { precision: Some(5), scale: None },
        Text,
        Varchar(20),
        Bytes,
        Date,
        Time,
        Timestamp,
        TimestampTz,
        Uuid,
        Json,
        Jsonb,
        Interval,
        Array(ElementType::Owned(Box::new(Varchar(3)))),
        Range(RangeType::Integer),
        Range(RangeType::BigInt),
        Range(RangeType::Numeric),
        Range(RangeType::Date),
        Range(RangeType::Timestamp),
        Range(RangeType::TimestampTz),
        Hstore,
        Inet,
        Cidr,
        Bit(8),
        BitVarying(Some(8)),
        BitVarying(None),
        Other("tsvector".into()),
    ];
    let columns: Vec<ColumnDef> = types
        .into_iter()
        .enumerate()
        .map(|(n, t)| ColumnDef::named(format!("c{n}").into(), t).nullable(true))
        .collect();
    let table = std::borrow::Cow::Owned(TableDef::new("t".into(), columns.into()));
    check(
        CreateTable { table, if_not_exists: false },
        expect![
            "CREATE TABLE t (c0 BOOLEAN, c1 SMALLINT, c2 INTEGER, c3 BIGINT, c4 INTEGER, c5 BIGINT, c6 NUMERIC(20), c7 REAL, c8 DOUBLE PRECISION, c9 NUMERIC, c10 NUMERIC(10, 2), c11 NUMERIC, c12 TEXT, c13 VARCHAR(20), c14 BYTEA, c15 DATE, c16 TIME WITHOUT TIME ZONE, c17 TIMESTAMP WITHOUT TIME ZONE, c18 TIMESTAMP WITH TIME ZONE, c19 UUID, c20 JSON, c21 JSONB, c22 INTERVAL, c23 VARCHAR(3)[], c24 INT4RANGE, c25 INT8RANGE, c26 NUMRANGE, c27 DATERANGE, c28 TSRANGE, c29 TSTZRANGE, c30 HSTORE, c31 INET, c32 CIDR, c33 BIT(8), c34 BIT VARYING(8), c35 BIT VARYING, c36 tsvector)"
        ],
    );
}

#[test]
fn what_comes_back() {
    let reflected = |t: DataType| Postgres::default().reflected_type(&t);
    assert_eq!(reflected(DataType::UnsignedSmallInt), DataType::Integer);
    assert_eq!(reflected(DataType::UnsignedInteger), DataType::BigInt);
    assert_eq!(
        reflected(DataType::UnsignedBigInt),
        DataType::Numeric { precision: Some(20), scale: Some(0) }
    );
    assert_eq!(reflected(DataType::Numeric { precision: Some(5), scale: None }), DataType::NUMERIC);
    let DataType::Enum(color) = enum_of(&["red", "green"]) else { unreachable!() };
    assert_eq!(reflected(DataType::Enum(color.clone())), DataType::Enum(color.clone()));
    assert_eq!(reflected(DataType::Enum(color.as_text())), DataType::Varchar(5));
    let array = |t: DataType| DataType::Array(t.into());
    assert_eq!(reflected(array(DataType::UnsignedInteger)), array(DataType::BigInt));
}

#[track_caller]
fn stored(value: Value, data_type: DataType, fits: bool) {
    let result = Postgres::default().fits(&Bind::new(value, data_type), Place::Stored);
    assert_eq!(result.is_ok(), fits, "{result:?}");
}

#[track_caller]
fn compared(value: Value, data_type: DataType, fits: bool) {
    let result = Postgres::default().fits(&Bind::new(value, data_type), Place::Operand);
    assert_eq!(result.is_ok(), fits, "{result:?}");
}

#[test]
fn numbers() {
    use DataType::*;
    stored(Value::I64(i64::from(i16::MAX)), SmallInt, true);
    stored(Value::I64(32_768), SmallInt, false);
    compared(Value::I64(32_768), SmallInt, false);
    stored(Value::U64(1 << 63), BigInt, false);
    stored(Value::U64(u64::MAX), UnsignedBigInt, true);
    stored(Value::I64(-1), UnsignedBigInt, false);
    compared(Value::I64(-1), UnsignedBigInt, true);
    stored(Value::I32(65_536), UnsignedSmallInt, false);
    compared(Value::I32(65_536), UnsignedSmallInt, true);
    stored(Value::I64(1 << 32), UnsignedInteger, false);
    stored(Value::I64((1 << 53) + 1), Double, false);
    stored(Value::I32((1 << 24) + 1), Real, false);
    stored(Value::F64(f64::NAN), Double, true);
    stored(Value::F64(f64::INFINITY), Real, true);
    stored(Value::F64(0.1), Real, false);
    stored(Value::F32(0.1), Double, true);
    let price = || Numeric { precision: Some(5), scale: Some(2) };
    let decimal = |text: &str| Value::Decimal(text.parse().unwrap());
    stored(decimal("999.99"), price(), true);
    stored(decimal("1000"), price(), false);
    stored(decimal("0.001"), price(), false);
    compared(decimal("0.001"), price(), true);
    stored(Value::I64(1000), price(), false);
    stored(Value::F64(1.0), DataType::NUMERIC, false);
    stored(decimal("1"), Double, false);
}

#[test]
fn texts() {
    let text = |text: &str| Value::Text(text.into());
    stored(text("äöü"), DataType::Varchar(3), true);
    stored(text("äöüa"), DataType::Varchar(3), false);
    compared(text("äöüa"), DataType::Varchar(3), true);
    stored(text("a\0"), DataType::Text, false);
    compared(text("a\0"), DataType::Text, false);
    stored(text("red"), enum_of(&["red"]), true);
    stored(text("blue"), enum_of(&["red"]), false);
    compared(text("blue"), enum_of(&["red"]), false);
    let DataType::Enum(color) = enum_of(&["red"]) else { unreachable!() };
    compared(text("blue"), DataType::Enum(color.as_text()), true);
    stored(text("1"), DataType::Integer, false);
    stored(Value::Json(json!({"a\0": 1})), DataType::Json, true);
    stored(Value::Json(json!({"a\0": 1})), DataType::Jsonb, false);
    stored(Value::Json(json!([["\0"]])), DataType::Jsonb, false);
    stored(Value::Json(json!([["a", 1.5, null]])), DataType::Jsonb, true);
    let hstore = |value: Option<&str>| Value::Hstore([("k", value.map(String::from))].into_iter().collect());
    stored(hstore(None), DataType::Hstore, true);
    stored(hstore(Some("\0")), DataType::Hstore, false);
    stored(Value::Hstore(Hstore::default()), DataType::Jsonb, false);
}

#[test]
fn moments() {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    stored(Value::Date(day(-4713, 11, 24)), DataType::Date, true);
    stored(Value::Date(day(-4713, 11, 23)), DataType::Date, false);
    stored(Value::Date(NaiveDate::MAX), DataType::Date, true);
    let at = |d: NaiveDate, nanos| d.and_hms_nano_opt(23, 59, 59, nanos).unwrap();
    stored(Value::DateTime(at(NaiveDate::MAX, 999_999_000)), DataType::Timestamp, true);
    stored(Value::DateTime(at(day(-4713, 11, 23), 0)), DataType::Timestamp, false);
    stored(Value::TimestampTz(at(day(1, 1, 1), 1).and_utc()), DataType::TimestampTz, false);
    stored(Value::TimestampTz(at(day(1, 1, 1), 1_000_000_000).and_utc()), DataType::TimestampTz, false);
    stored(Value::Time(NaiveTime::MIN), DataType::Time, true);
    let interval = |n: i32, us| Value::Interval(Interval { months: n, days: n, microseconds: us });
    stored(interval(i32::MAX, 0), DataType::Interval, true);
    stored(interval(i32::MAX, i64::MAX), DataType::Interval, false);
}

#[test]
fn arrays_ranges_networks_and_bits() {
    let array = |t: DataType| DataType::Array(t.into());
    stored(Value::Array(vec![Value::I32(1), Value::Null]), array(DataType::Integer), true);
    stored(Value::Array(vec![Value::I64(1 << 40)]), array(DataType::Integer), false);
    let nested = || Value::Array(vec![Value::Array(vec![])]);
    stored(nested(), array(DataType::Integer), false);
    stored(nested(), array(array(DataType::Integer)), false);
    let range = |bound| Value::Range(Box::new(Range::Bounds(Bound::Included(bound), Bound::Unbounded)));
    stored(range(Value::I64(1 << 40)), DataType::Range(RangeType::BigInt), true);
    stored(range(Value::I64(1 << 40)), DataType::Range(RangeType::Integer), false);
    stored(range(Value::Null), DataType::Range(RangeType::Integer), false);
    stored(Value::Range(Box::new(Range::Empty)), DataType::Range(RangeType::Date), true);
    let inet = |text: &str| Value::Inet(text.parse().unwrap());
    stored(inet("10.0.0.1/8"), DataType::Inet, true);
    stored(inet("10.0.0.1/8"), DataType::Cidr, false);
    stored(inet("10.0.0.0/8"), DataType::Cidr, true);
    stored(inet("0.0.0.0/0"), DataType::Cidr, true);
    stored(inet("::1/0"), DataType::Cidr, false);
    stored(inet("2001:db8::/32"), DataType::Cidr, true);
    let bits = |text: &str| Value::Bits(text.parse::<BitString>().unwrap());
    stored(bits("101"), DataType::Bit(3), true);
    stored(bits("101"), DataType::Bit(4), false);
    compared(bits("101"), DataType::Bit(4), true);
    stored(bits("101"), DataType::BitVarying(Some(2)), false);
    stored(bits("101"), DataType::BitVarying(None), true);
}
