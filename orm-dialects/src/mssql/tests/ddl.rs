use orm_query::EnumType;
use orm_query::schema::{
    CheckDef, ColumnDef, Constraint, ConstraintKind, Counter, Deferrable, ForeignKeyDef, IdentityDef,
    IndexColumn, IndexDef, ReferentialAction, SequenceDef, TableDef, UniqueDef,
};
use orm_query::tree::{
    AlterTable, CreateEnum, CreateIndex, CreateSchema, CreateSequence, CreateTable, DropConstraint,
    DropIndex, DropSchema, DropSequence, DropTable, NullsOrder, SetComment, TableChange,
};

use super::*;

fn column(name: &'static str, data_type: DataType) -> ColumnDef {
    ColumnDef::new(name, data_type)
}

fn id() -> ColumnDef {
    column("id", DataType::Integer).primary_key().autoincrement()
}

fn create(columns: Vec<ColumnDef>) -> CreateTable {
    let table = TableDef::new("t".into(), columns.into());
    CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false }
}

#[test]
fn tables() {
    let color = EnumType::new("color".into(), vec![Name::Borrowed("it's"), Name::Borrowed("grün")].into());
    check(
        create(vec![
            id(),
            column("name", DataType::Varchar(50)).collation("Latin1_General_BIN2"),
            column("note", DataType::Text).nullable(true),
            column("active", DataType::Boolean).server_default("1"),
            column("at", DataType::Timestamp).server_default("CURRENT_TIMESTAMP"),
            column("n", DataType::Numeric { precision: Some(10), scale: Some(2) }).server_default("1 + 1"),
            column("color", DataType::Enum(color)),
            column("twice", DataType::Integer).computed("n * 2"),
            column("thrice", DataType::Integer).computed_virtual("n * 3"),
        ]),
        expect![
            "CREATE TABLE t (id INTEGER NOT NULL IDENTITY, name VARCHAR(50) COLLATE Latin1_General_BIN2 NOT NULL, note VARCHAR(max) NULL, active BIT NOT NULL DEFAULT 1, at DATETIME2 NOT NULL DEFAULT CURRENT_TIMESTAMP, n NUMERIC(10, 2) NOT NULL DEFAULT 1 + 1, color VARCHAR(5) NOT NULL CHECK (color IN ('it''s', N'grün')), twice AS (n * 2) PERSISTED NOT NULL, thrice AS (n * 3), PRIMARY KEY (id))"
        ],
    );
    check(
        CreateTable { if_not_exists: true, ..create(vec![column("a]b", DataType::Uuid)]) },
        expect!["IF OBJECT_ID('t', 'U') IS NULL CREATE TABLE t ([a]]b] UNIQUEIDENTIFIER NOT NULL)"],
    );
    check(create(vec![]), expect!["error: mssql has no table without columns"]);
    let drop = |if_exists| DropTable { table: named("t"), if_exists, cascade: false };
    check(drop(true), expect!["DROP TABLE IF EXISTS t"]);
}

#[test]
fn identities() {
    let of = |identity| create(vec![column("id", DataType::BigInt).primary_key().identity(identity)]);
    check(
        of(IdentityDef::by_default(Counter::new().start(100).increment(10))),
        expect!["CREATE TABLE t (id BIGINT NOT NULL IDENTITY(100,10), PRIMARY KEY (id))"],
    );
    check(
        of(IdentityDef::always(Counter::new().increment(-1))),
        expect!["CREATE TABLE t (id BIGINT NOT NULL IDENTITY(1,-1), PRIMARY KEY (id))"],
    );
    check(
        of(IdentityDef::by_default(Counter::new().max_value(9))),
        expect![
            "error: mssql has no identity column with limits, a cache or a cycle; it has a start and a step: say `or_autoincrement` if that will do, or use a sequence"
        ],
    );
    check(
        create(vec![column("id", DataType::Text).primary_key().autoincrement()]),
        expect!["error: mssql has no autoincrement column that is no integer"],
    );
    check(
        create(vec![id(), column("n", DataType::Integer).autoincrement()]),
        expect!["error: mssql has no table with several autoincrement columns"],
    );
}

