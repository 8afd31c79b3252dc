//! What was created comes back equal: every type and every constraint, on each database.

use orm::prelude::*;
use orm::schema::{
    CheckDef, ColumnDef, Counter, Deferrable, ForeignKeyDef, IdentityDef, IndexColumn, IndexDef, Name,
    ReferentialAction, TableDef, UniqueDef,
};
use orm::{DataType, EnumType, Inspector, RangeType, ReflectTable};

use crate::databases::{Database, on_each, on_each_with};

fn names(columns: &[&'static str]) -> orm::schema::List<Name> {
    columns.iter().map(|name| Name::from(*name)).collect::<Vec<_>>().into()
}

fn key() -> ColumnDef {
    ColumnDef::new("id", DataType::BigInt).primary_key()
}

fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableDef {
    TableDef::new(name.into(), columns.into())
}

/// Creates the tables, reads them back, and finds nothing that differs.
async fn same(db: &Database, tables: Vec<TableDef>) {
    let metadata = tables.iter().cloned().fold(MetaData::new(), MetaData::with_table);
    metadata.create_all(&db.engine).await.unwrap();
    let found = MetaData::reflect(&db.engine, None).await.unwrap();
    assert_eq!(found.tables().count(), tables.len());
    for table in &tables {
        let reflected = found.table(&table.name).unwrap();
        assert_eq!(table.differences(reflected, db.engine.dialect()), [], "{}: {reflected:#?}", table.name);
        assert_eq!(&TableDef::reflect(&db.engine, &table.name).await.unwrap(), reflected);
    }
    // What was reflected creates the same again.
    metadata.drop_all(&db.engine).await.unwrap();
    found.create_all(&db.engine).await.unwrap();
    let again = MetaData::reflect(&db.engine, None).await.unwrap();
    // seekdb writes another escape into a LIKE each time.
    let is_seekdb = db.server.is_some_and(|server| server.is_seekdb());
    for table in found.tables().filter(|_| !is_seekdb) {
        let second = again.table(&table.name).unwrap();
        assert_eq!(table.differences(second, db.engine.dialect()), [], "{}: {second:#?}", table.name);
    }
    found.drop_all(&db.engine).await.unwrap();
}

fn every_type(db: &Database) -> Vec<DataType> {
    let features = &db.features;
    // seekdb tells the values of an enum without doubling the quotes in them.
    let bad = if db.server.is_some_and(|server| server.is_seekdb()) { "bad" } else { "it's bad" };
    let mood = EnumType::new("mood".into(), vec!["good".into(), bad.into()].into());
    let mut types = vec![
        DataType::Boolean,
        DataType::SmallInt,
        DataType::Integer,
        DataType::BigInt,
        DataType::UnsignedSmallInt,
        DataType::UnsignedInteger,
        DataType::UnsignedBigInt,
        DataType::Real,
        DataType::Double,
        DataType::Numeric { precision: Some(12), scale: Some(3) },
        DataType::NUMERIC,
        DataType::Text,
        DataType::Varchar(30),
        DataType::Bytes,
        DataType::Date,
        DataType::Time,
        DataType::Timestamp,
        DataType::TimestampTz,
        DataType::Uuid,
        DataType::Json,
        DataType::Jsonb,
        DataType::Interval,
        DataType::Bit(8),
        DataType::Enum(mood.clone()),
    ];
    if features.check_constraints {
        types.push(DataType::Enum(EnumType { name: "as_text".into(), ..mood }.as_text()));
    }
    if features.arrays_and_ranges {
        types.extend([
            DataType::Array(DataType::Integer.into()),
            DataType::Array(DataType::Text.into()),
            DataType::Range(RangeType::Integer),
            DataType::Range(RangeType::BigInt),
            DataType::Range(RangeType::Numeric),
            DataType::Range(RangeType::Date),
            DataType::Range(RangeType::Timestamp),
            DataType::Range(RangeType::TimestampTz),
            DataType::Inet,
            DataType::Cidr,
            DataType::BitVarying(Some(5)),
            DataType::BitVarying(None),
        ]);
    }
    types
}

#[tokio::test]
async fn every_type_comes_back() {
    on_each(async |db| {
        let columns = every_type(db).into_iter().enumerate().flat_map(|(number, data_type)| {
            [("not_null", false), ("nullable", true)].map(|(what, nullable)| {
                ColumnDef::named(format!("{what}_{number}").into(), data_type.clone()).nullable(nullable)
            })
        });
        same(db, vec![table("every_type", std::iter::once(key()).chain(columns).collect())]).await;
    })
    .await;
}

#[tokio::test]
async fn keys_come_back() {
    on_each(async |db| {
        let integer = |name| ColumnDef::new(name, DataType::Integer);
        let mut composite = table("composite", vec![integer("a").primary_key(), integer("b").primary_key()]);
        composite.primary_key_name = Some("pk_composite".into());
        let counted = |name, data_type| {
            table(name, vec![ColumnDef::new("id", data_type).primary_key().autoincrement()])
        };
        let mut child = table(
            "child",
            vec![key(), integer("a"), integer("b"), ColumnDef::new("up", DataType::BigInt).nullable(true)],
        );
        let both = ForeignKeyDef::new(names(&["a", "b"]), "composite".into(), names(&["a", "b"]));
        let up = ForeignKeyDef::new(names(&["up"]), "child".into(), names(&["id"]));
        child.foreign_keys = vec![
            both.name("fk_both").on_delete(ReferentialAction::Cascade).on_update(ReferentialAction::Cascade),
            up.on_delete(ReferentialAction::SetNull),
        ]
        .into();
        same(
            db,
            vec![
                composite,
                counted("counted_small", DataType::SmallInt),
                counted("counted", DataType::Integer),
                counted("counted_big", DataType::BigInt),
                child,
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn uniques_checks_and_indexes_come_back() {
    on_each(async |db| {
        let text = |name| ColumnDef::new(name, DataType::Varchar(40)).nullable(true);
        let number = |name| ColumnDef::new(name, DataType::Integer).nullable(true);
        let mut t = table("t", vec![key(), text("a"), text("b"), number("n"), number("m"), number("o")]);
        t.uniques = vec![
            UniqueDef::new(Some("uq_ab".into()), names(&["a", "b"])),
            UniqueDef::new(None, names(&["n"])),
        ]
        .into();
        let checks = vec![
            CheckDef::new(Some("positive".into()), "n > 0".into()),
            CheckDef::new(Some("either".into()), "(n > 0 AND m < 10) OR a IN ('x', 'it''s')".into()),
            CheckDef::new(Some("like_it".into()), "a LIKE 'a%' OR a IS NULL OR length(b) >= 2".into()),
        ];
        if db.features.check_constraints {
            t.checks = checks.into();
        }
        let column = |name: &'static str| IndexColumn::new(name.into());
        let index = |name: &'static str, columns: Vec<IndexColumn>, unique| {
            IndexDef::new(Some(name.into()), columns.into(), unique)
        };
        let mut indexes = vec![
            IndexDef::over(["m"]),
            index("ix_two", vec![column("b"), column("m")], false),
            index("ix_unique", vec![column("m"), column("o")], true),
        ];
        let f = &db.features;
        if f.partial_indexes {
            indexes.push(index("ix_some", vec![column("m").descending()], false).filter("n > 5 AND a = 'x'"));
        }
        if f.expression_indexes {
            indexes.push(index(
                "ix_lower",
                vec![IndexColumn::expression("lower(a)".into()), column("n")],
                false,
            ));
        }
        if f.prefix_indexes {
            indexes.push(index("ix_prefix", vec![column("a").length(5)], false));
        }
        t.indexes = indexes.into();
        same(db, vec![t]).await;
    })
    .await;
}

#[tokio::test]
async fn defaults_and_computed_columns_come_back() {
    on_each(async |db| {
        let of = ColumnDef::new;
        let mut columns = vec![
            key(),
            of("number", DataType::Integer).server_default("0"),
            of("negative", DataType::Integer).server_default("-1"),
            of("word", DataType::Varchar(10)).server_default("'it''s'"),
            of("empty", DataType::Varchar(10)).server_default("''"),
            of("moment", DataType::Timestamp).server_default("CURRENT_TIMESTAMP"),
            of("exact", DataType::Numeric { precision: Some(5), scale: Some(2) }).server_default("1.50"),
            of("flag", DataType::Boolean).server_default("TRUE"),
        ];
        if db.features.stored_columns {
            columns.push(of("double", DataType::Integer).nullable(true).computed("number * 2"));
        }
        if db.features.virtual_columns {
            columns.push(of("triple", DataType::Integer).nullable(true).computed_virtual("number * 3"));
        }
        same(db, vec![table("defaults", columns)]).await;
    })
    .await;
}

#[tokio::test]
async fn what_only_some_databases_have_comes_back() {
    on_each(async |db| {
        let f = &db.features;
        let number = |name| ColumnDef::new(name, DataType::Integer).nullable(true);
        let mut parent = table("parent", vec![key(), number("n")]);
        parent.uniques = vec![UniqueDef::new(Some("uq_n".into()), names(&["n"]))].into();
        let mut t = table("t", vec![key(), number("a"), number("b"), number("c")]);
        let to_parent = ForeignKeyDef::new(names(&["a"]), "parent".into(), names(&["n"]));
        if f.deferrable_constraints {
            t.foreign_keys = vec![to_parent.deferrable(Deferrable::InitiallyDeferred)].into();
        }
        if f.match_full {
            let full = ForeignKeyDef::new(names(&["b"]), "parent".into(), names(&["n"]));
            t.foreign_keys.to_mut().push(full.match_full());
        }
        if f.nulls_not_distinct {
            let unique = UniqueDef::new(Some("uq_nulls".into()), names(&["c"])).nulls_not_distinct();
            t.uniques.to_mut().push(unique);
            t.indexes.to_mut().push(
                IndexDef::new(Some("ux_nulls".into()), vec![IndexColumn::new("b".into())].into(), true)
                    .nulls_not_distinct(),
            );
        }
        if f.index_methods {
            let hashed =
                IndexDef::new(Some("ix_hash".into()), vec![IndexColumn::new("a".into())].into(), false);
            t.indexes.to_mut().push(hashed.method("hash"));
            let mut kept =
                IndexDef::new(Some("ix_kept".into()), vec![IndexColumn::new("a".into())].into(), false);
            kept.include = names(&["b", "c"]);
            t.indexes.to_mut().push(kept);
        }
        if f.index_nulls {
            let first = IndexColumn::new("c".into()).nulls(orm::tree::NullsOrder::First);
            t.indexes.to_mut().push(IndexDef::new(Some("ix_nulls".into()), vec![first].into(), false));
        }
        if f.identity_options {
            let counter = Counter::new().start(10).increment(10);
            t.columns
                .to_mut()
                .push(ColumnDef::new("counted", DataType::BigInt).identity(IdentityDef::always(counter)));
        }
        if f.comments {
            t.comment = Some("a table's comment".into());
            t.columns.to_mut()[1].comment = Some("a column's".into());
        }
        same(db, vec![parent, t]).await;
    })
    .await;
}

#[tokio::test]
async fn names_of_any_kind_come_back() {
    on_each(async |db| {
        let mut t = table(
            "with a space",
            vec![
                key(),
                ColumnDef::new("Mixed Case", DataType::Integer),
                ColumnDef::new("order", DataType::Integer),
                ColumnDef::new("with \"quotes\" and 'more'", DataType::Integer),
                ColumnDef::new("Łódź", DataType::Integer),
            ],
        );
        t.indexes = vec![IndexDef::over(["order", "Łódź"])].into();
        same(db, vec![t]).await;
    })
    .await;
}

#[tokio::test]
async fn views_and_their_text() {
    on_each(async |db| {
        let t = MetaData::new().with_table(table("t", vec![key(), ColumnDef::new("n", DataType::Integer)]));
        t.create_all(&db.engine).await.unwrap();
        db.engine.execute(text("CREATE VIEW positive AS SELECT id, n FROM t WHERE n > 0")).await.unwrap();
        let mut inspector = Inspector::new(&db.engine).await.unwrap();
        assert_eq!(inspector.table_names(None).await.unwrap(), ["t"]);
        assert_eq!(inspector.view_names(None).await.unwrap(), ["positive"]);
        let definition = inspector.view_definition(None, "positive").await.unwrap().unwrap();
        assert!(definition.to_lowercase().contains("where"), "{definition}");
        assert_eq!(inspector.view_definition(None, "nothing").await.unwrap(), None);
        let columns = inspector.columns("positive").await.unwrap();
        assert_eq!(columns.iter().map(|c| c.name.as_ref()).collect::<Vec<_>>(), ["id", "n"]);
        assert!(!inspector.has_table("nothing").await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_difference_is_found_and_named() {
    on_each(async |db| {
        let mut t = table("t", vec![key(), ColumnDef::new("n", DataType::Integer)]);
        MetaData::new().with_table(t.clone()).create_all(&db.engine).await.unwrap();
        let found = TableDef::reflect(&db.engine, "t").await.unwrap();
        t.columns.to_mut()[1].nullable = true;
        t.columns.to_mut()[1].data_type = DataType::Text;
        t.uniques = vec![UniqueDef::new(None, names(&["n"]))].into();
        let places: Vec<String> =
            t.differences(&found, db.engine.dialect()).into_iter().map(|d| d.place).collect();
        assert_eq!(places, ["t n type", "t n NULL", "t unique"]);
        let missing = TableDef::reflect(&db.engine, "nothing").await.unwrap_err();
        assert!(
            matches!(missing, orm::Error::Statement { kind: orm::StatementKind::NoSuchTable, .. }),
            "{missing}"
        );
    })
    .await;
}

#[tokio::test]
async fn any_number_of_tables_takes_few_statements() {
    on_each_with(
        |_| true,
        "",
        async |db| {
            let many = (0..30).fold(MetaData::new(), |metadata, n| {
                metadata.with_table(TableDef::new(format!("t{n:02}").into(), vec![key()].into()))
            });
            many.create_all(&db.engine).await.unwrap();
            let sent = crate::support::Statements::record();
            let found = MetaData::reflect(&db.engine, None).await.unwrap();
            assert_eq!(found.tables().count(), 30);
            let sent = sent.take().len();
            assert!(sent <= 15, "{sent} statements");
        },
    )
    .await;
}
