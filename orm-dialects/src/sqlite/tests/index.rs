use expect_test::expect;
use orm_query::schema::{IndexColumn, IndexDef};
use orm_query::tree::{CreateIndex, DropIndex, NullsOrder};

use super::*;

fn index(columns: impl IntoIterator<Item = IndexColumn>) -> IndexDef {
    IndexDef::new(Some("ix".into()), columns.into_iter().collect::<Vec<_>>().into(), false)
}

fn on_t(index: IndexDef) -> CreateIndex {
    CreateIndex { table: named("t"), index, if_not_exists: false }
}

fn column(name: &'static str) -> IndexColumn {
    IndexColumn::new(name.into())
}

#[test]
fn columns() {
    let unique = IndexDef::new(Some("Ix".into()), vec![column("a")].into(), true);
    check(
        CreateIndex { table: named("t"), index: unique, if_not_exists: true },
        expect![[r#"CREATE UNIQUE INDEX IF NOT EXISTS "Ix" ON t (a)"#]],
    );
    check(
        on_t(IndexDef::over(["a", "Order"])),
        expect![[r#"CREATE INDEX "ix_t_a_Order" ON t (a, "Order")"#]],
    );
    check(
        on_t(index([column("a").descending(), column("b").collation("nocase")])),
        expect!["CREATE INDEX ix ON t (a DESC, b COLLATE nocase)"],
    );
    check(
        on_t(index([])),
        expect![
            "error: this statement cannot be compiled: a constraint or an index names at least one column"
        ],
    );
}

#[test]
fn some_rows_and_expressions() {
    let lower = || IndexColumn::expression("lower(name)".into());
    check(
        on_t(index([lower().descending(), column("b")]).filter("b > 0 AND c IS NULL")),
        expect!["CREATE INDEX ix ON t (lower(name) DESC, b) WHERE b > 0 AND c IS NULL"],
    );
    check(
        on_t(IndexDef::new(None, vec![lower()].into(), true)),
        expect!["CREATE UNIQUE INDEX ix_t_expr ON t (lower(name))"],
    );
    check(
        on_t(index([column("a")]).filter("a = ?")),
        expect![
            "error: this statement cannot be compiled: the SQL text `a = ?` has a placeholder of its own; write `:name` in a text and bind it"
        ],
    );
}

#[test]
fn what_sqlite_has_not() {
    check(
        on_t(index([column("a").nulls(NullsOrder::Last)])),
        expect!["error: sqlite has no NULLS FIRST and NULLS LAST in an index"],
    );
    check(
        on_t(index([column("a").length(10)])),
        expect!["error: sqlite has no index of the first part of a value"],
    );
    check(on_t(index([column("a")]).method("hash")), expect!["error: sqlite has no index method"]);
    check(
        on_t(index([column("a").operator_class("text_ops")])),
        expect!["error: sqlite has no operator class of an index"],
    );
}

#[test]
fn drop() {
    let table = TableRef { schema: Some("aux".into()), ..named("t") };
    check(
        DropIndex { table, name: "Ix".into(), if_exists: true, options: Default::default() },
        expect![[r#"DROP INDEX IF EXISTS aux."Ix""#]],
    );
}