#[test]
fn constraints() {
    let mut table = TableDef::new("t".into(), vec![id(), column("a", DataType::Integer)].into());
    let key = ForeignKeyDef::new(vec!["a".into()].into(), "u".into(), vec!["id".into()].into());
    table.primary_key_name = Some("pk_t".into());
    table.uniques =
        vec![UniqueDef::new(Some("uq_a".into()), vec!["a".into()].into()).nulls_not_distinct()].into();
    table.checks = vec![CheckDef::new(None, "a > 0".into())].into();
    table.foreign_keys = vec![
        key.clone().name("fk_a").on_delete(ReferentialAction::Restrict).on_update(ReferentialAction::Cascade),
    ]
    .into();
    check(
        CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false },
        expect![
            "CREATE TABLE t (id INTEGER NOT NULL IDENTITY, a INTEGER NOT NULL, CONSTRAINT pk_t PRIMARY KEY (id), CONSTRAINT uq_a UNIQUE (a), CHECK (a > 0), CONSTRAINT fk_a FOREIGN KEY(a) REFERENCES u (id) ON DELETE NO ACTION ON UPDATE CASCADE)"
        ],
    );
    let add = |key| TableChange::AddConstraint(Box::new(Constraint::ForeignKey(key)));
    let alter = |change| AlterTable { table: named("t"), change };
    check(alter(add(key.clone())), expect!["ALTER TABLE t ADD FOREIGN KEY(a) REFERENCES u (id)"]);
    check(
        alter(add(key.clone().deferrable(Deferrable::InitiallyDeferred))),
        expect!["error: mssql has no DEFERRABLE constraint"],
    );
    check(alter(add(key.match_full())), expect!["error: mssql has no MATCH FULL"]);
    check(
        alter(TableChange::DropConstraint(DropConstraint::new(ConstraintKind::Check, "ck_a"))),
        expect!["ALTER TABLE t DROP CONSTRAINT ck_a"],
    );
    check(
        alter(TableChange::AddColumn(Box::new(column("b", DataType::Text).nullable(true)))),
        expect!["ALTER TABLE t ADD b VARCHAR(max) NULL"],
    );
    check(alter(TableChange::DropColumn("b".into())), expect!["ALTER TABLE t DROP COLUMN b"]);
}

#[test]
fn indexes() {
    let create = |index, if_not_exists| CreateIndex { table: named("t"), index, if_not_exists };
    let mut unique = IndexDef::over(["a"]).method("nonclustered").filter("b > 5");
    unique.unique = true;
    check(create(IndexDef::over(["a", "b"]), false), expect!["CREATE INDEX ix_t_a_b ON t (a, b)"]);
    check(create(unique, false), expect!["CREATE UNIQUE NONCLUSTERED INDEX ix_t_a ON t (a) WHERE b > 5"]);
    let mut include = IndexDef::over(["a"]);
    include.include = vec!["b".into()].into();
    check(create(include, false), expect!["CREATE INDEX ix_t_a ON t (a) INCLUDE (b)"]);
    check(create(IndexDef::over(["a"]), true), expect!["error: mssql has no CREATE INDEX IF NOT EXISTS"]);
    check(
        create(IndexDef::over(["a"]).method("gin"), false),
        expect!["error: mssql has no index of such a kind; the kinds are clustered and nonclustered"],
    );
    let of = |column| create(IndexDef::new(Some("ix".into()), vec![column].into(), false), false);
    check(of(IndexColumn::new("Mixed".into()).descending()), expect!["CREATE INDEX ix ON t ([Mixed] DESC)"]);
    check(
        of(IndexColumn::expression("lower(a)".into())),
        expect!["error: mssql has no index of an expression; index a computed column"],
    );
    check(
        of(IndexColumn::new("a".into()).nulls(NullsOrder::Last)),
        expect!["error: mssql has no NULLS FIRST and NULLS LAST in an index"],
    );
    check(
        DropIndex { table: named("t"), name: "ix".into(), if_exists: true, options: vec![].into() },
        expect!["DROP INDEX IF EXISTS ix ON t"],
    );
}

#[test]
fn schemas_and_sequences() {
    check(CreateSchema { name: "App".into(), if_not_exists: false }, expect!["CREATE SCHEMA [App]"]);
    check(
        CreateSchema { name: "App's".into(), if_not_exists: true },
        expect!["IF SCHEMA_ID('App''s') IS NULL EXEC(N'CREATE SCHEMA [App''s]')"],
    );
    check(
        DropSchema { name: "app".into(), if_exists: true, cascade: false },
        expect!["DROP SCHEMA IF EXISTS app"],
    );
    check(
        DropSchema { name: "app".into(), if_exists: true, cascade: true },
        expect!["error: mssql has no DROP SCHEMA … CASCADE; drop what is in it first"],
    );
    let sequence =
        |counter| CreateSequence { sequence: SequenceDef::named("s".into(), counter), if_not_exists: false };
    check(sequence(Counter::new()), expect!["CREATE SEQUENCE s START WITH 1"]);
    check(
        sequence(Counter::new().increment(-5).max_value(100).cycle()),
        expect!["CREATE SEQUENCE s INCREMENT BY -5 START WITH 100 MAXVALUE 100 CYCLE"],
    );
    check(
        sequence(Counter::new().start(100).increment(5)),
        expect!["CREATE SEQUENCE s INCREMENT BY 5 START WITH 100"],
    );
    check(
        DropSequence { schema: None, name: "s".into(), if_exists: true },
        expect!["DROP SEQUENCE IF EXISTS s"],
    );
    let color = EnumType::new("color".into(), vec![Name::Borrowed("red")].into());
    check(CreateEnum { schema: None, enum_type: color }, expect!["error: mssql has no CREATE TYPE"]);
}

