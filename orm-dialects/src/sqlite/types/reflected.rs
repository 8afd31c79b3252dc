//! The type that a declared name stands for: the names that [`declared`](super::declared) gives, and those of other
//! programs.

use orm_query::DataType;

/// The type of a column that was declared so; [`Other`](DataType::Other) where nothing is known of it.
pub(in crate::sqlite) fn reflected(declared: &str) -> DataType {
    known(declared).unwrap_or_else(|| DataType::Other(declared.trim().to_owned().into()))
}

fn known(declared: &str) -> Option<DataType> {
    let (name, numbers) = parts(declared)?;
    let number = |position: usize| numbers.get(position).copied();
    let digits = |position| number(position).map(u8::try_from).transpose().ok();
    Some(match name.as_str() {
        "BOOLEAN" | "BOOL" => DataType::Boolean,
        "SMALLINT" | "TINYINT" | "INT2" => DataType::SmallInt,
        "INTEGER" | "INT" | "MEDIUMINT" | "INT4" => DataType::Integer,
        // What other programs call unsigned is an integer with a sign to SQLite.
        "BIGINT" | "INT8" | "UNSIGNED BIG INT" | "BIGINT UNSIGNED" | "UNSIGNED BIGINT" => DataType::BigInt,
        "SMALLINT UNSIGNED" | "UNSIGNED SMALLINT" => DataType::UnsignedSmallInt,
        "INTEGER UNSIGNED" | "INT UNSIGNED" | "UNSIGNED INTEGER" | "UNSIGNED INT" => {
            DataType::UnsignedInteger
        }
        "UNSIGNED_TEXT" => DataType::UnsignedBigInt,
        "FLOAT" => DataType::Real,
        "DOUBLE" | "DOUBLE PRECISION" | "REAL" => DataType::Double,
        "DECIMAL_TEXT" => DataType::Numeric { precision: digits(0)?, scale: digits(1)? },
        // A precision alone is a scale of 0 in SQL.
        "DECIMAL" | "DEC" | "NUMERIC" => {
            let precision = digits(0)?;
            DataType::Numeric { precision, scale: digits(1)?.or(precision.map(|_| 0)) }
        }
        "TEXT" | "CLOB" => DataType::Text,
        // SQLAlchemy's name, and ours, of a UUID.
        "CHAR" if number(0) == Some(32) => DataType::Uuid,
        "VARCHAR" | "CHARACTER VARYING" | "CHAR VARYING" | "VARYING CHARACTER" | "VARCHAR2" | "NVARCHAR"
        | "CHAR" | "CHARACTER" | "NCHAR" | "NATIVE CHARACTER" => {
            number(0).map_or(DataType::Text, DataType::Varchar)
        }
        "BLOB" | "BINARY" | "VARBINARY" | "BYTEA" => DataType::Bytes,
        "DATE" => DataType::Date,
        "TIME" => DataType::Time,
        "DATETIME" | "TIMESTAMP WITHOUT TIME ZONE" => DataType::Timestamp,
        "TIMESTAMP" | "TIMESTAMPTZ" | "TIMESTAMP WITH TIME ZONE" => DataType::TimestampTz,
        "DURATION_TEXT" => DataType::Interval,
        "UUID" => DataType::Uuid,
        "JSON_TEXT" | "JSON" => DataType::Json,
        "JSONB_TEXT" | "JSONB" => DataType::Jsonb,
        "BIT_TEXT" => DataType::Bit(number(0)?),
        "VARBIT_TEXT" => DataType::BitVarying(number(0)),
        _ => return None,
    })
}

/// The words in upper case, and the numbers between the parentheses behind them.
fn parts(declared: &str) -> Option<(String, Vec<u32>)> {
    let (words, numbers) = match declared.split_once('(') {
        Some((words, rest)) => {
            let numbers = rest.trim_end().strip_suffix(')')?;
            (words, numbers.split(',').map(|n| n.trim().parse()).collect::<Result<_, _>>().ok()?)
        }
        None => (declared, Vec::new()),
    };
    let words: Vec<String> = words.split_ascii_whitespace().map(str::to_ascii_uppercase).collect();
    Some((words.join(" "), numbers))
}

#[cfg(test)]
mod tests {
    use orm_query::EnumType;

    use super::super::declared;
    use super::*;

    fn back(data_type: &DataType) -> DataType {
        reflected(&declared(data_type).unwrap())
    }

    #[test]
    fn what_was_declared_comes_back() {
        use DataType::*;
        for data_type in [
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
            Numeric { precision: Some(5), scale: None },
            Numeric { precision: Some(10), scale: Some(2) },
            Text,
            Varchar(20),
            Bytes,
            Date,
            Time,
            Timestamp,
            TimestampTz,
            Interval,
            Uuid,
            Json,
            Jsonb,
            Bit(3),
            BitVarying(Some(9)),
            BitVarying(None),
            Other("POINT".into()),
            Other("".into()),
        ] {
            assert_eq!(back(&data_type), data_type);
        }
        let values: Vec<std::borrow::Cow<'static, str>> = vec!["a".into(), "béé".into()];
        assert_eq!(back(&Enum(EnumType::new("e".into(), values.into()))), Varchar(3));
    }

    #[test]
    fn the_names_of_others() {
        for (declared, data_type) in [
            ("int", DataType::Integer),
            ("Unsigned Big Int", DataType::BigInt),
            ("character  varying ( 70 )", DataType::Varchar(70)),
            ("char(36)", DataType::Varchar(36)),
            ("VARCHAR", DataType::Text),
            ("NUMERIC(10,2)", DataType::Numeric { precision: Some(10), scale: Some(2) }),
            ("decimal(4)", DataType::Numeric { precision: Some(4), scale: Some(0) }),
            ("numeric", DataType::NUMERIC),
            ("DATETIME(6)", DataType::Timestamp),
            ("timestamp with time zone", DataType::TimestampTz),
            ("REAL", DataType::Double),
            (" money ", DataType::Other("money".into())),
            ("VARCHAR(MAX)", DataType::Other("VARCHAR(MAX)".into())),
            ("NUMERIC(1000, 2)", DataType::Other("NUMERIC(1000, 2)".into())),
            ("ANY", DataType::Other("ANY".into())),
        ] {
            assert_eq!(reflected(declared), data_type, "{declared}");
        }
    }
}
