//! One value as the server sent it, read by its type.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_query::{BitString, DataType, Hstore, Inet, Interval, Range, RangeType, Value};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::bytes::{Bytes, exactly};
use super::{Read, Reason, TRUNCATED, array, hstore, moment, network, numeric, oid, range};

/// What the bytes of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Bool,
    Int2,
    Int4,
    Int8,
    /// The number of something in the catalog.
    Oid,
    Float4,
    Float8,
    Numeric,
    Text,
    Bytea,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
    Json,
    Jsonb,
    Interval,
    Inet,
    Cidr,
    Bit,
    VarBit,
    Hstore,
    Range(RangeType),
    Array,
    /// An array whose indexes count from 0.
    Vector,
    /// A type whose bytes only the server can read.
    Unknown,
}

/// The bytes of a value that is not NULL.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Datum<'a> {
    pub(in super::super) kind: Kind,
    pub(in super::super) bytes: &'a [u8],
}

impl Kind {
    /// The kind of a type of PostgreSQL's own.
    pub(in super::super) fn of_number(number: u32) -> Kind {
        match number {
            oid::BOOL => Kind::Bool,
            oid::INT2 => Kind::Int2,
            oid::INT4 => Kind::Int4,
            oid::INT8 => Kind::Int8,
            oid::OID | oid::XID | oid::CID | oid::REGCLASS | oid::REGTYPE => Kind::Oid,
            oid::FLOAT4 => Kind::Float4,
            oid::FLOAT8 => Kind::Float8,
            oid::NUMERIC => Kind::Numeric,
            oid::TEXT | oid::VARCHAR | oid::BPCHAR | oid::NAME | oid::CHAR => Kind::Text,
            oid::UNKNOWN | oid::XML | oid::REFCURSOR | oid::CSTRING | oid::VOID => Kind::Text,
            oid::BYTEA => Kind::Bytea,
            oid::DATE => Kind::Date,
            oid::TIME => Kind::Time,
            oid::TIMESTAMP => Kind::Timestamp,
            oid::TIMESTAMP_TZ => Kind::TimestampTz,
            oid::UUID => Kind::Uuid,
            oid::JSON => Kind::Json,
            oid::JSONB => Kind::Jsonb,
            oid::INTERVAL => Kind::Interval,
            oid::INET => Kind::Inet,
            oid::CIDR => Kind::Cidr,
            oid::BIT => Kind::Bit,
            oid::VARBIT => Kind::VarBit,
            oid::INT2_VECTOR | oid::OID_VECTOR => Kind::Vector,
            oid::INT4_RANGE => Kind::Range(RangeType::Integer),
            oid::INT8_RANGE => Kind::Range(RangeType::BigInt),
            oid::NUM_RANGE => Kind::Range(RangeType::Numeric),
            oid::DATE_RANGE => Kind::Range(RangeType::Date),
            oid::TS_RANGE => Kind::Range(RangeType::Timestamp),
            oid::TSTZ_RANGE => Kind::Range(RangeType::TimestampTz),
            _ => Kind::Unknown,
        }
    }

    /// The type of such a value, where its kind alone tells.
    pub(in super::super) fn data_type(self) -> Option<DataType> {
        Some(match self {
            Kind::Bool => DataType::Boolean,
            Kind::Int2 => DataType::SmallInt,
            Kind::Int4 => DataType::Integer,
            Kind::Int8 | Kind::Oid => DataType::BigInt,
            Kind::Float4 => DataType::Real,
            Kind::Float8 => DataType::Double,
            Kind::Numeric => DataType::NUMERIC,
            Kind::Text => DataType::Text,
            Kind::Bytea => DataType::Bytes,
            Kind::Date => DataType::Date,
            Kind::Time => DataType::Time,
            Kind::Timestamp => DataType::Timestamp,
            Kind::TimestampTz => DataType::TimestampTz,
            Kind::Uuid => DataType::Uuid,
            Kind::Json => DataType::Json,
            Kind::Jsonb => DataType::Jsonb,
            Kind::Interval => DataType::Interval,
            Kind::Inet => DataType::Inet,
            Kind::Cidr => DataType::Cidr,
            Kind::Bit | Kind::VarBit => DataType::BitVarying(None),
            Kind::Hstore => DataType::Hstore,
            Kind::Range(range) => DataType::Range(range),
            Kind::Vector => DataType::Array(DataType::BigInt.into()),
            Kind::Array | Kind::Unknown => return None,
        })
    }
}

