//! What DDL the databases say each in its own way, side by side.

use std::borrow::Cow;

use expect_test::{Expect, expect};
use orm_dialects::mysql::MySql;
use orm_dialects::options::{mysql, postgres, sqlite};
use orm_dialects::{Postgres, Sqlite, types as native};
use orm_query::schema::*;
use orm_query::tree::{
    AlterTable, BinaryOperator, ColumnRef, CreateIndex, CreateTable, CreateTableAs, CreateView, Ddl,
    DropConstraint, DropIndex, DropTable, DropView, Expr, From, Select, SetComment, SourceRef, Statement,
    TableChange, TableRef,
};
use orm_query::{Bind, DataType, Dialect, EnumType, Value, types};

fn check(ddl: impl Into<Ddl>, expected: Expect) {
    let statement = Statement::Ddl(ddl.into());
    let (mysql, mariadb) = (MySql::mysql(), MySql::mariadb());
    let dialects: [&dyn Dialect; 4] = [&Postgres::new(15), &mysql, &mariadb, &Sqlite];
    let mut lines: Vec<(Vec<&str>, String)> = Vec::new();
    for dialect in dialects {
        let said = match dialect.compile(&statement) {
            Ok(compiled) => {
                assert!(compiled.binds.is_empty(), "DDL binds nothing");
                compiled.sql.to_string()
            }
            Err(error) => format!("error: {}", error.to_string().replace(dialect.name(), "the database")),
        };
        match lines.iter_mut().find(|(_, other)| *other == said) {
            Some((names, _)) => names.push(dialect.name()),
            None => lines.push((vec![dialect.name()], said)),
        }
    }
    let text: Vec<String> =
        lines.iter().map(|(names, said)| format!("{}: {said}", names.join(", "))).collect();
    expected.assert_eq(&text.join("\n"));
}

fn on(name: &'static str) -> TableRef {
    TableRef { schema: None, name: name.into(), alias: None }
}

