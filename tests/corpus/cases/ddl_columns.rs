use orm::schema::{CheckDef, Counter, ForeignKeyDef, IdentityDef, IndexColumn, IndexDef, UniqueDef};
use orm::types::{self, mysql};
use orm::{DataType, MetaData, options};

use crate::case::Case;
use crate::ddl::{col, create, create_all, created, id, int, key, names, table};

const TEXT: DataType = DataType::Varchar(5);

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::new("ddl_primary_key_autoincrement", create([id()])),
        Case::new("ddl_primary_key_bigint", create([key("id", DataType::BigInt).autoincrement()])),
        Case::new("ddl_primary_key_smallint", create([key("id", DataType::SmallInt).autoincrement()])),
        Case::new("ddl_primary_key_no_autoincrement", create([key("id", DataType::Integer)])),
        Case::new("ddl_primary_key_string", create([key("code", TEXT)])),
        Case::new(
            "ddl_primary_key_composite_autoincrement",
            create([key("a", DataType::Integer).autoincrement(), key("b", DataType::Integer)]),
        ),
        Case::new("ddl_primary_key_not_first", create([col("x", TEXT), id()])),
        Case::new("ddl_primary_key_is_foreign_key", {
            let mut child = table("child", [key("id", DataType::Integer)]);
            let reference = ForeignKeyDef::new(names(&["id"]), "t".into(), names(&["id"]));
            child.foreign_keys = vec![reference].into();
            created(child)
        }),
        Case::new(
            "ddl_server_default_string",
            create([
                col("a", DataType::Varchar(20)).server_default("'it''s'"),
                int("b").server_default("'5'"),
            ]),
        ),
        Case::new(
            "ddl_server_default_text",
            create([
                col("a", types::datetime(None)).server_default("CURRENT_TIMESTAMP"),
                int("b").server_default("1 + 1"),
            ]),
        ),
        Case::new(
            "ddl_server_default_function",
            create([col("a", types::datetime(None)).server_default("now()")]),
        ),
    ];
    cases.extend(generated());
    cases.extend(others());
    cases
}

/// What the database counts up or computes.
fn generated() -> [Case; 8] {
    let identity = |data_type, identity: IdentityDef| {
        create([key("id", data_type).identity(identity.or_autoincrement())])
    };
    [
        Case::new(
            "ddl_identity_always_options",
            identity(DataType::Integer, IdentityDef::always(Counter::new().start(42).increment(3))),
        ),
        Case::new(
            "ddl_identity_all_options",
            identity(
                DataType::Integer,
                IdentityDef::by_default(
                    Counter::new().start(1).increment(2).min_value(1).max_value(1000).cycle().cache(5),
                ),
            ),
        ),
        Case::new(
            "ddl_mssql_identity_options",
            identity(DataType::BigInt, IdentityDef::by_default(Counter::new().start(100).increment(10))),
        ),
        Case::new("ddl_computed_stored", create([int("a"), int("b").computed("a * 2")])),
        Case::new("ddl_computed_virtual", create([int("a"), int("b").computed_virtual("a * 2")])),
        Case::new("ddl_column_system_omitted", create([int("id"), int("xmin").system()])),
        Case::new(
            "ddl_sqlite_autoincrement",
            created(table("t", [id()]).option(options::sqlite::autoincrement())),
        ),
        Case::only(
            "ddl_mysql_on_update",
            &["mysql", "mariadb"],
            create([col("ts", mysql::timestamp(None))
                .server_default("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")]),
        ),
    ]
}

fn others() -> [Case; 5] {
    [
        Case::new("ddl_column_comment", create([int("a").comment("it's a comment")])),
        Case::compiled("ddl_comments_create_all", |dialect| {
            let table = table("t", [int("a").comment("col")]).comment("tab");
            create_all(&MetaData::new().with_table(table), dialect)
        }),
        Case::new("ddl_column_check_inline", create([int("a").check(CheckDef::new(None, "a > 0".into()))])),
        Case::compiled("ddl_column_index_create_all", |dialect| {
            let mut t = table("t", [int("a"), col("b", TEXT)]);
            let unique = vec![IndexColumn::new("b".into())];
            t.indexes = vec![IndexDef::over(["a"]), IndexDef::new(None, unique.into(), true)].into();
            create_all(&MetaData::new().with_table(t), dialect)
        }),
        Case::new("ddl_sqlite_on_conflict", {
            let a = int("a").nullable(false).option(options::sqlite::on_conflict_not_null("FAIL"));
            let mut t =
                table("t", [id(), a, int("b")]).option(options::sqlite::on_conflict_primary_key("REPLACE"));
            let unique = UniqueDef::new(None, names(&["b"])).option(options::sqlite::on_conflict("IGNORE"));
            t.uniques = vec![unique].into();
            created(t)
        }),
    ]
}
