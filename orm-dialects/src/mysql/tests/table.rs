use std::borrow::Cow;

use expect_test::expect;
use orm_query::schema::{
    CheckDef, Counter, ForeignKeyDef, IdentityDef, IndexColumn, IndexDef, ReferentialAction, UniqueDef,
};
use orm_query::tree::CreateTable;

use super::*;

fn create(columns: Vec<ColumnDef>) -> CreateTable {
    of(TableDef::new("t".into(), columns.into()))
}

fn of(table: TableDef) -> CreateTable {
    CreateTable { table: Cow::Owned(table), if_not_exists: false }
}

fn column(data_type: DataType) -> ColumnDef {
    ColumnDef::new("a", data_type)
}

fn id() -> ColumnDef {
    ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement()
}

fn color(native: bool) -> DataType {
    let values = vec![Cow::Borrowed("red"), Cow::Borrowed(r"it's\")];
    let e = EnumType::new("color".into(), values.into());
    DataType::Enum(if native { e } else { e.as_text() })
}

#[test]
fn types() {
    let types = [
        DataType::Boolean,
        DataType::SmallInt,
        DataType::UnsignedInteger,
        DataType::UnsignedBigInt,
        DataType::Real,
        DataType::Double,
        DataType::NUMERIC,
        DataType::Numeric { precision: Some(10), scale: Some(2) },
        DataType::Numeric { precision: Some(10), scale: None },
        DataType::Text,
        DataType::Varchar(30),
        DataType::Bytes,
        DataType::Date,
        DataType::Time,
        DataType::Timestamp,
        DataType::TimestampTz,
        DataType::Uuid,
        DataType::Jsonb,
        color(true),
        DataType::Interval,
        DataType::Bit(3),
        DataType::Other("INET6".into()),
    ];
    check(
        create(types.map(column).into()),
        expect![[r#"
            mysql:   CREATE TABLE t (a BOOL NOT NULL, a SMALLINT NOT NULL, a INTEGER UNSIGNED NOT NULL, a BIGINT UNSIGNED NOT NULL, a FLOAT NOT NULL, a DOUBLE NOT NULL, a DECIMAL(65, 30) NOT NULL, a DECIMAL(10, 2) NOT NULL, a DECIMAL(65, 30) NOT NULL, a LONGTEXT NOT NULL, a VARCHAR(30) NOT NULL, a LONGBLOB NOT NULL, a DATE NOT NULL, a TIME(6) NOT NULL, a DATETIME(6) NOT NULL, a DATETIME(6) NOT NULL, a CHAR(36) COLLATE utf8mb4_bin NOT NULL, a JSON NOT NULL, a ENUM('red', 'it''s\') NOT NULL, a VARCHAR(64) NOT NULL, a BIT(3) NOT NULL, a INET6 NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
            mariadb: CREATE TABLE t (a BOOL NOT NULL, a SMALLINT NOT NULL, a INTEGER UNSIGNED NOT NULL, a BIGINT UNSIGNED NOT NULL, a FLOAT NOT NULL, a DOUBLE NOT NULL, a DECIMAL(65, 30) NOT NULL, a DECIMAL(10, 2) NOT NULL, a DECIMAL(65, 30) NOT NULL, a LONGTEXT NOT NULL, a VARCHAR(30) NOT NULL, a LONGBLOB NOT NULL, a DATE NOT NULL, a TIME(6) NOT NULL, a DATETIME(6) NOT NULL, a DATETIME(6) NOT NULL, a UUID NOT NULL, a JSON NOT NULL, a ENUM('red', 'it''s\') NOT NULL, a VARCHAR(64) NOT NULL, a BIT(3) NOT NULL, a INET6 NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
}

#[test]
fn types_that_are_not_there() {
    check(
        create(vec![column(DataType::Varchar(20_000))]),
        expect!["error: the database has no VARCHAR of more than 16383 characters; leave its length out"],
    );
    check(
        create(vec![column(DataType::Numeric { precision: Some(70), scale: Some(2) })]),
        expect![
            "error: the database has no DECIMAL of so many digits; at most 65 digits, and 30 of them after the point"
        ],
    );
    check(
        create(vec![column(DataType::Numeric { precision: Some(5), scale: Some(6) })]),
        expect![
            "error: the database has no DECIMAL of so many digits; at most 65 digits, and 30 of them after the point"
        ],
    );
    check(
        create(vec![column(DataType::Bit(65))]),
        expect!["error: the database has no BIT of no or of more than 64 bits"],
    );
    check(
        create(vec![column(DataType::BitVarying(None))]),
        expect!["error: the database has no BIT VARYING; use BIT(n), or bytes"],
    );
    check(
        create(vec![column(DataType::Array(DataType::Integer.into()))]),
        expect!["error: the database has no array type; use JSON"],
    );
    check(create(vec![column(DataType::Hstore)]), expect!["error: the database has no HSTORE; use JSON"]);
    check(create(vec![column(DataType::Inet)]), expect!["error: the database has no INET or CIDR; use text"]);
}

#[test]
fn every_part_of_a_column() {
    let name = ColumnDef::new("name", DataType::Varchar(30))
        .collation("utf8mb4_bin")
        .server_default("'it''s'")
        .comment(r"it's\");
    let kind = ColumnDef::new("kind", color(false)).nullable(true).comment("why");
    let mut table = TableDef::new("t".into(), vec![id(), name, kind].into());
    table.comment = Some("what's".into());
    check(
        of(table),
        expect![[
            r#"CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, name VARCHAR(30) COLLATE utf8mb4_bin NOT NULL COMMENT 'it''s\' DEFAULT 'it''s', kind VARCHAR(5) COMMENT 'why' CHECK (kind IN ('red', 'it''s\')), PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='what''s'"#
        ]],
    );
    check(
        create(vec![column(DataType::Other("timestamp".into())).nullable(true)]),
        expect!["CREATE TABLE t (a timestamp NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"],
    );
}

#[test]
fn computed_columns() {
    let sum = column(DataType::Integer).computed("b + 1").comment("sum");
    let halves = column(DataType::Integer).computed_virtual("b / 2").nullable(true);
    check(
        create(vec![sum, halves]),
        expect![[r#"
            mysql:   CREATE TABLE t (a INTEGER GENERATED ALWAYS AS (b + 1) STORED NOT NULL COMMENT 'sum', a INTEGER GENERATED ALWAYS AS (b / 2) VIRTUAL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
            mariadb: CREATE TABLE t (a INTEGER GENERATED ALWAYS AS (b + 1) STORED COMMENT 'sum', a INTEGER GENERATED ALWAYS AS (b / 2) VIRTUAL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
    check(
        create(vec![column(DataType::Integer).computed("b").server_default("1")]),
        expect!["error: this statement cannot be compiled: the computed column `a` has a default"],
    );
}

#[test]
fn keys_that_count_themselves_up() {
    check(
        create(vec![id()]),
        expect![
            "CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    check(
        create(vec![column(DataType::UnsignedInteger).primary_key(), id()]),
        expect![
            "error: the database has no autoincrement column that is no key; make it the first column of the primary key or of a UNIQUE constraint"
        ],
    );
    check(
        create(vec![column(DataType::Text).primary_key().autoincrement()]),
        expect![
            "error: the database has no key or index over a column without a length; give the text a length (`length = 255`), or the index that of a prefix"
        ],
    );
    check(
        create(vec![id().identity(IdentityDef::by_default(Counter::new()))]),
        expect![
            "CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    check(
        create(vec![id().identity(IdentityDef::always(Counter::new()))]),
        expect![
            "error: the database has no identity column with settings of its own; say `or_autoincrement` if AUTO_INCREMENT will do"
        ],
    );
    let mut table = TableDef::new("t".into(), vec![column(DataType::Integer).autoincrement()].into());
    table.uniques = vec![UniqueDef::new(None, names(&["a"]))].into();
    check(
        of(table),
        expect![
            "CREATE TABLE t (a INTEGER NOT NULL AUTO_INCREMENT, UNIQUE (a)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
}

#[test]
fn defaults() {
    let defaults = |data_type: DataType, list: &[&'static str]| {
        create(list.iter().map(|sql| column(data_type.clone()).nullable(true).server_default(sql)).collect())
    };
    check(
        defaults(DataType::Integer, &["5", "-1.5", "NULL", "true", "1 + 1", "(1)"]),
        expect![
            "CREATE TABLE t (a INTEGER DEFAULT 5, a INTEGER DEFAULT -1.5, a INTEGER DEFAULT NULL, a INTEGER DEFAULT true, a INTEGER DEFAULT (1 + 1), a INTEGER DEFAULT (1)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    check(
        defaults(DataType::Text, &["'x'", "NULL", "lower('X')"]),
        expect![[r#"
        mysql:   CREATE TABLE t (a LONGTEXT DEFAULT ('x'), a LONGTEXT DEFAULT NULL, a LONGTEXT DEFAULT (lower('X'))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        mariadb: CREATE TABLE t (a LONGTEXT DEFAULT 'x', a LONGTEXT DEFAULT NULL, a LONGTEXT DEFAULT (lower('X'))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
    let clock = ["now()", "CURRENT_TIMESTAMP", "current_timestamp(6)", "'2024-02-29 00:00:00'"];
    check(
        defaults(DataType::Timestamp, &clock),
        expect![
            "CREATE TABLE t (a DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6), a DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6), a DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6), a DATETIME(6) DEFAULT '2024-02-29 00:00:00') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    check(
        defaults(DataType::TimestampTz, &clock),
        expect![
            "CREATE TABLE t (a DATETIME(6) DEFAULT (UTC_TIMESTAMP(6)), a DATETIME(6) DEFAULT (UTC_TIMESTAMP(6)), a DATETIME(6) DEFAULT (UTC_TIMESTAMP(6)), a DATETIME(6) DEFAULT '2024-02-29 00:00:00') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    check(
        defaults(DataType::Timestamp, &["now() ON UPDATE now()", "NULL on update CURRENT_TIMESTAMP"]),
        expect![
            "CREATE TABLE t (a DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), a DATETIME(6) DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(6)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    check(
        defaults(DataType::Date, &["CURRENT_DATE", "curdate()"]),
        expect![
            "CREATE TABLE t (a DATE DEFAULT (CURRENT_DATE), a DATE DEFAULT (CURRENT_DATE)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    check(
        defaults(DataType::Time, &["current_time"]),
        expect!["CREATE TABLE t (a TIME(6) DEFAULT (CURRENT_TIME(6))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"],
    );
    check(
        defaults(DataType::Bit(3), &["b'101'"]),
        expect!["CREATE TABLE t (a BIT(3) DEFAULT b'101') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"],
    );
    check(
        defaults(DataType::Integer, &[" "]),
        expect![
            "error: this statement cannot be compiled: the default of `a` is empty; an empty text is `''`"
        ],
    );
}

#[test]
fn constraints() {
    let mut key = ForeignKeyDef::new(names(&["b"]), "u".into(), names(&["id"]));
    key.target_schema = Some("other".into());
    key.on_delete = Some(ReferentialAction::Cascade);
    key.on_update = Some(ReferentialAction::SetNull);
    let number = |name| ColumnDef::new(name, DataType::Integer);
    let mut table =
        TableDef::new("t".into(), vec![number("a").primary_key(), number("b").nullable(true)].into());
    table.schema = Some("some".into());
    table.primary_key_name = Some("pk_t".into());
    table.uniques = vec![UniqueDef::new(Some("uq".into()), names(&["a", "b"]))].into();
    table.checks = vec![CheckDef::new(Some("positive".into()), "a > 0".into())].into();
    table.foreign_keys = vec![key.clone()].into();
    check(
        of(table.clone()),
        expect![
            "CREATE TABLE some.t (a INTEGER NOT NULL, b INTEGER, CONSTRAINT pk_t PRIMARY KEY (a), CONSTRAINT uq UNIQUE (a, b), CONSTRAINT positive CHECK (a > 0), FOREIGN KEY(b) REFERENCES other.u (id) ON DELETE CASCADE ON UPDATE SET NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    key.on_delete = Some(ReferentialAction::SetDefault);
    table.foreign_keys = vec![key].into();
    check(of(table), expect!["error: the database has no SET DEFAULT of a foreign key"]);
}

#[test]
fn keys_of_text_need_a_length() {
    check(
        create(vec![column(DataType::Text).primary_key()]),
        expect![
            "error: the database has no key or index over a column without a length; give the text a length (`length = 255`), or the index that of a prefix"
        ],
    );
    check(
        create(vec![column(DataType::Varchar(255)).primary_key()]),
        expect![
            "CREATE TABLE t (a VARCHAR(255) NOT NULL, PRIMARY KEY (a)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        ],
    );
    let mut table = TableDef::new("t".into(), vec![column(DataType::Bytes)].into());
    table.indexes = vec![IndexDef::over(["a"])].into();
    check(
        of(table.clone()),
        expect![
            "error: the database has no key or index over a column without a length; give the text a length (`length = 255`), or the index that of a prefix"
        ],
    );
    table.indexes =
        vec![IndexDef::new(None, vec![IndexColumn::new("a".into()).length(10)].into(), false)].into();
    check(of(table), expect!["CREATE TABLE t (a LONGBLOB NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"]);
}

#[test]
fn what_an_older_server_would_read_and_forget() {
    let old = MySql::new(Flavor::MySql, (5, 7, 44));
    let said = |table: CreateTable| said(&old, &Statement::Ddl(Ddl::CreateTable(table)));
    expect!["error: the database has no CHECK; it came with MySQL 8.0.16"]
        .assert_eq(&said(create(vec![column(color(false))])));
    expect!["error: the database has no default that is no literal; it came with MySQL 8.0.13"]
        .assert_eq(&said(create(vec![column(DataType::Integer).server_default("1 + 1")])));
    expect!["CREATE TABLE t (a INTEGER NOT NULL DEFAULT 1) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"]
        .assert_eq(&said(create(vec![column(DataType::Integer).server_default("1")])));
}

#[test]
fn types_as_they_are_reflected() {
    let reflected = |data_type: DataType| MySql::mysql().reflected_type(&data_type);
    assert_eq!(reflected(DataType::NUMERIC), DataType::Numeric { precision: Some(65), scale: Some(30) });
    assert_eq!(reflected(DataType::TimestampTz), DataType::Timestamp);
    assert_eq!(reflected(DataType::Jsonb), DataType::Json);
    assert_eq!(reflected(DataType::Interval), DataType::Varchar(64));
    assert_eq!(reflected(color(false)), DataType::Varchar(5));
    let values = vec![Cow::Borrowed("red"), Cow::Borrowed(r"it's\")];
    assert_eq!(reflected(color(true)), DataType::Enum(EnumType::new("".into(), values.into())));
    assert_eq!(reflected(DataType::Uuid), DataType::Uuid);
}