fn names(names: &[&'static str]) -> List<Name> {
    names.iter().map(|name| Name::Borrowed(name)).collect()
}

fn col(name: &'static str, column_type: impl Into<ColumnType>) -> ColumnDef {
    ColumnDef::declared(name.into(), column_type).nullable(true)
}

fn int(name: &'static str) -> ColumnDef {
    col(name, DataType::Integer)
}

fn table(columns: impl IntoIterator<Item = ColumnDef>) -> TableDef {
    TableDef::new("t".into(), columns.into_iter().collect())
}

fn create(table: TableDef) -> CreateTable {
    CreateTable { table: Cow::Owned(table), if_not_exists: false }
}

fn index(columns: &[&'static str]) -> IndexDef {
    IndexDef::over(columns.iter().copied())
}

fn create_index(index: IndexDef) -> CreateIndex {
    CreateIndex { table: on("t"), index, if_not_exists: false }
}

fn alter(change: TableChange) -> AlterTable {
    AlterTable { table: on("t"), change }
}

/// `SELECT a FROM t WHERE a > 'it''s'`
fn query() -> Select {
    let a = || {
        Expr::Column(ColumnRef { source: SourceRef::named("t"), name: "a".into(), data_type: DataType::Text })
    };
    let value = Expr::Bind(Bind::new(Value::Text("it's".into()), DataType::Text));
    Select {
        columns: vec![a().into()],
        from: vec![From::Table(on("t"))],
        filter: Some(Expr::binary(a(), BinaryOperator::Gt, value)),
        ..Select::default()
    }
}

#[test]
fn standard_types() {
    let all = [
        types::numeric(Some(10), None),
        types::decimal(Some(8), Some(3)),
        types::float(Some(24)),
        types::double(),
        types::char(3),
        types::varchar(Some(5)),
        types::text(None),
        types::blob(None),
        types::time(Some(3)),
        types::datetime(Some(3)),
        types::datetime_tz(None),
        types::timestamp(None),
    ];
    check(
        create(table(all.map(|t| col("a", t)))),
        expect![[r#"
        postgres: CREATE TABLE t (a NUMERIC(10), a DECIMAL(8, 3), a FLOAT(24), a DOUBLE PRECISION, a CHAR(3), a VARCHAR(5), a TEXT, a BYTEA, a TIME(3) WITHOUT TIME ZONE, a TIMESTAMP(3) WITHOUT TIME ZONE, a TIMESTAMP WITH TIME ZONE, a TIMESTAMP WITHOUT TIME ZONE)
        mysql, mariadb: CREATE TABLE t (a NUMERIC(10), a DECIMAL(8, 3), a FLOAT(24), a DOUBLE, a CHAR(3), a VARCHAR(5), a TEXT, a BLOB, a TIME(3), a DATETIME(3), a DATETIME, a TIMESTAMP NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a NUMERIC(10), a DECIMAL(8, 3), a FLOAT, a DOUBLE, a CHAR(3), a VARCHAR(5), a TEXT, a BLOB, a TIME, a DATETIME, a DATETIME, a TIMESTAMP)"#]],
    );
    check(
        create(table([col("a", types::nvarchar(Some(9))), col("b", types::nchar(2))])),
        expect![[r#"
        postgres: error: the database has no NCHAR or NVARCHAR; every text is Unicode: use CHAR or VARCHAR
        mysql, mariadb: CREATE TABLE t (a NATIONAL VARCHAR(9), b NATIONAL CHAR(2)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a NVARCHAR(9), b NCHAR(2))"#]],
    );
    check(
        create(table([col("a", types::varchar(None))])),
        expect![[r#"
        postgres, sqlite: CREATE TABLE t (a VARCHAR)
        mysql, mariadb: error: the database has no VARCHAR without a length; give it one, or use TEXT"#]],
    );
    check(
        create(table([col("a", types::binary(4)), col("b", types::varbinary(4))])),
        expect![[r#"
        postgres: error: the database has no BINARY or VARBINARY; use a BLOB, which is BYTEA
        mysql, mariadb: CREATE TABLE t (a BINARY(4), b VARBINARY(4)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a BINARY(4), b VARBINARY(4))"#]],
    );
    check(
        create(table([col("a", types::text(Some(100)))])),
        expect![[r#"
        postgres: error: the database has no TEXT of a length; use VARCHAR
        mysql, mariadb: CREATE TABLE t (a TEXT(100)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a TEXT(100))"#]],
    );
}

#[test]
fn types_of_one_database() {
    check(
        create(table([col("a", native::mysql::tinyint(Some(1)).unsigned())])),
        expect![[r#"
        postgres, sqlite: error: the database has no type of another database; start from a `DataType` and give single databases theirs by `with_variant`
        mysql, mariadb: CREATE TABLE t (a TINYINT(1) UNSIGNED) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
    check(
        create(table([col("a", native::postgres::tsvector())])),
        expect![[r#"
        postgres: CREATE TABLE t (a TSVECTOR)
        mysql, mariadb, sqlite: error: the database has no type of another database; start from a `DataType` and give single databases theirs by `with_variant`"#]],
    );
    let variants = ColumnType::from(DataType::Text)
        .with_variant(native::mysql::text().charset("latin1"))
        .with_variant(native::sqlite::other(DataType::Text, "CLOB"))
        .with_variant(native::postgres::citext());
    check(
        create(table([col("a", variants)])),
        expect![[r#"
        postgres: CREATE TABLE t (a CITEXT)
        mysql, mariadb: CREATE TABLE t (a TEXT CHARACTER SET latin1) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a CLOB)"#]],
    );
    check(
        create(table([col("a", native::mysql::set(&["it's", r"a\b"]))])),
        expect![[r#"
        postgres, sqlite: error: the database has no type of another database; start from a `DataType` and give single databases theirs by `with_variant`
        mysql, mariadb: CREATE TABLE t (a SET('it''s', 'a\\b')) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
    let hostile = ColumnType::native("postgres", DataType::Text, "TEXT /* $1");
    check(
        create(table([col("a", hostile)])),
        expect![[r#"
        postgres: CREATE TABLE t (a TEXT /* $1
        )
        mysql, mariadb, sqlite: error: the database has no type of another database; start from a `DataType` and give single databases theirs by `with_variant`"#]],
    );
    check(
        create(table([col("a", native::sqlite::other(DataType::Text, "TEXT ?"))])),
        expect![[r#"
        postgres, mysql, mariadb: error: the database has no type of another database; start from a `DataType` and give single databases theirs by `with_variant`
        sqlite: error: this statement cannot be compiled: the SQL text `TEXT ?` has a placeholder of its own; write `:name` in a text and bind it"#]],
    );
    // A variant of one database leaves the others as they are.
    let price = ColumnType::from(DataType::NUMERIC).with_variant(native::mysql::double(10, 2));
    check(
        create(table([col("a", price).server_default("1.5")])),
        expect![[r#"
        postgres: CREATE TABLE t (a NUMERIC DEFAULT 1.5)
        mysql, mariadb: CREATE TABLE t (a DOUBLE(10, 2) DEFAULT 1.5) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a DECIMAL_TEXT COLLATE decimal DEFAULT '1.5')"#]],
    );
    // A default goes with the words of whoever declares the type.
    let at = |t| col("a", t).server_default("CURRENT_TIMESTAMP");
    check(
        create(table([at(types::datetime_tz(Some(3))), at(types::datetime(None))])),
        expect![[r#"
        postgres: CREATE TABLE t (a TIMESTAMP(3) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP, a TIMESTAMP WITHOUT TIME ZONE DEFAULT CURRENT_TIMESTAMP)
        mysql, mariadb: CREATE TABLE t (a DATETIME(3) DEFAULT (UTC_TIMESTAMP(3)), a DATETIME DEFAULT CURRENT_TIMESTAMP) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')), a DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')))"#]],
    );
}

#[test]
fn enums_as_text() {
    let of = |e: EnumType| create(table([col("a", DataType::Enum(e))]));
    let values = || EnumType::new("mood".into(), vec!["good".into(), "bad".into()].into());
    check(
        of(values().as_text()),
        expect![[r#"
        postgres, sqlite: CREATE TABLE t (a VARCHAR(4) CHECK (a IN ('good', 'bad')))
        mysql, mariadb: CREATE TABLE t (a VARCHAR(4) CHECK (a IN ('good', 'bad'))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
    check(
        of(values().as_text().without_check().length(20)),
        expect![[r#"
        postgres, sqlite: CREATE TABLE t (a VARCHAR(20))
        mysql, mariadb: CREATE TABLE t (a VARCHAR(20)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
    check(
        of(values().check_name("ck_mood")),
        expect![[r#"
        postgres: CREATE TABLE t (a mood)
        mysql, mariadb: CREATE TABLE t (a ENUM('good', 'bad')) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a VARCHAR(4), CONSTRAINT ck_mood CHECK (a IN ('good', 'bad')))"#]],
    );
}

#[test]
fn options_of_tables() {
    let t = || table([int("a")]);
    check(
        create(
            t().option(postgres::unlogged())
                .option(postgres::with("fillfactor = 70"))
                .option(mysql::engine("MyISAM"))
                .option(mysql::charset("latin1"))
                .option(mysql::collate("latin1_bin"))
                .option(mysql::partition_by("HASH (a)"))
                .option(mysql::partitions(4))
                .option(sqlite::strict())
                .comment("what"),
        ),
        expect![[r#"
            postgres: CREATE UNLOGGED TABLE t (a INTEGER) WITH (fillfactor = 70)
            mysql, mariadb: CREATE TABLE t (a INTEGER) ENGINE=MyISAM DEFAULT CHARSET=latin1 COLLATE=latin1_bin COMMENT='what' PARTITION BY HASH (a) PARTITIONS 4
            sqlite: CREATE TABLE t (a INTEGER) STRICT"#]],
    );
    check(
        create(t().option(mysql::engine("InnoDB; DROP"))),
        expect![[r#"
        postgres, sqlite: CREATE TABLE t (a INTEGER)
        mysql, mariadb: error: this statement cannot be compiled: `InnoDB; DROP` is no name of an engine, a character set or a kind"#]],
    );
    check(
        create(t().option(mysql::partitions(4))),
        expect![[r#"
        postgres, sqlite: CREATE TABLE t (a INTEGER)
        mysql, mariadb: error: this statement cannot be compiled: the option `partitions` needs `partition_by`"#]],
    );
    check(
        create(t().option(DialectOption::flag("sqlite", "engine"))),
        expect![[r#"
        postgres: CREATE TABLE t (a INTEGER)
        mysql, mariadb: CREATE TABLE t (a INTEGER) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: error: this statement cannot be compiled: the database has no option `engine` of a table"#]],
    );
    check(
        create(t().option(DialectOption::flag("postgres", "tablespace"))),
        expect![[r#"
        postgres: error: this statement cannot be compiled: the option `tablespace` of the database says a Name
        mysql, mariadb: CREATE TABLE t (a INTEGER) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a INTEGER)"#]],
    );
    check(
        create(t().temporary()),
        expect![[r#"
        postgres, sqlite: CREATE TEMPORARY TABLE t (a INTEGER)
        mysql, mariadb: CREATE TEMPORARY TABLE t (a INTEGER) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
    check(
        create(t().on_commit(OnCommit::DeleteRows)),
        expect![[r#"
        postgres: CREATE TEMPORARY TABLE t (a INTEGER) ON COMMIT DELETE ROWS
        mysql, mariadb, sqlite: error: the database has no ON COMMIT of a temporary table"#]],
    );
    check(
        create(t().temporary().option(postgres::unlogged())),
        expect![[r#"
        postgres: error: this statement cannot be compiled: `t` is temporary, and so never logged
        mysql, mariadb: CREATE TEMPORARY TABLE t (a INTEGER) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TEMPORARY TABLE t (a INTEGER)"#]],
    );
    check(
        create(
            t().option(postgres::inherits(["app.base"]))
                .option(postgres::partition_by("LIST (a)"))
                .option(postgres::tablespace("Fast")),
        ),
        expect![[r#"
            postgres: CREATE TABLE t (a INTEGER) INHERITS (app.base) PARTITION BY LIST (a) TABLESPACE "Fast"
            mysql, mariadb: CREATE TABLE t (a INTEGER) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
            sqlite: CREATE TABLE t (a INTEGER)"#]],
    );
    check(
        create(table([])),
        expect![[r#"
        postgres: CREATE TABLE t ()
        mysql, mariadb, sqlite: error: the database has no table without columns"#]],
    );
}

#[test]
fn tables_of_sqlite() {
    let key = |data_type| ColumnDef::new("id", data_type).primary_key();
    let counted = || table([key(DataType::BigInt).autoincrement(), int("a")]);
    check(
        create(counted().option(sqlite::autoincrement())),
        expect![[r#"
        postgres: CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY, a INTEGER, PRIMARY KEY (id))
        mysql, mariadb: CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, a INTEGER, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, a INTEGER)"#]],
    );
    check(
        create(counted().option(sqlite::without_rowid())),
        expect![[r#"
        postgres: CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY, a INTEGER, PRIMARY KEY (id))
        mysql, mariadb: CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, a INTEGER, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: error: the database has no autoincrement column of a table WITHOUT ROWID; only the rowid counts itself up"#]],
    );
    check(
        create(table([int("a")]).option(sqlite::autoincrement())),
        expect![[r#"
        postgres: CREATE TABLE t (a INTEGER)
        mysql, mariadb: CREATE TABLE t (a INTEGER) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: error: this statement cannot be compiled: no key of `t` counts itself up"#]],
    );
    let strict = [
        DataType::Boolean,
        DataType::Double,
        DataType::NUMERIC,
        DataType::Timestamp,
        DataType::Bytes,
        DataType::Uuid,
    ];
    let strict = TableDef::new("t".into(), strict.map(|t| ColumnDef::new("a", t)).to_vec().into());
    check(
        create(strict.option(sqlite::strict()).option(sqlite::without_rowid())),
        expect![[r#"
        postgres: CREATE TABLE t (a BOOLEAN NOT NULL, a DOUBLE PRECISION NOT NULL, a NUMERIC NOT NULL, a TIMESTAMP WITHOUT TIME ZONE NOT NULL, a BYTEA NOT NULL, a UUID NOT NULL)
        mysql: CREATE TABLE t (a BOOL NOT NULL, a DOUBLE NOT NULL, a DECIMAL(65, 30) NOT NULL, a DATETIME(6) NOT NULL, a LONGBLOB NOT NULL, a CHAR(36) COLLATE utf8mb4_bin NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        mariadb: CREATE TABLE t (a BOOL NOT NULL, a DOUBLE NOT NULL, a DECIMAL(65, 30) NOT NULL, a DATETIME(6) NOT NULL, a LONGBLOB NOT NULL, a UUID NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a INTEGER NOT NULL, a REAL NOT NULL, a TEXT COLLATE decimal NOT NULL, a TEXT NOT NULL, a BLOB NOT NULL, a TEXT NOT NULL) WITHOUT ROWID, STRICT"#]],
    );
    check(
        create(table([int("a").option(sqlite::on_conflict_not_null("FAIL"))])),
        expect![[r#"
        postgres: CREATE TABLE t (a INTEGER)
        mysql, mariadb: CREATE TABLE t (a INTEGER) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: error: this statement cannot be compiled: `a` allows NULL, and says what a NULL does"#]],
    );
    let mut unique = table([int("a")]);
    unique.uniques = vec![UniqueDef::new(None, names(&["a"])).option(sqlite::on_conflict("bad"))].into();
    check(
        create(unique),
        expect![[r#"
        postgres: CREATE TABLE t (a INTEGER, UNIQUE (a))
        mysql, mariadb: CREATE TABLE t (a INTEGER, UNIQUE (a)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: error: this statement cannot be compiled: ON CONFLICT knows no `bad`"#]],
    );
}

#[test]
fn identities_and_sequences() {
    let id =
        |identity| create(table([ColumnDef::new("id", DataType::BigInt).primary_key().identity(identity)]));
    let counter = Counter::new().start(5).no_min_value().no_max_value().cycle();
    check(
        id(IdentityDef::always(counter)),
        expect![[r#"
        postgres: CREATE TABLE t (id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 5 NO MINVALUE NO MAXVALUE CYCLE), PRIMARY KEY (id))
        mysql, mariadb: error: the database has no identity column with settings of its own; say `or_autoincrement` if AUTO_INCREMENT will do
        sqlite: error: the database has no identity column with options; its numbers go up from 1 by 1, and it takes others too: say `or_autoincrement` if that will do"#]],
    );
    check(
        id(IdentityDef::always(counter).or_autoincrement()),
        expect![[r#"
        postgres: CREATE TABLE t (id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 5 NO MINVALUE NO MAXVALUE CYCLE), PRIMARY KEY (id))
        mysql, mariadb: CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))"#]],
    );
    check(
        id(IdentityDef::by_default(Counter::new()).on_null()),
        expect![[r#"
        postgres: error: the database has no ON NULL of an identity column
        mysql, mariadb: error: the database has no identity column with settings of its own; say `or_autoincrement` if AUTO_INCREMENT will do
        sqlite: error: the database has no identity column with options; its numbers go up from 1 by 1, and it takes others too: say `or_autoincrement` if that will do"#]],
    );
    check(
        id(IdentityDef::by_default(Counter::new().order(true))),
        expect![[r#"
        postgres: error: the database has no ORDER of a sequence
        mysql, mariadb: error: the database has no identity column with settings of its own; say `or_autoincrement` if AUTO_INCREMENT will do
        sqlite: error: the database has no identity column with options; its numbers go up from 1 by 1, and it takes others too: say `or_autoincrement` if that will do"#]],
    );
    let numbers = || SequenceDef::new("numbers").schema("app");
    let key = ColumnDef::new("id", DataType::BigInt).primary_key().sequence(numbers());
    check(
        create(table([key])),
        expect![[r#"
        postgres: CREATE TABLE t (id BIGINT DEFAULT nextval('app.numbers') NOT NULL, PRIMARY KEY (id))
        mysql: CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        mariadb: CREATE TABLE t (id BIGINT NOT NULL DEFAULT (nextval(app.numbers)), PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))"#]],
    );
    check(
        create(table([int("a").sequence(numbers())])),
        expect![[r#"
        postgres: CREATE TABLE t (a INTEGER DEFAULT nextval('app.numbers'))
        mysql, sqlite: error: the database has no sequence; only a key counts itself up without one
        mariadb: CREATE TABLE t (a INTEGER DEFAULT (nextval(app.numbers))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"#]],
    );
}

#[test]
fn constraints_of_one_database() {
    let mut t = table([int("a"), int("b").check(CheckDef::new(Some("ck_b".into()), "b > 0".into()))]);
    t.checks = vec![
        CheckDef::new(None, "a > 0".into()).option(postgres::no_inherit()).option(postgres::not_valid()),
    ]
    .into();
    check(
        create(t),
        expect![[r#"
        postgres: CREATE TABLE t (a INTEGER, b INTEGER CONSTRAINT ck_b CHECK (b > 0), CHECK (a > 0) NO INHERIT NOT VALID)
        mysql, mariadb: CREATE TABLE t (a INTEGER, b INTEGER CONSTRAINT ck_b CHECK (b > 0), CHECK (a > 0)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        sqlite: CREATE TABLE t (a INTEGER, b INTEGER CONSTRAINT ck_b CHECK (b > 0), CHECK (a > 0))"#]],
    );
    let mut t = table([int("a")]);
    t.checks = vec![CheckDef::new(None, "a > 0".into()).option(mysql::not_enforced())].into();
    check(
        create(t),
        expect![[r#"
        postgres, sqlite: CREATE TABLE t (a INTEGER, CHECK (a > 0))
        mysql: CREATE TABLE t (a INTEGER, CHECK (a > 0) NOT ENFORCED) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        mariadb: error: the database has no CHECK that is NOT ENFORCED"#]],
    );
    let mut key = ForeignKeyDef::new(names(&["a", "b"]), "u".into(), names(&["x", "y"]))
        .on_delete(ReferentialAction::SetNull);
    check(
        alter(TableChange::AddConstraint(Box::new(Constraint::ForeignKey(
            key.clone().option(postgres::not_valid()),
        )))),
        expect![[r#"
            postgres: ALTER TABLE t ADD FOREIGN KEY(a, b) REFERENCES u (x, y) ON DELETE SET NULL NOT VALID
            mysql, mariadb: ALTER TABLE t ADD FOREIGN KEY(a, b) REFERENCES u (x, y) ON DELETE SET NULL
            sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
    key.on_delete_columns = names(&["b"]);
    check(
        alter(TableChange::AddConstraint(Box::new(Constraint::ForeignKey(key)))),
        expect![[r#"
        postgres: ALTER TABLE t ADD FOREIGN KEY(a, b) REFERENCES u (x, y) ON DELETE SET NULL (b)
        mysql, mariadb: error: the database has no ON DELETE SET NULL of some columns
        sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
    let part = |name: &'static str| IndexColumn::new(name.into());
    let exclude = |operator: &'static str| {
        ExcludeDef::new([
            (part("room"), "=".into()),
            (IndexColumn::expression("tsrange(a, b)".into()), operator.into()),
        ])
        .method("spgist")
        .filter("room > 0")
        .deferrable(Deferrable::InitiallyDeferred)
    };
    let add = |exclude| alter(TableChange::AddConstraint(Box::new(Constraint::Exclude(exclude))));
    check(
        add(exclude("&&").name("no_overlap")),
        expect![[r#"
        postgres: ALTER TABLE t ADD CONSTRAINT no_overlap EXCLUDE USING spgist (room WITH =, tsrange(a, b) WITH &&) WHERE (room > 0) DEFERRABLE INITIALLY DEFERRED
        mysql, mariadb: error: the database has no EXCLUDE constraint
        sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
    check(
        add(exclude("&&) --")),
        expect![[r#"
        postgres: error: this statement cannot be compiled: `&&) --` is no operator
        mysql, mariadb: error: the database has no EXCLUDE constraint
        sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
}

#[test]
fn constraints_come_and_go() {
    let key = PrimaryKeyDef { name: Some("pk_t".into()), columns: names(&["a"]) };
    check(
        alter(TableChange::AddConstraint(Box::new(Constraint::PrimaryKey(key)))),
        expect![[r#"
        postgres, mysql, mariadb: ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (a)
        sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
    let drop = |kind, change: fn(&mut DropConstraint)| {
        let mut drop = DropConstraint::new(kind, "it");
        change(&mut drop);
        alter(TableChange::DropConstraint(drop))
    };
    check(
        drop(ConstraintKind::PrimaryKey, |_| ()),
        expect![[r#"
        postgres: ALTER TABLE t DROP CONSTRAINT it
        mysql, mariadb: ALTER TABLE t DROP PRIMARY KEY
        sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
    check(
        drop(ConstraintKind::Check, |_| ()),
        expect![[r#"
        postgres, mariadb: ALTER TABLE t DROP CONSTRAINT it
        mysql: ALTER TABLE t DROP CHECK it
        sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
    check(
        drop(ConstraintKind::Unique, |drop| drop.if_exists = true),
        expect![[r#"
        postgres: ALTER TABLE t DROP CONSTRAINT IF EXISTS it
        mysql: error: the database has no DROP CONSTRAINT IF EXISTS
        mariadb: ALTER TABLE t DROP INDEX IF EXISTS it
        sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
    check(
        drop(ConstraintKind::ForeignKey, |drop| drop.cascade = true),
        expect![[r#"
        postgres: ALTER TABLE t DROP CONSTRAINT it CASCADE
        mysql, mariadb: error: the database has no DROP CONSTRAINT CASCADE
        sqlite: error: the database has no ALTER TABLE of constraints; create them with the table"#]],
    );
    check(
        DropTable { table: on("t"), if_exists: true, cascade: true },
        expect![[r#"
        postgres: DROP TABLE IF EXISTS t CASCADE
        mysql, mariadb, sqlite: error: the database has no DROP TABLE CASCADE; drop what references it first"#]],
    );
}

#[test]
fn indexes_of_one_database() {
    check(
        create_index(index(&["a"]).filter_if_possible("a > 0")),
        expect![[r#"
        postgres, sqlite: CREATE INDEX ix_t_a ON t (a) WHERE a > 0
        mysql, mariadb: CREATE INDEX ix_t_a ON t (a)"#]],
    );
    let mut unique = index(&["a"]).filter_if_possible("a > 0");
    unique.unique = true;
    check(
        create_index(unique),
        expect![[r#"
        postgres, sqlite: CREATE UNIQUE INDEX ix_t_a ON t (a) WHERE a > 0
        mysql, mariadb: error: the database has no index of some rows (WHERE)"#]],
    );
    check(
        create_index(
            index(&["a"])
                .option(postgres::concurrently())
                .option(postgres::with("fillfactor = 70"))
                .option(postgres::tablespace("fast"))
                .option(mysql::using("hash")),
        ),
        expect![[r#"
            postgres: CREATE INDEX CONCURRENTLY ix_t_a ON t (a) WITH (fillfactor = 70) TABLESPACE fast
            mysql, mariadb: CREATE INDEX ix_t_a ON t (a) USING hash
            sqlite: CREATE INDEX ix_t_a ON t (a)"#]],
    );
    check(
        create_index(index(&["a"]).method("fulltext").option(mysql::parser("ngram"))),
        expect![[r#"
        postgres: CREATE INDEX ix_t_a ON t USING fulltext (a)
        mysql, mariadb: CREATE FULLTEXT INDEX ix_t_a ON t (a) WITH PARSER ngram
        sqlite: error: the database has no index method"#]],
    );
    let expression = |sql: &'static str| {
        create_index(IndexDef::new(None, vec![IndexColumn::expression(sql.into())].into(), false))
    };
    check(
        expression("lower(a)"),
        expect![[r#"
        postgres, sqlite: CREATE INDEX ix_t_expr ON t (lower(a))
        mysql: CREATE INDEX ix_t_expr ON t ((lower(a)))
        mariadb: error: the database has no index of an expression"#]],
    );
    check(
        expression("(a + 1) * (b + 1)"),
        expect![[r#"
        postgres, mysql, sqlite: CREATE INDEX ix_t_expr ON t (((a + 1) * (b + 1)))
        mariadb: error: the database has no index of an expression"#]],
    );
    check(
        DropIndex {
            table: on("t"),
            name: "ix".into(),
            if_exists: false,
            options: vec![postgres::concurrently()].into(),
        },
        expect![[r#"
            postgres: DROP INDEX CONCURRENTLY ix
            mysql, mariadb: DROP INDEX ix ON t
            sqlite: DROP INDEX ix"#]],
    );
}

#[test]
fn views() {
    let view = || CreateView::new(on("v"), query());
    check(
        view(),
        expect!["postgres, mysql, mariadb, sqlite: CREATE VIEW v AS SELECT t.a FROM t WHERE t.a > 'it''s'"],
    );
    check(
        view().columns(["One"]).or_replace(),
        expect![[r#"
        postgres: CREATE OR REPLACE VIEW v ("One") AS SELECT t.a FROM t WHERE t.a > 'it''s'
        mysql, mariadb: CREATE OR REPLACE VIEW v (`One`) AS SELECT t.a FROM t WHERE t.a > 'it''s'
        sqlite: error: the database has no CREATE OR REPLACE VIEW"#]],
    );
    check(
        view().if_not_exists(),
        expect![[r#"
        postgres, mysql: error: the database has no CREATE VIEW IF NOT EXISTS
        mariadb, sqlite: CREATE VIEW IF NOT EXISTS v AS SELECT t.a FROM t WHERE t.a > 'it''s'"#]],
    );
    check(
        view().temporary(),
        expect![[r#"
        postgres, sqlite: CREATE TEMPORARY VIEW v AS SELECT t.a FROM t WHERE t.a > 'it''s'
        mysql, mariadb: error: the database has no CREATE TEMPORARY VIEW"#]],
    );
    check(
        view().materialized().if_not_exists(),
        expect![[r#"
        postgres: CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT t.a FROM t WHERE t.a > 'it''s'
        mysql, mariadb, sqlite: error: the database has no CREATE MATERIALIZED VIEW"#]],
    );
    check(
        view().materialized().or_replace(),
        expect![[r#"
        postgres: error: the database has no CREATE OR REPLACE VIEW
        mysql, mariadb, sqlite: error: the database has no CREATE MATERIALIZED VIEW"#]],
    );
    check(
        DropView::new(on("v")).if_exists(),
        expect!["postgres, mysql, mariadb, sqlite: DROP VIEW IF EXISTS v"],
    );
    check(
        DropView::new(on("v")).cascade(),
        expect![[r#"
        postgres: DROP VIEW v CASCADE
        mysql, mariadb, sqlite: error: the database has no DROP VIEW CASCADE"#]],
    );
    check(
        DropView::new(on("v")).materialized(),
        expect![[r#"
        postgres: DROP MATERIALIZED VIEW v
        mysql, mariadb, sqlite: error: the database has no DROP MATERIALIZED VIEW"#]],
    );
}

#[test]
fn tables_of_queries() {
    let copy = || CreateTableAs::new(on("copy"), query());
    check(
        copy(),
        expect![[r#"
        postgres, sqlite: CREATE TABLE copy AS SELECT t.a FROM t WHERE t.a > 'it''s'
        mysql, mariadb: CREATE TABLE copy ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 AS SELECT t.a FROM t WHERE t.a > 'it''s'"#]],
    );
    check(
        copy().temporary().if_not_exists(),
        expect![[r#"
        postgres, sqlite: CREATE TEMPORARY TABLE IF NOT EXISTS copy AS SELECT t.a FROM t WHERE t.a > 'it''s'
        mysql, mariadb: CREATE TEMPORARY TABLE IF NOT EXISTS copy ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 AS SELECT t.a FROM t WHERE t.a > 'it''s'"#]],
    );
    check(
        copy().on_commit(OnCommit::Drop),
        expect![[r#"
        postgres: CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT t.a FROM t WHERE t.a > 'it''s'
        mysql, mariadb, sqlite: error: the database has no ON COMMIT of a temporary table"#]],
    );
    check(
        copy().without_data(),
        expect![[r#"
        postgres: CREATE TABLE copy AS SELECT t.a FROM t WHERE t.a > 'it''s' WITH NO DATA
        mysql, mariadb, sqlite: error: the database has no CREATE TABLE AS WITH NO DATA; filter by a condition that is false"#]],
    );
}

#[test]
fn comments_and_text() {
    let comment = |comment: Option<&'static str>, definition| SetComment {
        table: on("t"),
        column: Some("a".into()),
        comment: comment.map(Into::into),
        definition,
    };
    check(
        comment(Some("it's"), Some(Box::new(int("a").comment("before")))),
        expect![[r#"
        postgres: COMMENT ON COLUMN t.a IS 'it''s'
        mysql, mariadb: ALTER TABLE t CHANGE a a INTEGER COMMENT 'it''s'
        sqlite: error: the database has no COMMENT ON"#]],
    );
    check(
        comment(None, Some(Box::new(int("a").comment("before")))),
        expect![[r#"
        postgres: COMMENT ON COLUMN t.a IS NULL
        mysql, mariadb: ALTER TABLE t CHANGE a a INTEGER
        sqlite: error: the database has no COMMENT ON"#]],
    );
    check(
        comment(None, Some(Box::new(int("b")))),
        expect![[r#"
        postgres: COMMENT ON COLUMN t.a IS NULL
        mysql, mariadb: error: this statement cannot be compiled: the definition of `a` is one of another column, or counts up
        sqlite: error: the database has no COMMENT ON"#]],
    );
    check(
        Ddl::Text("VACUUM :x".into()),
        expect![[r#"
        postgres, mysql, mariadb: VACUUM :x
        sqlite: error: this statement cannot be compiled: the SQL text `VACUUM :x` has a placeholder of its own; write `:name` in a text and bind it"#]],
    );
}