/// The error of a value that is of another type; the reader of the row says which one.
pub(in super::super) const MISMATCH: Reason = Cow::Borrowed("");

impl<'a> Datum<'a> {
    #[inline]
    pub(in super::super) fn bool(self) -> Read<bool> {
        match (self.kind, self.bytes) {
            (Kind::Bool, [byte]) => Ok(*byte != 0),
            (Kind::Bool, _) => Err(TRUNCATED),
            _ => Err(MISMATCH),
        }
    }

    #[inline]
    pub(in super::super) fn i64(self) -> Read<i64> {
        match self.kind {
            Kind::Int8 => exactly(self.bytes).map(i64::from_be_bytes),
            Kind::Int4 => exactly(self.bytes).map(|bytes| i32::from_be_bytes(bytes).into()),
            Kind::Int2 => exactly(self.bytes).map(|bytes| i16::from_be_bytes(bytes).into()),
            Kind::Oid => exactly(self.bytes).map(|bytes| u32::from_be_bytes(bytes).into()),
            // The sum of BIGINT is NUMERIC.
            Kind::Numeric => out_of_range(numeric::read_integer(self.bytes)?),
            _ => Err(MISMATCH),
        }
    }

    pub(in super::super) fn u64(self) -> Read<u64> {
        match self.kind {
            Kind::Numeric => out_of_range(numeric::read_integer(self.bytes)?),
            _ => out_of_range(self.i64()?.into()),
        }
    }

    #[inline]
    pub(in super::super) fn f32(self) -> Read<f32> {
        match self.kind {
            Kind::Float4 => exactly(self.bytes).map(f32::from_be_bytes),
            Kind::Float8 => {
                let double = exactly(self.bytes).map(f64::from_be_bytes)?;
                let float = double as f32;
                if f64::from(float) == double || double.is_nan() {
                    Ok(float)
                } else {
                    Err("a 32-bit float would lose digits".into())
                }
            }
            _ => Err(MISMATCH),
        }
    }

    #[inline]
    pub(in super::super) fn f64(self) -> Read<f64> {
        match self.kind {
            Kind::Float8 => exactly(self.bytes).map(f64::from_be_bytes),
            Kind::Float4 => exactly(self.bytes).map(|bytes| f32::from_be_bytes(bytes).into()),
            Kind::Int2 => self.i64().map(|v| v as f64),
            Kind::Int4 => self.i64().map(|v| v as f64),
            Kind::Numeric => numeric::read_double(self.bytes),
            _ => Err(MISMATCH),
        }
    }

    pub(in super::super) fn decimal(self) -> Read<Decimal> {
        match self.kind {
            Kind::Numeric => numeric::read(self.bytes),
            Kind::Int2 | Kind::Int4 | Kind::Int8 => self.i64().map(Decimal::from),
            _ => Err(MISMATCH),
        }
    }

