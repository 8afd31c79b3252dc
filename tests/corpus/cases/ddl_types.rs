use orm::types::{self, mssql, mysql, oracle, postgres, sqlite};
use orm::{DataType, EnumType, MetaData, RangeType};

use crate::case::Case;
use crate::ddl::{col, create, create_all, int, table};

fn choice(name: &'static str, values: &[&'static str]) -> EnumType {
    EnumType::new(name.into(), values.iter().map(|value| (*value).into()).collect::<Vec<_>>().into())
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::new(
            "ddl_type_integers",
            create([int("a"), col("b", DataType::SmallInt), col("c", DataType::BigInt)]),
        ),
        Case::new("ddl_type_nvarchar", create([col("a", types::nvarchar(Some(9)))])),
        Case::new("ddl_type_string_no_length", create([col("a", types::varchar(None))])),
        Case::new("ddl_type_text_length", create([col("a", types::text(Some(1000)))])),
        Case::new(
            "ddl_type_numerics",
            create([
                col("a", types::numeric(None, None)),
                col("b", types::numeric(Some(10), None)),
                col("c", types::numeric(Some(10), Some(2))),
                col("d", types::float(None)),
                col("f", types::double()),
                col("g", types::real()),
                col("h", types::decimal(Some(8), Some(3))),
            ]),
        ),
        Case::new(
            "ddl_type_float_precision",
            create([
                col("a", types::float(Some(24))),
                col("b", types::float(Some(53))),
                col("c", types::float(Some(53)).with_variant(oracle::float(126))),
            ]),
        ),
        Case::new(
            "ddl_type_temporal",
            create([
                col("a", DataType::Date),
                col("b", types::time(None)),
                col("c", types::datetime(None)),
                col("d", types::datetime_tz(None)),
                col("e", types::timestamp(None)),
                col("f", DataType::Interval),
            ]),
        ),
        Case::new("ddl_type_boolean", create([col("a", DataType::Boolean)])),
        Case::compiled("ddl_type_enum_create_all", |dialect| {
            let of = DataType::Enum(choice("my_enum", &["x", "y"]).without_check());
            create_all(&MetaData::new().with_table(table("t", [col("a", of)])), dialect)
        }),
        Case::new(
            "ddl_type_enum_python_class",
            create([col(
                "a",
                DataType::Enum(choice("status", &["ACTIVE", "PENDING", "DISABLED"]).without_check()),
            )]),
        ),
        Case::new(
            "ddl_type_enum_non_native_check",
            create([col("a", DataType::Enum(choice("e", &["x", "yy"]).as_text().check_name("e")))]),
        ),
        Case::new(
            "ddl_type_enum_non_native_length",
            create([col(
                "a",
                DataType::Enum(choice("e", &["x", "yy"]).as_text().without_check().length(40)),
            )]),
        ),
        Case::new("ddl_type_binary", create([col("a", types::blob(None)), col("b", types::blob(Some(100)))])),
        Case::new(
            "ddl_type_uuid",
            create([col("a", DataType::Uuid), col("b", types::char(32)), col("c", DataType::Uuid)]),
        ),
        Case::new("ddl_type_decorator", create([int("a"), col("b", DataType::Varchar(10))])),
    ];
    cases.extend(natives());
    cases
}

/// The types of single databases.
fn natives() -> [Case; 5] {
    [
        Case::only(
            "ddl_type_postgresql",
            &["postgresql"],
            create([
                col("a", DataType::Jsonb),
                col("b", DataType::Hstore),
                col("c", DataType::Array(DataType::Integer.into())),
                col("d", DataType::Array(DataType::Array(DataType::Text.into()).into())),
                col("e", DataType::Inet),
                col("f", DataType::Cidr),
                col("g", postgres::macaddr()),
                col("h", postgres::tsvector()),
                col("i", postgres::interval(Some(3))),
                col("j", postgres::interval_fields("DAY TO SECOND")),
                col("k", DataType::Bit(3)),
                col("l", DataType::BitVarying(Some(5))),
                col("m", DataType::Range(RangeType::Integer)),
                col("n", postgres::int8multirange()),
                col("o", DataType::Range(RangeType::TimestampTz)),
                col("p", postgres::citext()),
                col("q", postgres::money()),
                col("r", postgres::oid()),
                col("s", postgres::regclass()),
                col("t", DataType::Bytes),
                col("u", types::timestamp_tz(Some(2))),
                col("v", postgres::time_tz()),
                col("w", DataType::Double),
                col("x", DataType::Range(RangeType::Numeric)),
                col("y", postgres::jsonpath()),
                col("z", postgres::tsquery()),
            ]),
        ),
        Case::only(
            "ddl_type_mysql",
            &["mysql", "mariadb"],
            create([
                col("a", mysql::tinyint(Some(1))),
                col("b", mysql::integer(None).unsigned()),
                col("c", mysql::bigint(Some(20)).unsigned().zerofill()),
                col("d", mysql::mediumint(None)),
                col("e", mysql::double(10, 2)),
                col("f", mysql::year()),
                col("g", mysql::set(&["a", "b"])),
                col("h", mysql::enumeration(&["x", "y"]).charset("utf8mb4")),
                col("i", mysql::mediumtext()),
                col("j", mysql::longtext()),
                col("k", mysql::tinyblob()),
                col("l", mysql::varchar(10).charset("latin1").collate("latin1_bin")),
                col("m", mysql::datetime(Some(6))),
                col("n", mysql::timestamp(Some(3))),
                col("o", mysql::time(Some(2))),
                col("p", mysql::bit(4)),
                col("q", mysql::national_varchar(10)),
                col("r", mysql::longblob()),
            ]),
        ),
        Case::only(
            "ddl_type_sqlite_storage",
            &["sqlite"],
            create([col("a", sqlite::datetime()), col("b", sqlite::date()), col("c", sqlite::json())]),
        ),
        Case::only(
            "ddl_type_oracle",
            &["oracle"],
            create([
                col("a", oracle::number(Some(10), Some(2))),
                col("b", oracle::varchar2(20)),
                col("c", oracle::nvarchar2(20)),
                col("d", oracle::clob()),
                col("e", oracle::nclob()),
                col("f", oracle::binary_double()),
                col("g", oracle::binary_float()),
                col("h", oracle::raw(16)),
                col("i", oracle::date()),
                col("j", oracle::timestamp_tz(None)),
                col("k", oracle::interval_day_to_second(Some(3), None)),
                col("l", oracle::long()),
                col("m", oracle::float(53)),
                col("n", oracle::rowid()),
                col("o", oracle::timestamp_local(None)),
            ]),
        ),
        Case::only(
            "ddl_type_mssql",
            &["mssql"],
            create([
                col("a", mssql::tinyint()),
                col("b", mssql::bit()),
                col("c", mssql::money()),
                col("d", mssql::smallmoney()),
                col("e", mssql::datetime2(Some(3))),
                col("f", mssql::datetimeoffset(None)),
                col("g", mssql::smalldatetime()),
                col("h", mssql::time(Some(2))),
                col("i", mssql::uniqueidentifier()),
                col("j", mssql::ntext()),
                col("k", mssql::varbinary_max()),
                col("l", mssql::xml()),
                col("m", mssql::rowversion()),
                col("n", mssql::sql_variant()),
                col("o", mssql::image()),
                col("p", mssql::double_precision()),
            ]),
        ),
    ]
}
