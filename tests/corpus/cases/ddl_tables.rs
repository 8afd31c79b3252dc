use std::borrow::Cow;

use orm::options::{postgres, sqlite};
use orm::schema::{ColumnDef, Counter, ForeignKeyDef, OnCommit, SequenceDef, TableDef, UniqueDef};
use orm::tree::{CreateSequence, CreateTable, Ddl, DropSequence, DropTable, SetComment, Statement};
use orm::{DataType, EnumType, MetaData, types};

use crate::case::Case;
use crate::ddl::{col, create, create_all, created, ddl, drop_all, id, int, key, names, on, table};

const POSTGRES: &[&str] = &["postgresql"];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::compiled("ddl_create_all_dependency_order", |dialect| create_all(&fixture(), dialect)),
        Case::compiled("ddl_create_all_cycle_use_alter", |dialect| {
            create_all(&circle(["c_a", "c_b"], ["fk_a_b", "fk_b_a"], true), dialect)
        }),
        Case::compiled("ddl_create_all_cycle_detected", |dialect| {
            create_all(&circle(["d_a", "d_b"], ["fk2_a_b", "fk2_b_a"], false), dialect)
        }),
        Case::compiled("ddl_drop_all_cycle", |dialect| {
            let circle = circle(["d_a", "d_b"], ["fk2_a_b", "fk2_b_a"], false);
            Ok([create_all(&circle, dialect)?, drop_all(&circle, dialect)?].concat())
        }),
        Case::new(
            "ddl_create_if_not_exists",
            ddl([Ddl::CreateTable(CreateTable {
                table: Cow::Owned(table("t", [id()])),
                if_not_exists: true,
            })]),
        ),
        Case::new("ddl_drop_table", {
            let drop = Ddl::DropTable(DropTable { table: on("t"), if_exists: false, cascade: false });
            [create([id()]), ddl([drop])].concat()
        }),
    ];
    cases.extend(kinds());
    cases.extend(others());
    cases
}

/// Tables that one database or another has.
fn kinds() -> [Case; 6] {
    let t = || table("t", [int("a")]);
    [
        Case::new("ddl_temporary", created(table("tmp", [int("a")]).temporary())),
        Case::only(
            "ddl_pg_options",
            POSTGRES,
            created(t().option(postgres::partition_by("RANGE (a)")).option(postgres::tablespace("ts"))),
        ),
        Case::only(
            "ddl_pg_inherits_unlogged",
            POSTGRES,
            created(t().option(postgres::inherits(["base_t"])).option(postgres::unlogged())),
        ),
        Case::only("ddl_pg_on_commit", POSTGRES, created(t().on_commit(OnCommit::Drop))),
        Case::only(
            "ddl_sqlite_without_rowid_strict",
            &["sqlite"],
            created(
                table("t", [key("a", DataType::Integer)])
                    .option(sqlite::without_rowid())
                    .option(sqlite::strict()),
            ),
        ),
        Case::new("ddl_empty_table", create([])),
    ]
}

fn others() -> [Case; 6] {
    let counted = || SequenceDef::named("order_seq".into(), Counter::new().start(100).increment(5));
    let drop = DropSequence { schema: None, name: "order_seq".into(), if_exists: false };
    [
        Case::new(
            "ddl_sequence",
            ddl([
                Ddl::CreateSequence(CreateSequence { sequence: counted(), if_not_exists: false }),
                Ddl::DropSequence(drop),
            ]),
        ),
        Case::only(
            "ddl_sequence_if_not_exists",
            &["postgresql", "mariadb"],
            ddl([Ddl::CreateSequence(CreateSequence { sequence: counted(), if_not_exists: true })]),
        ),
        Case::compiled("ddl_sequence_create_all", |dialect| {
            let sq = table(
                "sq",
                [
                    key("id", DataType::Integer).sequence(SequenceDef::new("sq_id_seq")),
                    int("n").sequence(SequenceDef::new("sq_n_seq")),
                ],
            );
            create_all(&MetaData::new().with_table(sq), dialect)
        }),
        Case::new("ddl_comments", {
            let a = Some(Box::new(int("a")));
            comments([(None, Some("tbl 100%"), None), (Some("a"), Some("it's"), a), (None, None, None)])
        }),
        Case::new("ddl_drop_column_comment", comments([(Some("a"), None, None)])),
        Case::only(
            "ddl_custom_text",
            &["postgresql", "mysql", "mariadb", "sqlite", "mssql"],
            ddl([Ddl::Text("CREATE VIEW v AS SELECT 1 AS one".into())]),
        )
        .on(&["oracle"], Vec::<Statement>::new()),
    ]
}

