use expect_test::expect;
use orm_query::schema::{
    CheckDef, Counter, Deferrable, ForeignKeyDef, IdentityDef, IndexDef, ReferentialAction, UniqueDef,
};
use orm_query::tree::{CreateIndex, CreateTable, DropTable, SetComment};

use super::*;

fn names(names: &[&'static str]) -> std::borrow::Cow<'static, [Name]> {
    names.iter().map(|n| Name::Borrowed(n)).collect::<Vec<_>>().into()
}

fn create(name: &'static str, columns: Vec<ColumnDef>) -> CreateTable {
    let table = TableDef::new(name.into(), columns.into());
    CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false }
}

fn id() -> ColumnDef {
    ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement()
}

#[test]
fn a_generated_key_is_the_rowid() {
    let name = ColumnDef::new("name", DataType::Text).length(30);
    let fullname = ColumnDef::new("fullname", DataType::Text).nullable(true);
    check(
        CreateTable { if_not_exists: true, ..create("user_account", vec![id(), name, fullname]) },
        expect![
            "CREATE TABLE IF NOT EXISTS user_account (id INTEGER NOT NULL, name VARCHAR(30) NOT NULL, fullname TEXT, PRIMARY KEY (id))"
        ],
    );
    check(
        create("t", vec![ColumnDef::new("id", DataType::BigInt).primary_key()]),
        expect!["CREATE TABLE t (id BIGINT NOT NULL, PRIMARY KEY (id))"],
    );
    check(
        create("t", vec![ColumnDef::new("id", DataType::Integer).primary_key()]),
        expect!["CREATE TABLE t (id INT NOT NULL, PRIMARY KEY (id))"],
    );
    check(
        create("t", vec![ColumnDef::new("id", DataType::UnsignedBigInt).primary_key().autoincrement()]),
        expect!["CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))"],
    );
    let identity =
        |identity| create("t", vec![ColumnDef::new("id", DataType::BigInt).primary_key().identity(identity)]);
    check(
        identity(IdentityDef::by_default(Counter::new())),
        expect!["CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))"],
    );
    for options in [IdentityDef::by_default(Counter::new().start(10)), IdentityDef::always(Counter::new())] {
        check(
            identity(options),
            expect![
                "error: sqlite has no identity column with options; its numbers go up from 1 by 1, and it takes others too: say `or_autoincrement` if that will do"
            ],
        );
    }
    check(
        create("t", vec![id(), ColumnDef::new("b", DataType::Integer).primary_key()]),
        expect![
            "error: sqlite has no autoincrement column that is not the whole primary key; only a primary key of one column counts itself up"
        ],
    );
    check(
        create("t", vec![ColumnDef::new("a", DataType::Integer).autoincrement()]),
        expect![
            "error: sqlite has no autoincrement column that is not the whole primary key; only a primary key of one column counts itself up"
        ],
    );
    check(
        create("t", vec![ColumnDef::new("a", DataType::Text).primary_key().autoincrement()]),
        expect!["error: sqlite has no autoincrement column that is no integer"],
    );
}

#[test]
fn enums_are_checked() {
    check(
        create("t", vec![ColumnDef::new("Color", enum_of(&["red", "it's"]))]),
        expect![[r#"CREATE TABLE t ("Color" VARCHAR(4) NOT NULL CHECK ("Color" IN ('red', 'it''s')))"#]],
    );
    check(
        create("t", vec![ColumnDef::new("c", enum_of(&[]))]),
        expect!["error: this statement cannot be compiled: the enum `color` has no values"],
    );
}

#[test]
fn defaults() {
    let columns = [
        "5",
        "-1.5",
        "'it''s'",
        "''",
        "NULL",
        "true",
        "CURRENT_DATE",
        "(1 + 2)",
        "(1) + (2)",
        "lower('X')",
        "'a' || 'b'",
        "1 + 1",
        "x'00'",
        "(')')",
        "1e3",
    ];
    let columns = columns.map(|sql| ColumnDef::new("a", DataType::Text).nullable(true).server_default(sql));
    check(
        create("t", columns.into()),
        expect![
            "CREATE TABLE t (a TEXT DEFAULT 5, a TEXT DEFAULT -1.5, a TEXT DEFAULT 'it''s', a TEXT DEFAULT '', a TEXT DEFAULT NULL, a TEXT DEFAULT true, a TEXT DEFAULT CURRENT_DATE, a TEXT DEFAULT (1 + 2), a TEXT DEFAULT ((1) + (2)), a TEXT DEFAULT (lower('X')), a TEXT DEFAULT ('a' || 'b'), a TEXT DEFAULT (1 + 1), a TEXT DEFAULT (x'00'), a TEXT DEFAULT (')'), a TEXT DEFAULT (1e3))"
        ],
    );
    let clock = |data_type| ColumnDef::new("a", data_type).server_default("current_timestamp");
    check(
        create("t", vec![clock(DataType::Timestamp), clock(DataType::TimestampTz), clock(DataType::Text)]),
        expect![
            "CREATE TABLE t (a DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL, a TIMESTAMP DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) NOT NULL, a TEXT DEFAULT current_timestamp NOT NULL)"
        ],
    );
    check(
        create("t", vec![ColumnDef::new("a", DataType::Text).server_default(" ")]),
        expect![
            "error: this statement cannot be compiled: the default of `a` is empty; an empty text is `''`"
        ],
    );
    check(
        create("t", vec![ColumnDef::new("a", DataType::Text).server_default("?")]),
        expect![
            "error: this statement cannot be compiled: the SQL text `?` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
}

#[test]
fn defaults_of_numbers_that_are_text() {
    let number = |sql| ColumnDef::new("a", DataType::NUMERIC).server_default(sql);
    let unsigned = ColumnDef::new("a", DataType::UnsignedBigInt).server_default("18446744073709551615");
    check(
        create("t", vec![number("-1.50"), number("1 + 1"), number("NULL"), unsigned]),
        expect![
            "CREATE TABLE t (a DECIMAL_TEXT COLLATE decimal DEFAULT '-1.50' NOT NULL, a DECIMAL_TEXT COLLATE decimal DEFAULT (1 + 1) NOT NULL, a DECIMAL_TEXT COLLATE decimal DEFAULT NULL NOT NULL, a UNSIGNED_TEXT(20) COLLATE decimal DEFAULT '18446744073709551615' NOT NULL)"
        ],
    );
}

#[test]
fn collations() {
    check(
        create("t", vec![ColumnDef::new("a", DataType::Text).collation("NOCASE").server_default("'x'")]),
        expect![[r#"CREATE TABLE t (a TEXT COLLATE "NOCASE" DEFAULT 'x' NOT NULL)"#]],
    );
    check(
        create("t", vec![ColumnDef::new("a", DataType::NUMERIC).collation("binary")]),
        expect!["error: this statement cannot be compiled: the column `a` is a number and has no collation"],
    );
}

#[test]
fn comments_are_left_out() {
    let mut table =
        TableDef::new("t".into(), vec![ColumnDef::new("a", DataType::Text).comment("why")].into());
    table.comment = Some("what".into());
    check(
        CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false },
        expect!["CREATE TABLE t (a TEXT NOT NULL)"],
    );
    check(
        SetComment { table: named("t"), column: None, comment: Some("what".into()), definition: None },
        expect!["error: sqlite has no COMMENT ON"],
    );
}

#[test]
fn computed() {
    check(
        create("t", vec![ColumnDef::new("a", DataType::Integer).computed("b + 1")]),
        expect!["CREATE TABLE t (a INTEGER NOT NULL GENERATED ALWAYS AS (b + 1) STORED)"],
    );
    check(
        create("t", vec![ColumnDef::new("a", DataType::Integer).nullable(true).computed_virtual("b + 1")]),
        expect!["CREATE TABLE t (a INTEGER GENERATED ALWAYS AS (b + 1) VIRTUAL)"],
    );
    check(
        create("t", vec![ColumnDef::new("a", DataType::Integer).computed("b").server_default("1")]),
        expect!["error: this statement cannot be compiled: the computed column `a` has a default"],
    );
}

#[test]
fn constraints() {
    let column = |name| ColumnDef::new(name, DataType::Integer);
    let mut key = ForeignKeyDef::new(names(&["b"]), "u".into(), names(&["id"]));
    key.on_delete = Some(ReferentialAction::Cascade);
    key.on_update = Some(ReferentialAction::SetNull);
    let mut pair = ForeignKeyDef::new(names(&["a", "b"]), "Group".into(), names(&["x", "y"]));
    pair.name = Some("fk_pair".into());
    pair.deferrable = Some(Deferrable::InitiallyDeferred);
    let mut table =
        TableDef::new("t".into(), vec![column("a").primary_key(), column("b").primary_key()].into());
    table.primary_key_name = Some("pk_t".into());
    table.uniques =
        vec![UniqueDef::new(None, names(&["a"])), UniqueDef::new(Some("uq".into()), names(&["a", "Order"]))]
            .into();
    table.checks =
        vec![CheckDef::new(Some("positive".into()), "a > 0".into()), CheckDef::new(None, "b > a".into())]
            .into();
    table.foreign_keys = vec![key, pair].into();
    check(
        CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false },
        expect![[
            r#"CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, CONSTRAINT pk_t PRIMARY KEY (a, b), UNIQUE (a), CONSTRAINT uq UNIQUE (a, "Order"), CONSTRAINT positive CHECK (a > 0), CHECK (b > a), FOREIGN KEY(b) REFERENCES u (id) ON DELETE CASCADE ON UPDATE SET NULL, CONSTRAINT fk_pair FOREIGN KEY(a, b) REFERENCES "Group" (x, y) DEFERRABLE INITIALLY DEFERRED)"#
        ]],
    );
}

#[test]
fn constraints_that_sqlite_takes_and_does_not_keep() {
    let with = |change: fn(&mut TableDef)| {
        let mut table = TableDef::new("t".into(), vec![ColumnDef::new("a", DataType::Integer)].into());
        change(&mut table);
        CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false }
    };
    check(
        with(|table| {
            let key = ForeignKeyDef::new(names(&["a"]), "u".into(), names(&["id"])).match_full();
            table.foreign_keys = vec![key].into();
        }),
        expect!["error: sqlite has no MATCH FULL"],
    );
    check(
        with(|table| {
            let unique = UniqueDef::new(None, names(&["a"])).deferrable(Deferrable::InitiallyDeferred);
            table.uniques = vec![unique].into();
        }),
        expect!["error: sqlite has no DEFERRABLE UNIQUE constraint"],
    );
    check(
        with(|table| table.uniques = vec![UniqueDef::new(None, names(&["a"])).nulls_not_distinct()].into()),
        expect!["error: sqlite has no NULLS NOT DISTINCT"],
    );
}

#[test]
fn schemas() {
    let with = |schema: Option<&'static str>| {
        let mut key = ForeignKeyDef::new(names(&["a"]), "u".into(), names(&["id"]));
        key.target_schema = schema.map(Name::Borrowed);
        let mut table = TableDef::new("t".into(), vec![ColumnDef::new("a", DataType::Integer)].into());
        table.schema = Some("aux".into());
        table.foreign_keys = vec![key].into();
        CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false }
    };
    check(
        with(Some("aux")),
        expect!["CREATE TABLE aux.t (a INTEGER NOT NULL, FOREIGN KEY(a) REFERENCES u (id))"],
    );
    check(with(None), expect!["CREATE TABLE aux.t (a INTEGER NOT NULL, FOREIGN KEY(a) REFERENCES u (id))"]);
    check(with(Some("other")), expect!["error: sqlite has no foreign key into another schema"]);
    let index = IndexDef::over(["a", "b"]);
    let table = TableRef { schema: Some("aux".into()), ..named("t") };
    check(
        CreateIndex { table: table.clone(), index, if_not_exists: false },
        expect!["CREATE INDEX aux.ix_t_a_b ON t (a, b)"],
    );
    check(DropTable { table, if_exists: true, cascade: false }, expect!["DROP TABLE IF EXISTS aux.t"]);
}

#[test]
fn what_makes_no_sense() {
    check(create("t", vec![]), expect!["error: sqlite has no table without columns"]);
    let mut table = TableDef::new("t".into(), vec![ColumnDef::new("a", DataType::Integer)].into());
    table.foreign_keys = vec![ForeignKeyDef::new(names(&["a"]), "u".into(), names(&["x", "y"]))].into();
    check(
        CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false },
        expect![
            "error: this statement cannot be compiled: a foreign key of `t` has 1 column(s) and references 2"
        ],
    );
}

#[test]
fn drop() {
    check(
        DropTable { table: named("Order"), if_exists: false, cascade: false },
        expect![[r#"DROP TABLE "Order""#]],
    );
}
