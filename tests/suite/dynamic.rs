//! Tables that are known at run time only, in every statement.

use orm::dynamic::{self, DynamicTable, IntoValue};
use orm::prelude::*;
use orm::schema::{ColumnDef, ForeignKeyDef, TableDef};
use orm::{CompileError, DataType, Error, MetaData, ReflectTable, Value};

use crate::databases::{Database, on_each, on_each_with, rows};

const TABLES: &str = "planet|moon";

fn definitions() -> [TableDef; 2] {
    let planet = TableDef::new(
        "planet".into(),
        vec![
            ColumnDef::new("id", DataType::Integer).primary_key(),
            ColumnDef::new("name", DataType::Varchar(40)),
            ColumnDef::new("rings", DataType::Boolean).nullable(true),
        ]
        .into(),
    );
    let key = ForeignKeyDef::new(vec!["planet_id".into()].into(), "planet".into(), vec!["id".into()].into());
    let mut moon = TableDef::new(
        "moon".into(),
        vec![
            ColumnDef::new("name", DataType::Varchar(40)).primary_key(),
            ColumnDef::new("planet_id", DataType::Integer),
            ColumnDef::new("radius", DataType::Double).nullable(true),
        ]
        .into(),
    );
    moon.foreign_keys = vec![key].into();
    [planet, moon]
}

/// The two tables, made and read back.
async fn reflected(db: &Database) -> (DynamicTable, DynamicTable) {
    let [planet, moon] = definitions();
    MetaData::new().with_table(planet).with_table(moon).create_all(&db.engine).await.unwrap();
    let read = async |name| DynamicTable::new(TableDef::reflect(&db.engine, name).await.unwrap());
    let (planet, moon) = (read("planet").await, read("moon").await);
    let names = [planet.definition().name.clone(), moon.definition().name.clone()].join("|");
    assert_eq!(names, TABLES);
    let insert = planet.insert();
    let insert = insert
        .row([("id", 1.into_value()), ("name", "Saturn".into_value()), ("rings", true.into_value())])
        .unwrap();
    // A row may name its columns in any order.
    let insert =
        insert.row([("name", "Mars".into_value()), ("rings", Value::Null), ("id", 2.into_value())]).unwrap();
    assert_eq!(db.engine.execute(insert).await.unwrap(), 2);
    let insert = moon.insert();
    let insert = insert
        .row([("name", "Titan".into_value()), ("planet_id", 1.into_value()), ("radius", 2575.5.into_value())])
        .unwrap();
    let insert = insert
        .row([("name", "Rhea".into_value()), ("planet_id", 1_i64.into_value()), ("radius", Value::Null)])
        .unwrap();
    assert_eq!(db.engine.execute(insert).await.unwrap(), 2);
    (planet, moon)
}

#[tokio::test]
async fn queries() {
    on_each(async |db| {
        let (planet, moon) = reflected(db).await;
        let (id, name, rings) =
            (planet.column("id").unwrap(), planet.column("name").unwrap(), planet.column("rings").unwrap());

        let all = db.engine.all(planet.select().order_by(id.asc())).await.unwrap();
        assert_eq!(all[0].columns(), ["id", "name", "rings"]);
        assert_eq!(
            all.iter().map(|row| row.get::<String>("name").unwrap()).collect::<Vec<_>>(),
            ["Saturn", "Mars"]
        );

        let on = moon.column("planet_id").unwrap().equals(&id).unwrap();
        let joined = dynamic::select([name.clone(), moon.column("name").unwrap()])
            .from(&planet)
            .outer_join(&moon, on)
            .order_by(name.asc())
            .order_by(moon.column("name").unwrap().asc())
            .rows::<(String, Option<String>)>();
        let expected = [("Mars", None), ("Saturn", Some("Rhea")), ("Saturn", Some("Titan"))];
        let expected = expected.map(|(planet, moon)| (planet.to_owned(), moon.map(str::to_owned)));
        assert_eq!(db.engine.all(joined).await.unwrap(), expected);

        let count = orm::count(moon.column("name").unwrap().of::<String>().unwrap());
        let grouped = dynamic::select([
            dynamic::DynamicItem::from(moon.column("planet_id").unwrap()),
            count.clone().label("moons").into(),
        ])
        .from(&moon)
        .group_by(moon.column("planet_id").unwrap())
        .having(count.gt(1))
        .rows::<(i32, i64)>();
        assert_eq!(db.engine.all(grouped).await.unwrap(), [(1, 2)]);

        let found = |condition| {
            db.engine.all(dynamic::select([id.clone()]).from(&planet).filter(condition).rows::<i32>())
        };
        assert_eq!(found(rings.eq(true).unwrap()).await.unwrap(), [1]);
        assert_eq!(found(rings.eq(Value::Null).unwrap()).await.unwrap(), [2]);
        assert_eq!(found(rings.is_not_null()).await.unwrap(), [1]);
        assert_eq!(found(name.in_(["Mars", "Pluto"]).unwrap()).await.unwrap(), [2]);
        assert_eq!(found(id.ge(2_i64).unwrap()).await.unwrap(), [2]);

        // The same table twice.
        let other = planet.alias("other");
        let pairs = dynamic::select([id.clone(), other.column("id").unwrap()])
            .from(&planet)
            .from(&other)
            .filter(id.of::<i32>().unwrap().lt(other.column("id").unwrap().of::<i32>().unwrap()))
            .rows::<(i32, i32)>();
        assert_eq!(db.engine.all(pairs).await.unwrap(), [(1, 2)]);
    })
    .await;
}

