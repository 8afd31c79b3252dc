use expect_test::expect;
use orm_query::schema::{
    CheckDef, Constraint, ConstraintKind, Counter, ForeignKeyDef, IndexColumn, IndexDef, SequenceDef,
    UniqueDef,
};
use orm_query::tree::{
    AlterTable, CreateEnum, CreateIndex, CreateSchema, CreateSequence, DropConstraint, DropIndex, DropSchema,
    DropSequence, NullsOrder, SetComment, TableChange,
};

use super::*;

fn index(columns: Vec<IndexColumn>) -> IndexDef {
    IndexDef::new(None, columns.into(), false)
}

fn create(index: IndexDef) -> CreateIndex {
    CreateIndex { table: TableRef { schema: Some("aux".into()), ..named("t") }, index, if_not_exists: false }
}

fn part(name: &'static str) -> IndexColumn {
    IndexColumn::new(name.into())
}

#[test]
fn indexes() {
    check(
        create(index(vec![part("a"), part("b").descending()])),
        expect!["CREATE INDEX ix_t_a_b ON aux.t (a, b DESC)"],
    );
    check(create(index(vec![part("a").length(10)])), expect!["CREATE INDEX ix_t_a ON aux.t (a(10))"]);
    check(
        create(index(vec![IndexColumn::expression("lower(a)".into())])),
        expect![[r#"
        mysql:   CREATE INDEX ix_t_expr ON aux.t ((lower(a)))
        mariadb: error: the database has no index of an expression"#]],
    );
    check(
        CreateIndex { if_not_exists: true, ..create(index(vec![part("a")])) },
        expect![[r#"
        mysql:   error: the database has no CREATE INDEX IF NOT EXISTS
        mariadb: CREATE INDEX IF NOT EXISTS ix_t_a ON aux.t (a)"#]],
    );
    let unique = IndexDef::new(Some("Uq".into()), vec![part("a")].into(), true);
    check(create(unique), expect!["CREATE UNIQUE INDEX `Uq` ON aux.t (a)"]);
}

#[test]
fn kinds_of_indexes() {
    check(create(index(vec![part("a")]).method("btree")), expect!["CREATE INDEX ix_t_a ON aux.t (a)"]);
    check(
        create(index(vec![part("a")]).method("fulltext")),
        expect!["CREATE FULLTEXT INDEX ix_t_a ON aux.t (a)"],
    );
    check(
        create(index(vec![part("a")]).method("hash")),
        expect!["error: the database has no index of such a kind; the kinds are btree, fulltext and spatial"],
    );
    check(
        create(index(vec![part("a")]).filter("a > 0")),
        expect!["error: the database has no index of some rows (WHERE)"],
    );
    check(
        create(index(vec![part("a").collation("utf8mb4_bin")])),
        expect!["error: the database has no collation of an index; give it to the column"],
    );
    check(
        create(index(vec![part("a").nulls(NullsOrder::First)])),
        expect!["error: the database has no NULLS FIRST and NULLS LAST in an index"],
    );
}

#[test]
fn an_index_is_dropped_from_its_table() {
    let drop = |if_exists| DropIndex {
        table: named("t"),
        name: "ix".into(),
        if_exists,
        options: Default::default(),
    };
    check(drop(false), expect!["DROP INDEX ix ON t"]);
    check(
        drop(true),
        expect![[r#"
        mysql:   error: the database has no DROP INDEX IF EXISTS
        mariadb: DROP INDEX IF EXISTS ix ON t"#]],
    );
}

#[test]
fn changes_of_tables() {
    let alter = |change| AlterTable { table: named("t"), change };
    let key = ForeignKeyDef::new(names(&["b"]), "u".into(), names(&["id"])).name("fk");
    check(
        alter(TableChange::AddConstraint(Box::new(Constraint::ForeignKey(key)))),
        expect!["ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(b) REFERENCES u (id)"],
    );
    check(
        alter(TableChange::AddConstraint(Box::new(Constraint::Unique(UniqueDef::new(
            Some("uq".into()),
            names(&["a"]),
        ))))),
        expect!["ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a)"],
    );
    check(
        alter(TableChange::AddConstraint(Box::new(Constraint::Check(CheckDef::new(
            Some("ck".into()),
            "a > 0".into(),
        ))))),
        expect!["ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)"],
    );
    check(
        alter(TableChange::DropConstraint(DropConstraint::new(ConstraintKind::ForeignKey, "fk"))),
        expect!["ALTER TABLE t DROP FOREIGN KEY fk"],
    );
    check(
        alter(TableChange::DropConstraint(DropConstraint::new(ConstraintKind::Unique, "uq"))),
        expect!["ALTER TABLE t DROP INDEX uq"],
    );
    check(
        alter(TableChange::DropConstraint(DropConstraint::new(ConstraintKind::Check, "ck"))),
        expect![[r#"
        mysql:   ALTER TABLE t DROP CHECK ck
        mariadb: ALTER TABLE t DROP CONSTRAINT ck"#]],
    );
    let column = ColumnDef::new("c", DataType::Integer).comment("new");
    check(
        alter(TableChange::AddColumn(Box::new(column))),
        expect!["ALTER TABLE t ADD COLUMN c INTEGER NOT NULL COMMENT 'new'"],
    );
    check(alter(TableChange::DropColumn("c".into())), expect!["ALTER TABLE t DROP COLUMN c"]);
}

#[test]
fn sequences() {
    let counter = Counter::new().start(5).increment(2).min_value(1).max_value(100).cache(7).cycle();
    let sequence = SequenceDef::new("s").counter(counter);
    check(
        CreateSequence { sequence, if_not_exists: true },
        expect![[r#"
            mysql:   error: the database has no CREATE SEQUENCE
            mariadb: CREATE SEQUENCE IF NOT EXISTS s INCREMENT BY 2 START WITH 5 MINVALUE 1 MAXVALUE 100 CACHE 7 CYCLE"#]],
    );
    check(
        DropSequence { schema: None, name: "s".into(), if_exists: true },
        expect![[r#"
        mysql:   error: the database has no DROP SEQUENCE
        mariadb: DROP SEQUENCE IF EXISTS s"#]],
    );
}

#[test]
fn schemas() {
    check(
        CreateSchema { name: "aux".into(), if_not_exists: true },
        expect!["CREATE SCHEMA IF NOT EXISTS aux"],
    );
    check(
        DropSchema { name: "aux".into(), if_exists: true, cascade: true },
        expect!["DROP SCHEMA IF EXISTS aux"],
    );
    check(
        DropSchema { name: "aux".into(), if_exists: true, cascade: false },
        expect![
            "error: the database has no DROP SCHEMA of an empty schema only; everything in it would go too: say so with CASCADE"
        ],
    );
}

#[test]
fn comments() {
    let comment = |column, comment| SetComment { table: named("t"), column, comment, definition: None };
    check(comment(None, Some("it's".into())), expect!["ALTER TABLE t COMMENT 'it''s'"]);
    check(comment(None, None), expect!["ALTER TABLE t COMMENT ''"]);
    check(
        comment(Some("a".into()), None),
        expect![
            "error: the database has no COMMENT ON COLUMN; it is part of the column's definition: say that too"
        ],
    );
}

#[test]
fn enum_types() {
    let enum_type = EnumType::new("e".into(), vec!["x".into()].into());
    check(CreateEnum { schema: None, enum_type }, expect!["error: the database has no CREATE TYPE"]);
}
