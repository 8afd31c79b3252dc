use orm::schema::{
    CheckDef, Constraint, ConstraintKind, Deferrable, ExcludeDef, ForeignKeyDef, IndexColumn, IndexDef,
    ReferentialAction, TableDef, UniqueDef,
};
use orm::tree::{AlterTable, Ddl, DropConstraint, Statement, TableChange};
use orm::{DataType, MetaData, NamingConvention, RangeType};

use crate::case::Case;
use crate::ddl::{col, create_all, created, ddl, id, int, names, on, table};

const POSTGRES: &[&str] = &["postgresql"];

fn referencing(name: &'static str, key: ForeignKeyDef) -> Vec<Statement> {
    let columns: Vec<_> = key.columns.iter().map(|c| col_of(c.clone().into_owned())).collect();
    let mut referencing = table(name, columns);
    referencing.foreign_keys = vec![key].into();
    created(referencing)
}

fn col_of(name: String) -> orm::schema::ColumnDef {
    orm::schema::ColumnDef::named(name.into(), DataType::Integer).nullable(true)
}

fn parent() -> ForeignKeyDef {
    ForeignKeyDef::new(names(&["p"]), "parent".into(), names(&["id"]))
}

fn pair() -> ForeignKeyDef {
    ForeignKeyDef::new(names(&["x", "y"]), "parent".into(), names(&["a", "b"]))
}

fn unique(columns: &[&'static str], change: impl FnOnce(UniqueDef) -> UniqueDef) -> Vec<Statement> {
    let mut t = table("t", columns.iter().map(|name| int(name)));
    t.uniques = vec![change(UniqueDef::new(None, names(columns)))].into();
    created(t)
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::new("ddl_foreign_key_inline", referencing("c1", parent())),
        Case::new(
            "ddl_foreign_key_deferrable",
            referencing("c3", parent().deferrable(Deferrable::InitiallyDeferred)),
        ),
        Case::new("ddl_foreign_key_match", referencing("c4", parent().match_full())),
        Case::new("ddl_foreign_key_composite", referencing("c5", pair().name("fk_xy"))),
        Case::only("ddl_foreign_key_set_null_columns", POSTGRES, {
            let mut key = pair().on_delete(ReferentialAction::SetNull);
            key.on_delete_columns = names(&["x"]);
            referencing("c6", key)
        }),
        Case::new("ddl_foreign_key_self_referential", {
            let mut node = table("node", [id(), int("parent_id")]);
            let key = ForeignKeyDef::new(names(&["parent_id"]), "node".into(), names(&["id"]));
            node.foreign_keys = vec![key].into();
            created(node)
        }),
        Case::new(
            "ddl_unique_multi_named",
            unique(&["a", "b"], |mut unique| {
                unique.name = Some("uq_ab".into());
                unique
            }),
        ),
        Case::new(
            "ddl_unique_deferrable",
            unique(&["a"], |unique| unique.deferrable(Deferrable::InitiallyImmediate)),
        ),
        Case::only("ddl_unique_nulls_not_distinct", POSTGRES, unique(&["a"], UniqueDef::nulls_not_distinct)),
        Case::new("ddl_check_sql_expression_literals", {
            let mut t = table("t", [col("s", DataType::Varchar(5))]);
            t.checks = vec![CheckDef::new(Some("ck_in".into()), "s IN ('x', 'y')".into())].into();
            created(t)
        }),
        Case::only("ddl_exclude_constraint", POSTGRES, {
            let part = |name: &'static str| IndexColumn::new(name.into());
            let exclude = ExcludeDef::new([(part("room"), "=".into()), (part("during"), "&&".into())])
                .name("no_overlap")
                .filter("room > 0");
            let during = col("during", DataType::Range(RangeType::Timestamp));
            created(table("t", [int("room"), during]).excludes(vec![exclude]))
        }),
        Case::compiled("ddl_naming_convention_multi_column", |dialect| {
            let mut multi: TableDef = table("multi", [int("a"), int("b")]);
            multi.uniques = vec![UniqueDef::new(None, names(&["a", "b"]))].into();
            multi.indexes = vec![IndexDef::over(["a", "b"])].into();
            let naming = NamingConvention::new()
                .unique("uq_{table_name}_{column_0_N_name}")
                .index("ix_{column_0N_label}");
            create_all(&MetaData::new().with_naming(naming).with_table(multi), dialect)
        }),
    ];
    cases.extend(changes());
    cases
}

fn alter(change: TableChange) -> Vec<Statement> {
    ddl([Ddl::AlterTable(AlterTable { table: on("alter_t"), change })])
}

fn changes() -> [Case; 6] {
    let add = |constraint| alter(TableChange::AddConstraint(Box::new(constraint)));
    let drop = |kind, name| alter(TableChange::DropConstraint(DropConstraint::new(kind, name)));
    let key = ForeignKeyDef::new(names(&["a"]), "parent".into(), names(&["id"]))
        .name("fk_alter")
        .on_delete(ReferentialAction::Cascade);
    let check = CheckDef::new(Some("ck_a".into()), "a > 1".into());
    [
        Case::new("ddl_add_foreign_key", add(Constraint::ForeignKey(key))),
        Case::new("ddl_drop_foreign_key", drop(ConstraintKind::ForeignKey, "fk_alter")),
        Case::new(
            "ddl_add_unique",
            add(Constraint::Unique(UniqueDef::new(Some("uq_a".into()), names(&["a"])))),
        ),
        Case::new("ddl_drop_unique", drop(ConstraintKind::Unique, "uq_a")),
        Case::new("ddl_add_check", add(Constraint::Check(check))),
        Case::only("ddl_drop_check_cascade", &["postgresql", "oracle"], {
            let mut drop = DropConstraint::new(ConstraintKind::Check, "ck_a");
            drop.cascade = true;
            alter(TableChange::DropConstraint(drop))
        }),
    ]
}
