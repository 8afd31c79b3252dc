//! Creating and dropping: cycles, what is there already, enum types, sequences, schemas, comments, names.

use orm::prelude::*;
use orm::schema::{
    CheckDef, ColumnDef, Counter, ForeignKeyDef, IndexDef, Name, SequenceDef, TableDef, UniqueDef,
};
use orm::{DataType, EnumType, Inspector, NamingConvention, tree};

use crate::databases::{on_each, on_each_with};
use crate::support::Statements;

fn key(name: &'static str) -> ColumnDef {
    ColumnDef::new(name, DataType::BigInt).primary_key()
}

fn reference(column: &'static str, target: &'static str) -> ForeignKeyDef {
    ForeignKeyDef::new(vec![column.into()].into(), target.into(), vec!["id".into()].into())
}

fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableDef {
    TableDef::new(name.into(), columns.into())
}

/// Two tables that reference each other, and one that references itself.
fn circle() -> MetaData {
    let mut hen = table("hen", vec![key("id"), ColumnDef::new("egg_id", DataType::BigInt).nullable(true)]);
    hen.foreign_keys = vec![reference("egg_id", "egg")].into();
    let mut egg = table("egg", vec![key("id"), ColumnDef::new("hen_id", DataType::BigInt).nullable(true)]);
    egg.foreign_keys = vec![reference("hen_id", "hen")].into();
    let mut node = table("node", vec![key("id"), ColumnDef::new("up", DataType::BigInt).nullable(true)]);
    node.foreign_keys = vec![reference("up", "node")].into();
    MetaData::new().with_table(hen).with_table(egg).with_table(node)
}

