use expect_test::expect;
use orm_query::schema::{CheckDef, Constraint, ConstraintKind, SequenceDef};
use orm_query::tree::{AlterTable, CreateEnum, CreateSchema, CreateSequence, DropConstraint, TableChange};

use super::*;

fn alter(change: TableChange) -> AlterTable {
    AlterTable { table: named("t"), change }
}

#[test]
fn columns_come_and_go() {
    let add = |column| alter(TableChange::AddColumn(Box::new(column)));
    check(
        add(ColumnDef::new("price", DataType::NUMERIC).server_default("0")),
        expect!["ALTER TABLE t ADD COLUMN price DECIMAL_TEXT COLLATE decimal DEFAULT '0' NOT NULL"],
    );
    check(
        add(ColumnDef::new("c", enum_of(&["a"])).nullable(true)),
        expect!["ALTER TABLE t ADD COLUMN c VARCHAR(1) CHECK (c IN ('a'))"],
    );
    check(
        add(ColumnDef::new("id", DataType::Integer).primary_key()),
        expect!["error: sqlite has no ALTER TABLE of the primary key; create it with the table"],
    );
    check(alter(TableChange::DropColumn("Old".into())), expect![[r#"ALTER TABLE t DROP COLUMN "Old""#]]);
}

#[test]
fn constraints_stay() {
    for change in [
        TableChange::AddConstraint(Box::new(Constraint::Check(CheckDef::new(None, "a > 0".into())))),
        TableChange::DropConstraint(DropConstraint::new(ConstraintKind::ForeignKey, "fk")),
        TableChange::DropConstraint(DropConstraint::new(ConstraintKind::Unique, "uq")),
    ] {
        check(
            alter(change),
            expect!["error: sqlite has no ALTER TABLE of constraints; create them with the table"],
        );
    }
}

#[test]
fn what_sqlite_has_not() {
    let DataType::Enum(enum_type) = enum_of(&["a"]) else { unreachable!() };
    check(CreateEnum { schema: None, enum_type }, expect!["error: sqlite has no CREATE TYPE"]);
    let sequence = SequenceDef::new("s");
    check(CreateSequence { sequence, if_not_exists: false }, expect!["error: sqlite has no CREATE SEQUENCE"]);
    check(
        CreateSchema { name: "s".into(), if_not_exists: false },
        expect!["error: sqlite has no CREATE SCHEMA"],
    );
}