    #[inline]
    pub(in super::super) fn text(self) -> Read<&'a str> {
        match self.kind {
            Kind::Text => std::str::from_utf8(self.bytes).map_err(|_| "it is not UTF-8".into()),
            _ => Err(MISMATCH),
        }
    }

    pub(in super::super) fn bytes(self) -> Read<&'a [u8]> {
        if self.kind == Kind::Bytea { Ok(self.bytes) } else { Err(MISMATCH) }
    }

    pub(in super::super) fn date(self) -> Read<NaiveDate> {
        if self.kind == Kind::Date { moment::read_date(self.bytes) } else { Err(MISMATCH) }
    }

    pub(in super::super) fn time(self) -> Read<NaiveTime> {
        if self.kind == Kind::Time { moment::read_time(self.bytes) } else { Err(MISMATCH) }
    }

    pub(in super::super) fn datetime(self) -> Read<NaiveDateTime> {
        if self.kind == Kind::Timestamp { moment::read_datetime(self.bytes) } else { Err(MISMATCH) }
    }

    pub(in super::super) fn timestamp_tz(self) -> Read<DateTime<Utc>> {
        if self.kind == Kind::TimestampTz { moment::read_timestamp_tz(self.bytes) } else { Err(MISMATCH) }
    }

    pub(in super::super) fn uuid(self) -> Read<Uuid> {
        if self.kind == Kind::Uuid { exactly(self.bytes).map(Uuid::from_bytes) } else { Err(MISMATCH) }
    }

    pub(in super::super) fn json(self) -> Read<serde_json::Value> {
        let text = match (self.kind, self.bytes) {
            (Kind::Json, text) | (Kind::Jsonb, [1, text @ ..]) => text,
            (Kind::Jsonb, _) => return Err(TRUNCATED),
            _ => return Err(MISMATCH),
        };
        serde_json::from_slice(text).map_err(|error| error.to_string().into())
    }

    pub(in super::super) fn interval(self) -> Read<Interval> {
        if self.kind == Kind::Interval { moment::read_interval(self.bytes) } else { Err(MISMATCH) }
    }

    /// Reads an array; `own` is the kind of its elements, where the catalog had to be asked for it.
    pub(in super::super) fn array(self, own: Kind, element: &DataType) -> Read<Vec<Value>> {
        match self.kind {
            Kind::Array => array::read(self.bytes, own, element),
            Kind::Vector => array::read(self.bytes, Kind::Vector, element),
            _ => Err(MISMATCH),
        }
    }

    pub(in super::super) fn range(self, wanted: RangeType) -> Read<Range<Value>> {
        let Kind::Range(sent) = self.kind else { return Err(MISMATCH) };
        let kind = match sent {
            RangeType::Integer => Kind::Int4,
            RangeType::BigInt => Kind::Int8,
            RangeType::Numeric => Kind::Numeric,
            RangeType::Date => Kind::Date,
            RangeType::Timestamp => Kind::Timestamp,
            RangeType::TimestampTz => Kind::TimestampTz,
        };
        range::read(self.bytes, kind, &wanted.element())
    }

    pub(in super::super) fn hstore(self) -> Read<Hstore> {
        if self.kind == Kind::Hstore { hstore::read(self.bytes) } else { Err(MISMATCH) }
    }

    pub(in super::super) fn inet(self) -> Read<Inet> {
        if matches!(self.kind, Kind::Inet | Kind::Cidr) { network::read(self.bytes) } else { Err(MISMATCH) }
    }

    pub(in super::super) fn bits(self) -> Read<BitString> {
        if !matches!(self.kind, Kind::Bit | Kind::VarBit) {
            return Err(MISMATCH);
        }
        let mut rest = Bytes(self.bytes);
        let len = usize::try_from(rest.i32()?).map_err(|_| TRUNCATED)?;
        if rest.0.len() != len.div_ceil(8) {
            return Err(TRUNCATED);
        }
        Ok(BitString::from_bytes(rest.0, len))
    }

    /// Reads the value as one of `data_type`.
    pub(super) fn value(self, data_type: &DataType) -> Read<Value> {
        use DataType as T;
        let read = match data_type {
            T::Boolean => self.bool().map(Value::Bool),
            T::SmallInt => self.i64().and_then(|v| out_of_range(v.into())).map(Value::I16),
            T::Integer | T::UnsignedSmallInt => {
                self.i64().and_then(|v| out_of_range(v.into())).map(Value::I32)
            }
            T::BigInt | T::UnsignedInteger => self.i64().map(Value::I64),
            T::UnsignedBigInt => self.u64().map(Value::U64),
            T::Real => self.f32().map(Value::F32),
            T::Double => self.f64().map(Value::F64),
            T::Numeric { .. } => self.decimal().map(Value::Decimal),
            T::Text | T::Varchar(_) | T::Enum(_) | T::Other(_) => {
                self.text().map(|v| Value::Text(v.to_owned()))
            }
            T::Bytes => self.bytes().map(|v| Value::Bytes(v.to_owned())),
            T::Date => self.date().map(Value::Date),
            T::Time => self.time().map(Value::Time),
            T::Timestamp => self.datetime().map(Value::DateTime),
            T::TimestampTz => self.timestamp_tz().map(Value::TimestampTz),
            T::Uuid => self.uuid().map(Value::Uuid),
            T::Json | T::Jsonb => self.json().map(Value::Json),
            T::Interval => self.interval().map(Value::Interval),
            T::Array(element) => self.array(Kind::Unknown, element).map(Value::Array),
            T::Range(range) => self.range(*range).map(|range| Value::Range(Box::new(range))),
            T::Hstore => self.hstore().map(Value::Hstore),
            T::Inet | T::Cidr => self.inet().map(Value::Inet),
            T::Bit(_) | T::BitVarying(_) => self.bits().map(Value::Bits),
            _ => Err(MISMATCH),
        };
        // Inside of an array there is no column to name.
        read.map_err(
            |reason| if reason.is_empty() { format!("an element is no {data_type}").into() } else { reason },
        )
    }
}