#[tokio::test]
async fn circles_are_created_used_and_dropped() {
    on_each(async |db| {
        let sent = Statements::record();
        circle().create_all(&db.engine).await.unwrap();
        let added = sent.taken("ALTER TABLE");
        assert_eq!(added.len(), 2 * usize::from(db.features.alter_constraints), "{added:?}");
        let mut connection = db.engine.connect().await.unwrap();
        for sql in [
            "INSERT INTO hen VALUES (1, NULL)",
            "INSERT INTO egg VALUES (1, 1)",
            "UPDATE hen SET egg_id = 1",
            "INSERT INTO node VALUES (1, 1)",
        ] {
            connection.execute(text(sql)).await.unwrap();
        }
        connection.commit().await.unwrap();
        let mut inspector = Inspector::new(&mut connection).await.unwrap();
        let keys = inspector.foreign_keys("hen").await.unwrap();
        assert_eq!(keys.iter().map(|key| key.target.as_ref()).collect::<Vec<_>>(), ["egg"]);
        drop(inspector);
        connection.rollback().await.unwrap();
        drop(connection);
        circle().drop_all(&db.engine).await.unwrap();
        let mut inspector = Inspector::new(&db.engine).await.unwrap();
        assert_eq!(inspector.table_names(None).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_there_stays_and_what_is_missing_comes() {
    on_each(async |db| {
        let first = MetaData::new().with_table(table("first", vec![key("id")]));
        first.create_all(&db.engine).await.unwrap();
        let mut second = table("second", vec![key("id"), ColumnDef::new("n", DataType::Integer)]);
        second.indexes = vec![IndexDef::over(["n"])].into();
        let both = first.with_table(second);
        let sent = Statements::record();
        both.create_all(&db.engine).await.unwrap();
        assert_eq!(sent.taken("CREATE").len(), 2);
        both.create_all(&db.engine).await.unwrap();
        assert_eq!(sent.taken("CREATE").len(), 0);
        both.drop_all(&db.engine).await.unwrap();
        both.drop_all(&db.engine).await.unwrap();
    })
    .await;
}

#[derive(SqlType, Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    #[sql_type(rename = "so so")]
    SoSo,
    #[sql_type(rename = "it's fine")]
    Fine,
}

#[tokio::test]
async fn enums_are_types_of_their_own_where_there_are_such() {
    on_each(async |db| {
        let mood = || EnumType::new("mood".into(), vec!["so so".into(), "it's fine".into()].into());
        let person = |name| table(name, vec![key("id"), ColumnDef::new("mood", DataType::Enum(mood()))]);
        let metadata = MetaData::new().with_table(person("a")).with_table(person("b"));
        metadata.create_all(&db.engine).await.unwrap();
        let mut inspector = Inspector::new(&db.engine).await.unwrap();
        let enums = inspector.enums(None).await.unwrap();
        assert_eq!(enums, if db.features.enum_types { vec![mood()] } else { vec![] });
        drop(inspector);
        db.engine.execute(text("INSERT INTO a VALUES (1, 'angry')")).await.unwrap_err();
        db.engine.execute(text("INSERT INTO a VALUES (1, :mood)").bind("mood", Mood::Fine)).await.unwrap();
        assert_eq!(db.engine.one(text("SELECT mood FROM a").columns::<Mood>()).await.unwrap(), Mood::Fine);
        let back = text("SELECT mood FROM a").columns::<String>();
        assert_eq!(db.engine.one(back).await.unwrap(), "it's fine", "read as text, too");
        assert_ne!(Mood::SoSo, Mood::Fine);
        metadata.drop_all(&db.engine).await.unwrap();
        let other = EnumType::new("mood".into(), vec!["another".into()].into());
        let two = metadata
            .with_table(table("c", vec![key("id"), ColumnDef::new("mood", DataType::Enum(other))]))
            .create_all(&db.engine)
            .await;
        if db.features.enum_types {
            assert!(two.unwrap_err().to_string().contains("two enums"));
        }
    })
    .await;
}

#[tokio::test]
async fn sequences() {
    on_each_with(
        |f| f.sequences,
        "sequences",
        async |db| {
            let counter = Counter::new().start(100).increment(5).max_value(1_000).cycle();
            let sequence = SequenceDef::new("ticket").counter(counter);
            let metadata = MetaData::new().with_sequence(sequence).with_sequence(SequenceDef::new("plain"));
            metadata.create_all(&db.engine).await.unwrap();
            metadata.create_all(&db.engine).await.unwrap();
            let next = text("SELECT nextval('ticket')").columns::<i64>();
            let next = if db.server.is_some_and(|s| s.version.contains("MariaDB")) {
                text("SELECT nextval(ticket)").columns::<i64>()
            } else {
                next
            };
            let mut connection = db.engine.connect().await.unwrap();
            assert_eq!(connection.one(next.clone()).await.unwrap(), 100);
            assert_eq!(connection.one(next).await.unwrap(), 105);
            drop(connection);
            let found = MetaData::reflect(&db.engine, None).await.unwrap();
            assert_eq!(found.sequences(), [metadata.sequences()[1].clone(), metadata.sequences()[0].clone()]);
            metadata.drop_all(&db.engine).await.unwrap();
            let found = MetaData::reflect(&db.engine, None).await.unwrap();
            assert_eq!(found.sequences(), []);
        },
    )
    .await;
}

#[tokio::test]
async fn schemas() {
    on_each_with(
        |f| f.schemas,
        "schemas",
        async |db| {
            let name = format!("orm_{}_other_{}", std::process::id(), db.name.len());
            let mut there = table("there", vec![key("id")]);
            there.schema = Some(name.clone().into());
            let mut here = table("here", vec![key("id"), ColumnDef::new("there_id", DataType::BigInt)]);
            let mut across = reference("there_id", "there");
            across.target_schema = Some(name.clone().into());
            here.foreign_keys = vec![across].into();
            let metadata =
                MetaData::new().with_schema(name.clone()).with_table(here.clone()).with_table(there.clone());
            metadata.create_all(&db.engine).await.unwrap();
            metadata.create_all(&db.engine).await.unwrap();
            let mut inspector = Inspector::new(&db.engine).await.unwrap();
            assert!(inspector.schema_names().await.unwrap().contains(&name));
            assert_eq!(inspector.table_names(Some(&name)).await.unwrap(), ["there"]);
            let dialect = db.engine.dialect();
            let found = inspector.table("here").await.unwrap().unwrap();
            assert_eq!(here.differences(&found, dialect), []);
            let found = inspector.table_in(Some(&name), "there").await.unwrap().unwrap();
            assert_eq!(there.differences(&found, dialect), []);
            drop(inspector);
            metadata.drop_all(&db.engine).await.unwrap();
            let mut inspector = Inspector::new(&db.engine).await.unwrap();
            assert_eq!(inspector.table_names(Some(&name)).await.unwrap(), [""; 0]);
            drop(inspector);
            let drop = tree::DropSchema { name: name.clone().into(), if_exists: false, cascade: true };
            db.engine.execute(tree::Ddl::DropSchema(drop)).await.unwrap();
            let mut inspector = Inspector::new(&db.engine).await.unwrap();
            assert!(!inspector.schema_names().await.unwrap().contains(&name));
        },
    )
    .await;
}

#[tokio::test]
async fn a_naming_convention_names_what_has_no_name() {
    on_each(async |db| {
        let convention = NamingConvention::new()
            .primary_key("pk_{table}")
            .unique("uq_{table}_{columns}")
            .foreign_key("fk_{table}_{column_0}_{referred_table}")
            .check("ck_{table}_{constraint}")
            .index("ix_{table}_{columns}");
        let text = |name| ColumnDef::new(name, DataType::Varchar(20));
        let mut child =
            table("child", vec![key("id"), text("a"), text("b"), ColumnDef::new("up", DataType::BigInt)]);
        child.uniques = vec![
            UniqueDef::new(None, vec!["a".into(), "b".into()].into()),
            UniqueDef::new(Some("own_name".into()), vec!["b".into()].into()),
        ]
        .into();
        child.foreign_keys = vec![reference("up", "parent")].into();
        if db.features.check_constraints {
            child.checks = vec![CheckDef::new(Some("not_empty".into()), "a <> ''".into())].into();
        }
        child.indexes = vec![IndexDef::over(["b", "a"])].into();
        let metadata = MetaData::new()
            .with_table(table("parent", vec![key("id")]))
            .with_table(child)
            .with_naming(convention);
        let statements = metadata.create_statements(&db.features).unwrap();
        let tree::Statement::Ddl(tree::Ddl::CreateTable(create)) = &statements[1] else { panic!() };
        let named = &create.table;
        let some = |name: &'static str| Some(Name::from(name));
        assert_eq!(named.primary_key_name, some("pk_child"));
        assert_eq!(
            [&named.uniques[0].name, &named.uniques[1].name],
            [&some("uq_child_a_b"), &some("own_name")]
        );
        assert_eq!(named.foreign_keys[0].name, some("fk_child_up_parent"));
        if db.features.check_constraints {
            assert_eq!(named.checks[0].name, some("ck_child_not_empty"));
        }
        assert_eq!(named.indexes[0].name, some("ix_child_b_a"));
        metadata.create_all(&db.engine).await.unwrap();
        let found = Inspector::new(&db.engine).await.unwrap().table("child").await.unwrap().unwrap();
        assert_eq!(named.differences(&found, db.engine.dialect()), []);
        metadata.drop_all(&db.engine).await.unwrap();

        let long = NamingConvention::new().index("ix_{table}_{columns}");
        let mut wide = table("wide", vec![key("id"), ColumnDef::new("x", DataType::Integer)]);
        wide.name = "w".repeat(60).into();
        wide.indexes = vec![IndexDef::over(["x"])].into();
        let metadata = MetaData::new().with_table(wide).with_naming(long);
        let statements = metadata.create_statements(&db.features).unwrap();
        let tree::Statement::Ddl(tree::Ddl::CreateIndex(create)) = &statements[1] else { panic!() };
        let name = create.index.name.clone().unwrap();
        assert_eq!((name.len(), &name[..6]), (63, "ix_www"));
        metadata.create_all(&db.engine).await.unwrap();
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
struct Mapping {
    #[column(primary_key)]
    id: i64,
    n: i32,
}

#[tokio::test]
async fn mapped_tables_and_others_are_in_one_metadata() {
    on_each(async |db| {
        let mut other = table("other", vec![key("id"), ColumnDef::new("mapping_id", DataType::BigInt)]);
        other.foreign_keys = vec![reference("mapping_id", "mapping")].into();
        let metadata = metadata![Mapping].with_table(other);
        metadata.create_all(&db.engine).await.unwrap();
        db.engine.execute(insert(Mapping).set(Mapping::n, 7)).await.unwrap();
        db.engine.execute(text("INSERT INTO other VALUES (1, 1)")).await.unwrap();
        assert_eq!(metadata.table("other").unwrap().columns.len(), 2);
        assert_eq!(metadata.tables().count(), 2);
        metadata.drop_all(&db.engine).await.unwrap();
    })
    .await;
}