#[tokio::test]
async fn changes() {
    on_each(async |db| {
        let (planet, moon) = reflected(db).await;
        let id = planet.column("id").unwrap();
        let update = planet.update().set("name", "Mars!").unwrap().set("rings", false).unwrap();
        assert_eq!(db.engine.execute(update.filter(id.eq(2).unwrap())).await.unwrap(), 1);
        let radius = moon.column("radius").unwrap().of::<Option<f64>>().unwrap();
        let twice = moon.update().set_expression("radius", radius * 2.0).unwrap().all_rows();
        assert_eq!(db.engine.execute(twice).await.unwrap(), 2);
        assert_eq!(rows(&db.engine, "planet", "id, name, rings").await, ["1|Saturn|1", "2|Mars!|0"]);
        assert_eq!(rows(&db.engine, "moon", "name, radius").await, ["Rhea|NULL", "Titan|5151"]);
        assert_eq!(
            db.engine.execute(moon.delete().filter(moon.column("radius").unwrap().is_null())).await.unwrap(),
            1
        );
        assert_eq!(db.engine.execute(moon.delete().all_rows()).await.unwrap(), 1);
        assert_eq!(rows(&db.engine, "moon", "name").await, [""; 0]);
        let again = planet
            .insert()
            .row(
                [("id", 1), ("name", 0)]
                    .map(|(n, v)| (n, if n == "id" { v.into_value() } else { "Saturn II".into_value() })),
            )
            .unwrap();
        let upsert = again.clone().on_conflict_do_update(&["id"], &["name"]).unwrap();
        db.engine.execute(upsert).await.unwrap();
        db.engine.execute(again.on_conflict_do_nothing(&["id"]).unwrap()).await.unwrap();
        assert_eq!(rows(&db.engine, "planet", "id, name").await, ["1|Saturn II", "2|Mars!"]);
    })
    .await;
}

#[tokio::test]
async fn returned_rows() {
    on_each_with(
        |f| f.insert_returning && f.update_returning && f.delete_returning,
        "RETURNING",
        async |db| {
            let (planet, _) = reflected(db).await;
            let id = planet.column("id").unwrap();
            let insert =
                planet.insert().row([("id", 3.into_value()), ("name", "Pluto".into_value())]).unwrap();
            let row = db.engine.one(insert.returning(&["name", "rings"]).unwrap()).await.unwrap();
            assert_eq!(row.columns(), ["name", "rings"]);
            assert_eq!(
                (row.get::<String>("name").unwrap(), row.get::<Option<bool>>("rings").unwrap()),
                ("Pluto".into(), None)
            );
            let update = planet.update().set("rings", true).unwrap().filter(id.eq(3).unwrap());
            let row = db.engine.one(update.returning(&["id"]).unwrap()).await.unwrap();
            assert_eq!(row.get::<i32>("id").unwrap(), 3);
            let delete = planet.delete().filter(id.eq(3).unwrap()).returning(&["name"]).unwrap();
            assert_eq!(db.engine.one(delete).await.unwrap().get::<String>(0).unwrap(), "Pluto");
        },
    )
    .await;
}

#[test]
fn what_does_not_fit() {
    let [planet, moon] = definitions().map(DynamicTable::new);
    let id = planet.column("id").unwrap();
    let said = |error: CompileError| error.to_string();
    assert_eq!(
        said(planet.column("mass").unwrap_err()),
        "`planet` has no column `mass`; its columns are id, name, rings"
    );
    assert_eq!(said(id.eq("x").unwrap_err()), r#"`planet.id` is INTEGER, and Text("x") does not fit it"#);
    assert_eq!(
        said(id.eq(1_i64 << 40).unwrap_err()),
        "`planet.id` is INTEGER, and I64(1099511627776) does not fit it"
    );
    assert_eq!(
        said(id.of::<String>().unwrap_err()),
        "`planet.id` is INTEGER, and a value of the type alloc::string::String does not fit it"
    );
    assert_eq!(
        said(planet.column("rings").unwrap().of::<bool>().unwrap_err()),
        "`planet.rings` is BOOLEAN or NULL, and a value of the type bool does not fit it"
    );
    assert_eq!(
        said(id.equals(&moon.column("name").unwrap()).unwrap_err()),
        "`planet.id` is INTEGER, and `moon.name` of the type VARCHAR(40) does not fit it"
    );
    let two = planet.insert().row([("id", 1)]).unwrap();
    assert_eq!(
        said(two.clone().row([("id", 2), ("rings", 1)]).unwrap_err()),
        "`planet.rings` is BOOLEAN or NULL, and I32(1) does not fit it".replace(" or NULL", "")
    );
    assert_eq!(
        said(two.row([("name", "x")]).unwrap_err()),
        "this statement cannot be compiled: the rows that are inserted into `planet` give unlike columns"
    );
}

#[tokio::test]
async fn what_is_not_in_from() {
    on_each(async |db| {
        let (planet, moon) = reflected(db).await;
        let wrong = [
            planet.select().filter(moon.column("name").unwrap().eq("x").unwrap()),
            planet.select().order_by(moon.column("name").unwrap().asc()),
            dynamic::select([moon.column("name").unwrap()]).from(&planet),
            dynamic::select([planet.column("name").unwrap(), moon.column("name").unwrap()])
                .from(&planet)
                .join(&moon.alias("m"), moon.column("planet_id").unwrap().is_null()),
        ];
        for query in wrong {
            let error = db.engine.all(query).await.unwrap_err();
            assert!(
                matches!(&error, Error::Compile(CompileError::NotInScope { source_name, .. }) if source_name == "moon"),
                "{error:?}"
            );
        }
        let update = planet.update().set("rings", true).unwrap().filter(moon.column("name").unwrap().is_null());
        let error = db.engine.execute(update).await.unwrap_err();
        assert!(matches!(error, Error::Compile(CompileError::NotInScope { .. })), "{error:?}");
    })
    .await;
}
