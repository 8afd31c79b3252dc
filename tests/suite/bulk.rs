//! Many rows in one statement: UPDATE by keys, INSERT of rows of values, upserts.

use orm::prelude::*;
use orm::schema::Name;
use orm::tree::{Insert, InsertSource, Rows, SelectItem, Statement, TableRef, UpdateRows};
use orm::{CompileError, Error, Mapped, Value};

use crate::databases::{Database, on_each, rows};
use crate::models::{Blog, Line, Post, PostTag, Stamp, Tag, User, create};
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
            prefixes: Vec::new(),
            or: None,
            with: orm::tree::With::default(),
            table: TableRef::new(Tag::TABLE),
            columns: vec![name.name.clone()],
            source: InsertSource::Rows(Rows::new(vec![name.data_type.clone()], all)),
            on_conflict: None,
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

#[tokio::test]
async fn typed_rows_by_their_keys() {
    on_each(async |db| {
        create(&db.engine).await;
        let users = ["a", "b", "c"].map(|name| User { name: name.into(), ..default() });
        db.engine.execute(insert(User).values(&users)).await.unwrap();
        let sent = Statements::record();
        let change =
            update(User).set_many((User::name, User::fullname), [(1, ("x", None)), (2, ("y", None))]);
        assert_eq!(db.engine.execute(change.clone()).await.unwrap(), 2);
        if db.features.array_binds {
            assert_eq!(
                sent.taken("UPDATE"),
                ["UPDATE user_account SET name = v.column2, fullname = v.column3 \
                  FROM UNNEST(?, ?, ?) AS v (column1, column2, column3) WHERE user_account.id = v.column1"]
            );
        }
        // The same matches again, though nothing changes.
        assert_eq!(db.engine.execute(change).await.unwrap(), 2);
        let names: Vec<(i64, String)> = vec![(3, "z".into()), (1, "first".into()), (1, "last".into())];
        let mut session = Session::new(&db.engine);
        assert_eq!(session.execute(update(User).set_many(User::name, names)).await.unwrap(), 2);
        session.commit().await.unwrap();
        let full = [(2, Some("Y Z".to_owned())), (3, None)];
        let change = update(User).set(User::name, "same").set_many(User::fullname, full);
        assert_eq!(db.engine.execute(change).await.unwrap(), 2);
        let found = ["1|last|NULL", "2|same|Y Z", "3|same|NULL"];
        assert_eq!(rows(&db.engine, "user_account", "id, name, fullname").await, found);
        let nobody: [(i64, &str); 0] = [];
        assert_eq!(db.engine.execute(update(User).set_many(User::name, nobody)).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn typed_rows_are_checked_and_stamped() {
    on_each(async |db| {
        create(&db.engine).await;
        db.engine.execute(insert(Stamp).values([Stamp::new("a"), Stamp::new("b")])).await.unwrap();
        let change = update(Stamp).set_many(Stamp::label, [(1, "x"), (2, "y")]);
        assert_eq!(db.engine.execute(change).await.unwrap(), 2);
        assert_eq!(rows(&db.engine, "stamp", "label, updated").await, ["x|changed", "y|changed"]);
        let given = [(1, ("z", None)), (2, ("z", Some("given".to_owned())))];
        let change = update(Stamp).set_many((Stamp::label, Stamp::updated), given);
        assert_eq!(db.engine.execute(change).await.unwrap(), 2);
        assert_eq!(rows(&db.engine, "stamp", "label, updated").await, ["z|NULL", "z|given"]);
        let long = "x".repeat(31);
        let change = update(User).set_many(User::name, [(1, "x"), (2, long.as_str())]);
        let error = db.engine.execute(change).await.unwrap_err();
        assert!(matches!(error, Error::Compile(CompileError::Value { .. })), "{error}");
        let expression =
            update(Stamp).set(Stamp::counter, Stamp::counter + 1).set_many(Stamp::label, [(1, "x")]);
        let error = db.engine.execute(expression).await.unwrap_err();
        assert!(matches!(error, Error::Compile(CompileError::Invalid(_))), "{error}");
    })
    .await;
}

#[tokio::test]
async fn typed_rows_by_keys_of_several_columns() {
    on_each(async |db| {
        let tags = many_tags(db).await;
        let post = {
            let mut session = Session::new(&db.engine);
            let blog = session.add(Blog { posts: many![Post::default(), Post::default()], ..default() });
            session.commit().await.unwrap();
            _ = blog;
            session.all(select(Post::id).order_by(Post::id)).await.unwrap()
        };
        let links: Vec<PostTag> =
            tags.iter().map(|(id, _)| PostTag { post_id: post[0], tag_id: *id }).collect();
        db.engine.execute(insert(PostTag).values(&links)).await.unwrap();
        let moved = links.iter().map(|link| ((link.post_id, link.tag_id), post[1]));
        let change = update(PostTag).set_many(PostTag::post_id, moved);
        assert_eq!(db.engine.execute(change).await.unwrap(), 5_000);
        let left = select(count(PostTag)).filter(PostTag::post_id.eq(post[0]));
        assert_eq!(db.engine.one(left).await.unwrap(), 0);
    })
    .await;
}
