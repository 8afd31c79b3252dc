//! The type of a column out of the server's words for it.

use std::borrow::Cow;

use orm_query::{DataType, EnumType};

use super::expression;

/// What `column_type` says, such as `int(10) unsigned`. A type that is narrower than one of orm's is that one, and one
/// that orm does not know keeps its name.
pub(super) fn data_type(column_type: &str, collation: Option<&str>, has_uuid: bool) -> DataType {
    let lower = column_type.to_ascii_lowercase();
    let name = lower.split(['(', ' ']).next().unwrap_or_default();
    let arguments = lower.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
    let unsigned = lower.contains(" unsigned");
    let other = || DataType::Other(Cow::Owned(column_type.to_owned()));
    match (name, arguments) {
        ("tinyint", Some("1")) if !unsigned => DataType::Boolean,
        ("tinyint" | "smallint", _) if unsigned => DataType::UnsignedSmallInt,
        ("tinyint" | "smallint", _) => DataType::SmallInt,
        ("mediumint" | "int", _) if unsigned => DataType::UnsignedInteger,
        ("mediumint" | "int", _) => DataType::Integer,
        ("bigint", _) if unsigned => DataType::UnsignedBigInt,
        ("bigint", _) => DataType::BigInt,
        ("float", None) => DataType::Real,
        ("double", None) => DataType::Double,
        ("decimal", Some(digits)) => {
            let digits = digits.split_once(',').map(|(p, d)| (p.trim().parse(), d.trim().parse()));
            match digits {
                Some((Ok(p), Ok(d))) => DataType::Numeric { precision: Some(p), scale: Some(d) },
                _ => other(),
            }
        }
        ("varchar", Some(n)) => n.parse().map_or_else(|_| other(), DataType::Varchar),
        ("tinytext" | "text" | "mediumtext" | "longtext", _) => DataType::Text,
        ("tinyblob" | "blob" | "mediumblob" | "longblob" | "binary" | "varbinary", _) => DataType::Bytes,
        ("date", _) => DataType::Date,
        ("time", _) => DataType::Time,
        ("datetime", _) => DataType::Timestamp,
        ("timestamp", _) => DataType::TimestampTz,
        ("json", _) => DataType::Json,
        ("uuid", _) => DataType::Uuid,
        // So it is declared where there is no type for it.
        ("char", Some("36")) if collation == Some("utf8mb4_bin") && !has_uuid => DataType::Uuid,
        ("bit", Some(n)) => n.parse().map_or_else(|_| other(), DataType::Bit),
        ("enum", _) => {
            let values = expression::values(column_type).into_iter().map(Cow::Owned).collect();
            DataType::Enum(EnumType::new(Cow::Borrowed(""), values))
        }
        _ => other(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_by_their_names() {
        let check = |column_type: &str, expected: &str| {
            assert_eq!(data_type(column_type, None, true).to_string(), expected, "{column_type}");
        };
        check("tinyint(1)", "BOOLEAN");
        check("tinyint(4)", "SMALLINT");
        check("tinyint", "SMALLINT");
        check("tinyint(1) unsigned", "SMALLINT UNSIGNED");
        check("mediumint(8) unsigned zerofill", "INTEGER UNSIGNED");
        check("int", "INTEGER");
        check("bigint(20) unsigned", "BIGINT UNSIGNED");
        check("float", "REAL");
        check("float(7,3)", "float(7,3)");
        check("decimal(10,2)", "NUMERIC(10, 2)");
        check("varchar(20)", "VARCHAR(20)");
        check("char(2)", "char(2)");
        check("mediumtext", "TEXT");
        check("varbinary(16)", "BYTES");
        check("datetime(6)", "TIMESTAMP");
        check("timestamp", "TIMESTAMP WITH TIME ZONE");
        check("bit(3)", "BIT(3)");
        check("set('a','b')", "set('a','b')");
        check("year(4)", "year(4)");
        check("inet6", "inet6");
    }

    #[test]
    fn a_uuid_without_a_type_of_its_own() {
        assert_eq!(data_type("char(36)", Some("utf8mb4_bin"), false), DataType::Uuid);
        assert_ne!(data_type("char(36)", Some("utf8mb4_bin"), true), DataType::Uuid);
        assert_ne!(data_type("char(36)", Some("utf8mb4_general_ci"), false), DataType::Uuid);
    }

    #[test]
    fn an_enum_has_no_name() {
        let values = vec![Cow::Borrowed("A"), Cow::Borrowed("it's")];
        let expected = DataType::Enum(EnumType::new("".into(), values.into()));
        assert_eq!(data_type("enum('A','it''s')", None, true), expected);
    }
}