#[test]
fn comments() {
    let set = |table: TableRef, column: Option<&'static str>, comment: Option<&'static str>| SetComment {
        definition: None,
        table,
        column: column.map(Name::Borrowed),
        comment: comment.map(Name::Borrowed),
    };
    check(
        set(named("t"), None, Some("it's 100%")),
        expect!["execute sp_addextendedproperty 'MS_Description', N'it''s 100%', 'schema', dbo, 'table', t"],
    );
    check(
        set(named("my t"), Some("a"), Some("grün")),
        expect![
            "execute sp_addextendedproperty 'MS_Description', N'grün', 'schema', dbo, 'table', N'my t', 'column', a"
        ],
    );
    let other = TableRef { schema: Some("app".into()), ..named("t") };
    check(
        set(other, Some("a"), None),
        expect!["execute sp_dropextendedproperty 'MS_Description', 'schema', app, 'table', t, 'column', a"],
    );
    check(
        set(named("t"), None, Some("a\\\nb")),
        expect![[
            r#"error: this statement cannot be compiled: the comment "a\\\nb" has a backslash at the end of a line"#
        ]],
    );
}

#[test]
fn literals_never_end_early() {
    let color = EnumType::new(
        "c".into(),
        vec![Name::Borrowed("a\\\nb"), Name::Borrowed("'; DROP TABLE t --")].into(),
    );
    check(
        create(vec![column("c", DataType::Enum(color))]),
        expect![[r#"
        CREATE TABLE t (c VARCHAR(18) NOT NULL CHECK (c IN (('a\' + '
        b'), '''; DROP TABLE t --')))"#]],
    );
}

#[test]
fn standard_types() {
    use orm_query::types;
    let columns = [
        ("a", types::numeric(None, None)),
        ("b", types::numeric(Some(10), None)),
        ("c", types::float(Some(24))),
        ("d", types::double()),
        ("e", types::varchar(None)),
        ("f", types::text(Some(1000))),
        ("g", types::nvarchar(Some(9))),
        ("h", types::nvarchar(None)),
        ("i", types::blob(None)),
        ("j", types::varbinary(100)),
        ("k", types::time(Some(2))),
        ("l", types::datetime(None)),
        ("m", types::datetime(Some(3))),
        ("n", types::datetime_tz(None)),
        ("o", types::timestamp(None)),
    ];
    let columns = columns.map(|(name, declared)| ColumnDef::declared(name.into(), declared));
    check(
        create(columns.into()),
        expect![
            "CREATE TABLE t (a NUMERIC NOT NULL, b NUMERIC(10) NOT NULL, c FLOAT(24) NOT NULL, d DOUBLE PRECISION NOT NULL, e VARCHAR(max) NOT NULL, f VARCHAR(1000) NOT NULL, g NVARCHAR(9) NOT NULL, h NVARCHAR(max) NOT NULL, i VARBINARY(max) NOT NULL, j VARBINARY(100) NOT NULL, k TIME(2) NOT NULL, l DATETIME NOT NULL, m DATETIME2(3) NOT NULL, n DATETIMEOFFSET NOT NULL, o DATETIME2 NOT NULL)"
        ],
    );
}

#[test]
fn temporary_tables_have_a_name_of_their_own() {
    let temporary = |name: &'static str| {
        let table = TableDef::new(name.into(), vec![column("a", DataType::Integer)].into()).temporary();
        CreateTable { table: std::borrow::Cow::Owned(table), if_not_exists: false }
    };
    check(temporary("#t"), expect!["CREATE TABLE [#t] (a INTEGER NOT NULL)"]);
    check(
        temporary("t"),
        expect!["error: mssql has no CREATE TEMPORARY TABLE; give the table a name that starts with `#`"],
    );
}