fn out_of_range<T: TryFrom<i128>>(v: i128) -> Read<T> {
    T::try_from(v).map_err(|_| format!("{v} is out of range").into())
}

#[cfg(test)]
mod tests {
    use super::super::encode::encode;
    use super::*;

    const KINDS: &[Kind] = &[
        Kind::Bool,
        Kind::Int2,
        Kind::Int4,
        Kind::Int8,
        Kind::Oid,
        Kind::Float4,
        Kind::Float8,
        Kind::Numeric,
        Kind::Text,
        Kind::Bytea,
        Kind::Date,
        Kind::Time,
        Kind::Timestamp,
        Kind::TimestampTz,
        Kind::Uuid,
        Kind::Json,
        Kind::Jsonb,
        Kind::Interval,
        Kind::Inet,
        Kind::Cidr,
        Kind::Bit,
        Kind::VarBit,
        Kind::Hstore,
        Kind::Range(RangeType::Numeric),
        Kind::Range(RangeType::Date),
        Kind::Array,
        Kind::Vector,
        Kind::Unknown,
    ];

    const TYPES: &[DataType] = &[
        DataType::Boolean,
        DataType::SmallInt,
        DataType::Integer,
        DataType::BigInt,
        DataType::UnsignedBigInt,
        DataType::Real,
        DataType::Double,
        DataType::NUMERIC,
        DataType::Text,
        DataType::Bytes,
        DataType::Date,
        DataType::Time,
        DataType::Timestamp,
        DataType::TimestampTz,
        DataType::Uuid,
        DataType::Json,
        DataType::Interval,
        DataType::Hstore,
        DataType::Inet,
        DataType::Cidr,
        DataType::BitVarying(None),
        DataType::Range(RangeType::Numeric),
        DataType::Range(RangeType::Date),
    ];

    /// All that can be asked of it; none of it may panic.
    fn read_all(bytes: &[u8]) {
        for kind in KINDS {
            let datum = Datum { kind: *kind, bytes };
            for data_type in TYPES {
                _ = datum.value(data_type);
                _ = datum.array(Kind::Int4, data_type);
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..3_000 {
            let len = random() % 40;
            // Small numbers are more often lengths and counts that nearly fit.
            let bytes: Vec<u8> = (0..len)
                .map(|_| match random() % 4 {
                    0 => 0,
                    1 => 0xFF,
                    2 => (random() % 8) as u8,
                    _ => random() as u8,
                })
                .collect();
            read_all(&bytes);
        }
    }

    #[test]
    fn truncated_and_lengthened_values_are_errors() {
        let text = || Value::Text("ab".into());
        let values = [
            (Value::I32(1), DataType::Integer, Kind::Int4),
            (Value::Decimal("12345.678".parse().unwrap()), DataType::NUMERIC, Kind::Numeric),
            (Value::Inet("10.0.0.1/8".parse().unwrap()), DataType::Inet, Kind::Inet),
            (Value::Bits("10110".parse().unwrap()), DataType::BitVarying(None), Kind::VarBit),
            (Value::Interval(Interval::default()), DataType::Interval, Kind::Interval),
            (Value::Hstore([("a", "b".to_owned())].into_iter().collect()), DataType::Hstore, Kind::Hstore),
            (Value::Array(vec![text(), Value::Null]), DataType::Array(DataType::Text.into()), Kind::Array),
            (
                Value::Range(Box::new(Range::from(Value::I32(1)..Value::I32(2)))),
                DataType::Range(RangeType::Integer),
                Kind::Range(RangeType::Integer),
            ),
        ];
        for (value, data_type, kind) in values {
            let mut bytes = Vec::new();
            encode(&value, &data_type, &mut bytes).unwrap();
            assert_eq!(Datum { kind, bytes: &bytes }.value(&data_type), Ok(value));
            for end in 0..bytes.len() {
                assert!(Datum { kind, bytes: &bytes[..end] }.value(&data_type).is_err(), "{data_type} {end}");
                read_all(&bytes[..end]);
            }
            bytes.push(0);
            assert!(Datum { kind, bytes: &bytes }.value(&data_type).is_err(), "{data_type}");
        }
    }
}