type Comment = (Option<&'static str>, Option<&'static str>, Option<Box<ColumnDef>>);

fn comments<const N: usize>(list: [Comment; N]) -> Vec<Statement> {
    ddl(list.map(|(column, comment, definition)| {
        Ddl::SetComment(SetComment {
            table: on("commented"),
            column: column.map(Into::into),
            comment: comment.map(Into::into),
            definition,
        })
    }))
}

/// Two tables that reference each other.
fn circle(tables: [&'static str; 2], keys: [&'static str; 2], use_alter: bool) -> MetaData {
    let [one, other] = tables;
    let with = |name, column: &'static str, target: &'static str, key, use_alter| {
        let mut table = table(name, [id(), int(column)]);
        let mut key = ForeignKeyDef::new(names(&[column]), target.into(), names(&["id"])).name(key);
        key.use_alter = use_alter;
        table.foreign_keys = vec![key].into();
        table
    };
    MetaData::new()
        .with_table(with(one, "b_id", other, keys[0], use_alter))
        .with_table(with(other, "a_id", one, keys[1], false))
}

fn needed(column: ColumnDef) -> ColumnDef {
    column.nullable(false)
}

fn text(name: &'static str, length: u32) -> ColumnDef {
    col(name, DataType::Varchar(length))
}

fn references(mut table: TableDef, list: &[(&'static str, &'static str)]) -> TableDef {
    let key = |(column, target): &(&'static str, &'static str)| {
        ForeignKeyDef::new(names(&[column]), (*target).into(), names(&["id"]))
    };
    table.foreign_keys = list.iter().map(key).collect();
    table
}

fn unique(mut table: TableDef, column: &'static str) -> TableDef {
    table.uniques = vec![UniqueDef::new(None, names(&[column]))].into();
    table
}

/// The tables of the corpus, declared as SQLAlchemy declares them.
fn fixture() -> MetaData {
    let money = |name, digits| col(name, types::numeric(Some(digits), Some(2)));
    let status = EnumType::new(
        "user_status".into(),
        vec!["ACTIVE".into(), "PENDING".into(), "DISABLED".into()].into(),
    );
    // SQLAlchemy's column is wider than its longest value.
    let status = DataType::Enum(status.without_check().length(10));
    let json =
        |name| col(name, orm::schema::ColumnType::from(DataType::Json).with_variant(types::sqlite::json()));
    let users = table(
        "users",
        [
            id(),
            needed(text("name", 50)),
            text("fullname", 100),
            text("email", 120),
            int("age"),
            needed(col("is_active", DataType::Boolean)),
            needed(money("balance", 10)).server_default("'0'"),
            col("status", status),
            col("created_at", types::datetime(None)),
            json("profile"),
        ],
    );
    let items = table(
        "items",
        [
            id(),
            needed(text("sku", 20)),
            needed(text("name", 100)),
            needed(money("price", 10)),
            col("weight", types::float(None)),
            needed(int("stock")).server_default("'0'"),
            json("attrs"),
        ],
    );
    let keywords = table("keywords", [id(), needed(text("word", 30))]);
    let employees = table(
        "employees",
        [
            id(),
            needed(text("name", 50)),
            int("manager_id"),
            text("department", 30),
            money("salary", 10),
            col("hired_on", DataType::Date),
        ],
    );
    let addresses = table(
        "addresses",
        [
            id(),
            needed(int("user_id")),
            needed(text("email", 120)),
            text("city", 50),
            needed(col("is_primary", DataType::Boolean)),
        ],
    );
    let orders = table(
        "orders",
        [
            id(),
            needed(int("user_id")),
            needed(text("status", 20)).server_default("'new'"),
            money("total", 12),
            col("placed_on", DataType::Date),
            col("shipped_at", types::datetime(None)),
            col("note", types::text(None)),
        ],
    );
    let order_items = table(
        "order_items",
        [
            key("order_id", DataType::Integer),
            key("item_id", DataType::Integer),
            needed(int("quantity")),
            needed(money("unit_price", 10)),
        ],
    );
    let item_keywords =
        table("item_keywords", [key("item_id", DataType::Integer), key("keyword_id", DataType::Integer)]);
    [
        unique(users, "email"),
        unique(items, "sku"),
        unique(keywords, "word"),
        references(employees, &[("manager_id", "employees")]),
        references(addresses, &[("user_id", "users")]),
        references(orders, &[("user_id", "users")]),
        references(item_keywords, &[("item_id", "items"), ("keyword_id", "keywords")]),
        references(order_items, &[("order_id", "orders"), ("item_id", "items")]),
    ]
    .into_iter()
    .fold(MetaData::new(), MetaData::with_table)
}
