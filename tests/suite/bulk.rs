//! Many rows in one statement: UPDATE by keys, INSERT of rows of values, upserts.

use orm::prelude::*;
use orm::schema::Name;
use orm::tree::{Insert, InsertSource, Rows, SelectItem, Statement, TableRef, UpdateRows};
use orm::{Mapped, Value};

use crate::databases::{Database, on_each, rows};
use crate::models::{Line, Tag, User, create};
use crate::support::Statements;

/// The UPDATE of rows of `E` by the columns of `key`, whose types are the table's.
fn update_rows<E: Mapped>(key: &[&'static str], set: &[&'static str], rows: Vec<Vec<Value>>) -> Statement {
    let names = |list: &[&'static str]| list.iter().map(|name| Name::Borrowed(name)).collect();
    let column = |name: &&str| E::TABLE.columns[E::TABLE.position(name).unwrap()].data_type.clone();
    let types = key.iter().chain(set).map(column).collect();
    Statement::UpdateRows(UpdateRows {
        table: TableRef::new(E::TABLE),
        key: names(key),
        set: names(set),
        rows: Rows::new(types, rows),
    })
}

/// Writes all columns of the objects into the rows of their keys, which are the first columns, by one UPDATE of rows.
pub(crate) async fn write_over<E: Mapped>(db: &Database, values: &[E]) {
    let columns = &E::TABLE.columns;
    let row = |value: &E| (0..columns.len()).filter_map(|at| value.value(at)).collect();
    let statement = Statement::UpdateRows(UpdateRows {
        table: TableRef::new(E::TABLE),
        key: vec![columns[0].name.clone()],
        set: columns[1..].iter().map(|column| column.name.clone()).collect(),
        rows: Rows::new(
            columns.iter().map(|column| column.data_type.clone()).collect(),
            values.iter().map(row).collect(),
        ),
    });
    assert_eq!(db.engine.execute(statement).await.unwrap(), values.len() as u64);
}

fn text_value(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[tokio::test]
async fn rows_get_values_of_their_own() {
    on_each(async |db| {
        create(&db.engine).await;
        let users = ["a", "b", "c"].map(|name| User { name: name.into(), ..default() });
        db.engine.execute(insert(User).values(users)).await.unwrap();
        let row = |id, name: &str, fullname: Option<&str>| {
            vec![Value::I64(id), text_value(name), fullname.map_or(Value::Null, text_value)]
        };
        let all = vec![row(1, "x", None), row(3, "z", Some("Z")), row(9, "nobody", None)];
        let change = update_rows::<User>(&["id"], &["name", "fullname"], all);
        assert_eq!(db.engine.execute(change.clone()).await.unwrap(), 2);
        let found = ["1|x|NULL", "2|b|NULL", "3|z|Z"];
        assert_eq!(rows(&db.engine, "user_account", "id, name, fullname").await, found);
        // What is there already is matched all the same.
        assert_eq!(db.engine.execute(change).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn keys_of_several_columns() {
    on_each(async |db| {
        create(&db.engine).await;
        for number in [1, 2] {
            let purchase = insert(crate::models::Purchase)
                .set(crate::models::Purchase::shop, "s")
                .set(crate::models::Purchase::number, number);
            db.engine.execute(purchase).await.unwrap();
            let line = |position| Line {
                shop: "s".into(),
                number,
                position,
                item: format!("{number}.{position}"),
                ..default()
            };
            db.engine.execute(insert(Line).values([line(1), line(2)])).await.unwrap();
        }
        let row = |number, position, to, item: &str| {
            vec![text_value("s"), Value::I64(number), Value::I64(position), Value::I64(to), text_value(item)]
        };
        // The position is both found and set, as a version is.
        let change = update_rows::<Line>(
            &["shop", "number", "position"],
            &["position", "item"],
            vec![row(1, 1, 5, "a"), row(2, 2, 6, "b"), row(2, 9, 7, "nobody")],
        );
        assert_eq!(db.engine.execute(change).await.unwrap(), 2);
        assert_eq!(
            rows(&db.engine, "line", "number, position, item").await,
            ["1|2|1.2", "1|5|a", "2|1|2.1", "2|6|b"]
        );
    })
    .await;
}

/// Some thousand tags, and their names by their keys.
async fn many_tags(db: &Database) -> Vec<(i64, String)> {
    create(&db.engine).await;
    let tags: Vec<Tag> = (0..5_000).map(|n| Tag { name: format!("tag {n}"), ..default() }).collect();
    assert_eq!(db.engine.execute(insert(Tag).values(tags)).await.unwrap(), 5_000);
    db.engine.all(select((Tag::id, Tag::name)).order_by(Tag::id)).await.unwrap()
}

#[tokio::test]
async fn more_rows_than_one_statement_takes() {
    on_each(async |db| {
        let tags = many_tags(db).await;
        let row = |(id, name): &(i64, String)| vec![Value::I64(*id), Value::Text(format!("new {name}"))];
        let change = update_rows::<Tag>(&["id"], &["name"], tags.iter().map(row).collect());
        let sent = Statements::record();
        assert_eq!(db.engine.execute(change).await.unwrap(), 5_000);
        let statements = sent.taken("UPDATE").len();
        assert_eq!(statements, 5_000_usize.div_ceil(db.features.max_update_rows), "{}", db.name);
        if db.features.array_binds {
            assert_eq!(statements, 1);
        }
        let found = db.engine.all(select((Tag::id, Tag::name)).order_by(Tag::id)).await.unwrap();
        let expected: Vec<_> = tags.into_iter().map(|(id, name)| (id, format!("new {name}"))).collect();
        assert_eq!(found, expected);
    })
    .await;
}

#[tokio::test]
async fn generated_keys_ascend_in_the_order_of_the_rows() {
    on_each(async |db| {
        create(&db.engine).await;
        let names: Vec<String> = (0..5_000).map(|n| format!("{:04}", (n * 7_919) % 10_000)).collect();
        let all = names.iter().map(|name| vec![Value::Text(name.clone())]).collect();
        let name = &Tag::TABLE.columns[1];
        let statement = Insert {
            table: TableRef::new(Tag::TABLE),
            columns: vec![name.name.clone()],
            source: InsertSource::Rows(Rows::new(vec![name.data_type.clone()], all)),
            returning: Vec::<SelectItem>::new(),
        };
        let sent = Statements::record();
        let inserted = db.engine.execute(Statement::Insert(statement)).await.unwrap();
        assert_eq!(inserted, 5_000);
        if db.features.array_binds {
            assert_eq!(sent.taken("INSERT"), ["INSERT INTO tag (name) SELECT * FROM UNNEST(?)"]);
        }
        assert_eq!(db.engine.all(select(Tag::name).order_by(Tag::id)).await.unwrap(), names);
    })
    .await;
}
