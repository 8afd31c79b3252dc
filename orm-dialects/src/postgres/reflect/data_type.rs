use orm_query::{DataType, EnumType, RangeType};

/// The type that `format_type` names.
pub(super) fn data_type(format: &str, enum_type: Option<&EnumType>) -> DataType {
    if let Some(element) = format.strip_suffix("[]") {
        return DataType::Array(data_type(element, enum_type).into());
    }
    if let Some(e) = enum_type {
        return DataType::Enum(e.clone());
    }
    let (name, numbers) = split(format);
    match (&*name, &*numbers) {
        ("boolean", []) => DataType::Boolean,
        ("smallint", []) => DataType::SmallInt,
        ("integer", []) => DataType::Integer,
        ("bigint", []) => DataType::BigInt,
        ("real", []) => DataType::Real,
        ("double precision", []) => DataType::Double,
        ("numeric", []) => DataType::NUMERIC,
        ("numeric", [precision, scale]) => match (u8::try_from(*precision), u8::try_from(*scale)) {
            (Ok(precision), Ok(scale)) => {
                DataType::Numeric { precision: Some(precision), scale: Some(scale) }
            }
            _ => other(format),
        },
        ("text" | "character varying", []) => DataType::Text,
        ("character varying", [n]) => match u32::try_from(*n) {
            Ok(n) => DataType::Varchar(n),
            Err(_) => other(format),
        },
        ("bytea", []) => DataType::Bytes,
        ("date", []) => DataType::Date,
        ("time without time zone", _) => DataType::Time,
        ("timestamp without time zone", _) => DataType::Timestamp,
        ("timestamp with time zone", _) => DataType::TimestampTz,
        ("uuid", []) => DataType::Uuid,
        ("json", []) => DataType::Json,
        ("jsonb", []) => DataType::Jsonb,
        ("interval", _) => DataType::Interval,
        ("hstore", []) => DataType::Hstore,
        ("inet", []) => DataType::Inet,
        ("cidr", []) => DataType::Cidr,
        ("bit", [n]) => match u32::try_from(*n) {
            Ok(n) => DataType::Bit(n),
            Err(_) => other(format),
        },
        ("bit varying", []) => DataType::BitVarying(None),
        ("bit varying", [n]) => DataType::BitVarying(u32::try_from(*n).ok()),
        ("int4range", []) => DataType::Range(RangeType::Integer),
        ("int8range", []) => DataType::Range(RangeType::BigInt),
        ("numrange", []) => DataType::Range(RangeType::Numeric),
        ("daterange", []) => DataType::Range(RangeType::Date),
        ("tsrange", []) => DataType::Range(RangeType::Timestamp),
        ("tstzrange", []) => DataType::Range(RangeType::TimestampTz),
        _ => other(format),
    }
}

fn other(format: &str) -> DataType {
    DataType::Other(format.to_owned().into())
}

/// The name without what stands in parentheses, which is in the middle of `timestamp(3) without time zone`.
fn split(format: &str) -> (String, Vec<i64>) {
    let parts = format.split_once('(').and_then(|(before, rest)| {
        let (inside, after) = rest.split_once(')')?;
        let numbers: Result<Vec<i64>, _> = inside.split(',').map(|n| n.trim().parse()).collect();
        Some((format!("{before}{after}"), numbers.ok()?))
    });
    parts.unwrap_or_else(|| (format.to_owned(), Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_types() {
        let check = |format, expected: DataType| assert_eq!(data_type(format, None), expected, "{format}");
        check("character varying(20)", DataType::Varchar(20));
        check("character varying", DataType::Text);
        check("numeric(10,2)", DataType::Numeric { precision: Some(10), scale: Some(2) });
        check("numeric(1000,0)", DataType::Other("numeric(1000,0)".into()));
        check("numeric(3,-2)", DataType::Other("numeric(3,-2)".into()));
        check("timestamp(3) without time zone", DataType::Timestamp);
        check("time with time zone", DataType::Other("time with time zone".into()));
        check("interval day to second(3)", DataType::Other("interval day to second(3)".into()));
        check("character(3)", DataType::Other("character(3)".into()));
        check("\"char\"", DataType::Other("\"char\"".into()));
        check("integer[]", DataType::Array(DataType::Integer.into()));
        check("bit(8)", DataType::Bit(8));
        check("geometry(Point,4326)", DataType::Other("geometry(Point,4326)".into()));
        let mood = EnumType::new("mood".into(), vec!["good".into()].into());
        let array = DataType::Array(DataType::Enum(mood.clone()).into());
        assert_eq!(data_type("mood[]", Some(&mood)), array);
    }
}
