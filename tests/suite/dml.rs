//! INSERT, UPDATE, DELETE and MERGE in all their forms.

use std::sync::atomic::{AtomicI64, Ordering};

use orm::functions::{coalesce, lower, upper};
use orm::prelude::*;
use orm::{Error, Features, Jsonb, Result, literal};

use crate::databases::{Database, on_each, on_each_with, rows};

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "person")]
struct Person {
    #[column(primary_key)]
    id: i64,
    #[column(length = 40)]
    name: String,
    #[column(length = 40)]
    city: Option<String>,
    score: i64,
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "place")]
struct Place {
    #[column(primary_key)]
    id: i64,
    person_id: i64,
    #[column(length = 40)]
    city: String,
}

alias!(Other = Person);

#[derive(Record, Debug, Clone, PartialEq)]
struct Near {
    person_id: i64,
}

/// What a database says to what it has not.
#[track_caller]
fn is_unsupported<T: std::fmt::Debug>(result: Result<T>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
}

fn person(id: i64, name: &str, city: Option<&str>, score: i64) -> Person {
    Person { id, name: name.into(), city: city.map(Into::into), score }
}

fn place(id: i64, person_id: i64, city: &str) -> Place {
    Place { id, person_id, city: city.into() }
}

/// Ann without a city, Bob in Rome, Cid without one; places for Ann (Oslo) and Bob (Bonn).
async fn people(db: &Database) {
    metadata![Person, Place].create_all(&db.engine).await.unwrap();
    let people = [person(1, "ann", None, 1), person(2, "bob", Some("Rome"), 2), person(3, "cid", None, 3)];
    db.engine.execute(insert(Person).values(people)).await.unwrap();
    db.engine.execute(insert(Place).values([place(1, 1, "Oslo"), place(2, 2, "Bonn")])).await.unwrap();
}

async fn cities(db: &Database) -> Vec<String> {
    rows(&db.engine, "person", "name, city, score").await
}

#[tokio::test]
async fn an_update_reads_another_table() {
    on_each(async |db| {
        people(db).await;
        let moved = update(Person)
            .from(Place)
            .set(Person::city, Place::city)
            .set(Person::score, Person::score + Place::id)
            .filter(Person::id.eq(Place::person_id));
        let done = db.engine.execute(moved).await;
        if !db.features.update_from {
            return is_unsupported(done);
        }
        assert_eq!(done.unwrap(), 2);
        assert_eq!(cities(db).await, ["ann|Oslo|2", "bob|Bonn|4", "cid|NULL|3"]);
        // Its own table again, under another name.
        let follow = update(Person)
            .from(Other)
            .set(Person::city, Person::city.of(Other))
            .filter(Person::id.eq(Person::id.of(Other) + 2).and(Person::name.of(Other).eq("ann")));
        assert_eq!(db.engine.execute(follow).await.unwrap(), 1);
        assert_eq!(cities(db).await, ["ann|Oslo|2", "bob|Bonn|4", "cid|Oslo|3"]);
    })
    .await;
}

#[tokio::test]
async fn an_update_of_joined_tables_tells_its_rows() {
    on_each_with(
        |f| f.update_from && f.joined_returning,
        "UPDATE … FROM … RETURNING",
        async |db| {
            people(db).await;
            let moved = || {
                update(Person)
                    .from(Place)
                    .set(Person::city, Place::city)
                    .filter(Person::id.eq(Place::person_id).and(Place::city.eq("Oslo")))
            };
            let own = moved().returning((Person::name, Person::city));
            assert_eq!(db.engine.all(own).await.unwrap(), [("ann".to_owned(), Some("Oslo".to_owned()))]);
            let both = db.engine.all(moved().returning((Person::id, Place::id, Place::city))).await;
            if db.features.other_table_returning {
                assert_eq!(both.unwrap(), [(1, 1, "Oslo".to_owned())]);
            } else {
                is_unsupported(both);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_delete_reads_another_table() {
    on_each(async |db| {
        people(db).await;
        let gone = || {
            delete(Person).using(Place).filter(Person::id.eq(Place::person_id).and(Place::city.eq("Oslo")))
        };
        if !db.features.delete_using {
            return is_unsupported(db.engine.execute(gone()).await);
        }
        assert_eq!(db.engine.execute(gone()).await.unwrap(), 1);
        assert_eq!(cities(db).await, ["bob|Rome|2", "cid|NULL|3"]);
        let told = delete(Person)
            .using(Place)
            .filter(Person::id.eq(Place::person_id))
            .returning((Person::name, Place::city));
        let told = db.engine.all(told).await;
        if db.features.joined_returning {
            assert_eq!(told.unwrap(), [("bob".to_owned(), "Bonn".to_owned())]);
        } else {
            is_unsupported(told);
        }
    })
    .await;
}

#[tokio::test]
async fn rows_of_an_insert_are_expressions() {
    on_each(async |db| {
        metadata![Person].create_all(&db.engine).await.unwrap();
        let columns = (Person::id, Person::name, Person::city, Person::score);
        let people = insert(Person).rows(
            columns,
            [
                (1, lower(literal("ANN".to_owned())), Some("Oslo"), 1),
                (2, upper(literal("bob".to_owned())), None, 2),
            ],
        );
        assert_eq!(db.engine.execute(people).await.unwrap(), 2);
        let next = select(max(Person::id) + 1).scalar();
        let third = insert(Person)
            .set(Person::id, coalesce(next, 1))
            .set(Person::name, "cid")
            .set(Person::city, None::<&str>)
            .set(Person::score, literal(1_i64) + 2);
        assert_eq!(db.engine.execute(third).await.unwrap(), 1);
        assert_eq!(cities(db).await, ["BOB|NULL|2", "ann|Oslo|1", "cid|NULL|3"]);
    })
    .await;
}

static COUNTER: AtomicI64 = AtomicI64::new(100);

fn next_ticket() -> i64 {
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

fn yes() -> bool {
    true
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "guest")]
struct Guest {
    #[column(primary_key)]
    id: Auto<i64>,
    #[column(length = 40, server_default = "'nobody'")]
    name: Auto<String>,
    #[column(default = next_ticket)]
    ticket: Auto<i64>,
    #[column(default = yes)]
    comes: Auto<bool>,
}

#[tokio::test]
async fn columns_that_are_not_given_get_their_defaults() {
    on_each(async |db| {
        metadata![Guest, Place].create_all(&db.engine).await.unwrap();
        let first = COUNTER.load(Ordering::Relaxed);
        db.engine.execute(insert(Guest).set(Guest::name, "ann")).await.unwrap();
        db.engine
            .execute(insert(Guest).rows((Guest::name, Guest::comes), [("bob", false), ("cid", true)]))
            .await
            .unwrap();
        db.engine.execute(insert(Guest).default_values()).await.unwrap();
        db.engine.execute(insert(Place).values(place(1, 7, "dan"))).await.unwrap();
        let copied = insert(Guest).from_select(Guest::name, select(Place::city));
        db.engine.execute(copied).await.unwrap();
        let found = db
            .engine
            .all(select((Guest::name, Guest::ticket, Guest::comes)).order_by(Guest::id))
            .await
            .unwrap();
        let names: Vec<(&str, bool)> = found.iter().map(|(name, _, comes)| (name.as_str(), *comes)).collect();
        assert_eq!(names, [("ann", true), ("bob", false), ("cid", true), ("nobody", true), ("dan", true)]);
        let mut tickets: Vec<i64> = found.iter().map(|(_, ticket, _)| *ticket).collect();
        assert!(tickets.iter().all(|ticket| *ticket >= first), "{tickets:?}");
        // Each row has one of its own.
        tickets.dedup();
        assert_eq!(tickets.len(), 5);
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "word")]
struct Word {
    #[column(primary_key)]
    id: i64,
    #[column(length = 40, unique)]
    text: String,
    hits: i64,
}

#[tokio::test]
async fn the_words_of_one_database_are_unsupported_elsewhere() {
    on_each(async |db| {
        metadata![Word].create_all(&db.engine).await.unwrap();
        let word = |id, text: &str| Word { id, text: text.into(), hits: 1 };
        db.engine.execute(insert(Word).values(word(1, "a"))).await.unwrap();
        let again = || insert(Word).values([word(2, "a"), word(3, "b")]);
        let results =
            [db.engine.execute(again().or_ignore()).await, db.engine.execute(again().ignore()).await];
        for result in results.into_iter().filter(|result| !matches!(result, Err(Error::Unsupported { .. }))) {
            assert_eq!(result.unwrap(), 1);
            assert_eq!(rows(&db.engine, "word", "id, text").await, ["1|a", "3|b"]);
        }
        db.engine.execute(delete(Word).filter(Word::id.eq(3))).await.unwrap();
        match db.engine.execute(again().or_replace()).await {
            Err(Error::Unsupported { .. }) => assert!(db.features.merge || db.features.conflict_constraints),
            done => {
                done.unwrap();
                assert_eq!(rows(&db.engine, "word", "id, text").await, ["2|a", "3|b"]);
            }
        }
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "draft", index(columns(title), unique, filter = "hits > 0", name = "ix_draft"))]
struct Draft {
    #[column(primary_key)]
    id: i64,
    #[column(length = 40)]
    title: String,
    hits: i64,
}

#[tokio::test]
async fn an_upsert_names_a_partial_index() {
    on_each_with(
        |f| f.conflict_targets && f.partial_indexes,
        "ON CONFLICT (columns) WHERE",
        async |db| {
            metadata![Draft].create_all(&db.engine).await.unwrap();
            // Often enough for a server to plan the statement without its values.
            for id in 1..=8 {
                let draft = Draft { id, title: "a".into(), hits: 1 };
                let count = insert(Draft)
                    .values(draft)
                    .on_conflict(Draft::title)
                    .index_where(Draft::hits.gt(0))
                    .do_update(|draft| draft.set(Draft::hits, Draft::hits + 1));
                assert_eq!(db.engine.execute(count).await.unwrap(), 1);
            }
            assert_eq!(rows(&db.engine, "draft", "id, hits").await, ["1|8"]);
        },
    )
    .await;
}

#[tokio::test]
async fn an_update_and_a_delete_stop_after_some_rows() {
    on_each(async |db| {
        people(db).await;
        let two = update(Person).set(Person::score, 0).all_rows().order_by(Person::id.desc()).limit(2);
        let last = delete(Person).all_rows().order_by(Person::id.desc()).limit(1);
        if !db.features.update_limit {
            is_unsupported(db.engine.execute(two).await);
            return is_unsupported(db.engine.execute(last).await);
        }
        assert_eq!(db.engine.execute(two).await.unwrap(), 2);
        assert_eq!(db.engine.execute(last).await.unwrap(), 1);
        assert_eq!(cities(db).await, ["ann|NULL|1", "bob|Rome|0"]);
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "summary")]
struct Summary {
    #[column(primary_key)]
    id: i64,
    people: Option<i64>,
    best: Option<i64>,
}

#[tokio::test]
async fn columns_are_set_from_one_row() {
    on_each(async |db| {
        people(db).await;
        metadata![Summary].create_all(&db.engine).await.unwrap();
        db.engine.execute(insert(Summary).values(Summary { id: 1, ..default() })).await.unwrap();
        let counted = select((count(Person::id), max(Person::score))).filter(Person::id.ge(2));
        let done = db
            .engine
            .execute(update(Summary).set_columns((Summary::people, Summary::best), counted).all_rows())
            .await;
        if !db.features.row_assignment {
            return is_unsupported(done);
        }
        assert_eq!(done.unwrap(), 1);
        assert_eq!(rows(&db.engine, "summary", "people, best").await, ["2|3"]);
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "sheet")]
struct Sheet {
    #[column(primary_key)]
    id: i64,
    marks: Vec<i32>,
    doc: Jsonb,
}

#[tokio::test]
async fn a_part_of_a_column_is_set() {
    on_each_with(
        |f: &Features| f.arrays_and_ranges,
        "arrays",
        async |db| {
            metadata![Sheet].create_all(&db.engine).await.unwrap();
            let doc = Jsonb(serde_json::json!({"a": 1}));
            db.engine
                .execute(insert(Sheet).values(Sheet { id: 1, marks: vec![1, 2, 3], doc }))
                .await
                .unwrap();
            let change = update(Sheet)
                .set_slice(Sheet::marks, 1, 2, vec![8, 9])
                .set_element(Sheet::marks, 3, 7)
                .set_key(Sheet::doc, "b", Jsonb(serde_json::json!([true])))
                .all_rows();
            assert_eq!(db.engine.execute(change).await.unwrap(), 1);
            let sheet = db.engine.one(select(Sheet)).await.unwrap();
            assert_eq!(sheet.marks, [8, 9, 7]);
            assert_eq!(sheet.doc, Jsonb(serde_json::json!({"a": 1, "b": [true]})));
        },
    )
    .await;
}

#[tokio::test]
async fn a_merge_inserts_updates_and_deletes() {
    on_each(async |db| {
        people(db).await;
        db.engine.execute(insert(Place).values([place(3, 3, "Nice"), place(4, 4, "Ulm")])).await.unwrap();
        let merged = || {
            merge(Person)
                .using(Place, Person::id.eq(Place::person_id))
                .when_matched()
                .and(Place::city.eq("Oslo"))
                .do_nothing()
                .when_matched()
                .and(Person::name.eq("cid"))
                .delete()
                .when_matched()
                .update(|row| row.set(Person::city, Place::city).set(Person::score, Person::score * 10))
                .when_not_matched()
                .insert(|row| {
                    row.set(Person::id, Place::person_id)
                        .set(Person::name, lower(Place::city))
                        .set(Person::score, 0)
                })
        };
        let done = db.engine.execute(merged()).await;
        if !db.features.merge {
            return is_unsupported(done);
        }
        assert_eq!(done.unwrap(), 3);
        assert_eq!(cities(db).await, ["ann|NULL|1", "bob|Bonn|20", "ulm|NULL|0"]);

        let told = merged().returning((Person::name, Person::score));
        let told = db.engine.all(told).await;
        let rest = merge(Person)
            .using(Place, Person::id.eq(Place::person_id).and(Place::city.eq("Oslo")))
            .when_not_matched_by_source()
            .and(Person::score.gt(0))
            .delete();
        let rest = db.engine.execute(rest).await;
        if db.features.merge_returning {
            assert!(told.unwrap().contains(&("bob".to_owned(), 200)));
            assert_eq!(rest.unwrap(), 1);
        } else {
            is_unsupported(told);
            is_unsupported(rest);
        }
    })
    .await;
}

#[tokio::test]
async fn objects_follow_an_update_that_reads_other_tables() {
    on_each_with(
        |f| f.update_from,
        "UPDATE … FROM",
        async |db| {
            people(db).await;
            let mut session = Session::new(&db.engine);
            let held = session.all(select(Person).order_by(Person::id)).await.unwrap();
            let moved = || {
                update(Person)
                    .from(Place)
                    .set(Person::city, Place::city)
                    .set(Person::score, 50)
                    .filter(Person::id.eq(Place::person_id))
            };
            let error = session.execute(moved().synchronize(Synchronize::Evaluate)).await.unwrap_err();
            assert!(matches!(error, Error::Session(_)), "{error}");
            assert_eq!(session.execute(moved()).await.unwrap(), 2);
            let scores: Vec<i64> = held.iter().map(|handle| session[*handle].score).collect();
            assert_eq!(scores, [50, 50, 3]);
            let again = session.all(select(Person).order_by(Person::id)).await.unwrap();
            assert_eq!(again, held);
            assert_eq!(session[held[0]].city.as_deref(), Some("Oslo"));
            assert_eq!(session[held[1]].city.as_deref(), Some("Bonn"));
            session.commit().await.unwrap();
            assert_eq!(cities(db).await, ["ann|Oslo|50", "bob|Bonn|50", "cid|NULL|3"]);
        },
    )
    .await;
}

#[tokio::test]
async fn objects_follow_an_update_whose_condition_is_of_its_own_table() {
    on_each_with(
        |f| f.update_from,
        "UPDATE … FROM",
        async |db| {
            people(db).await;
            db.engine.execute(delete(Place).all_rows()).await.unwrap();
            let mut session = Session::new(&db.engine);
            let ann = session.one(select(Person).filter(Person::id.eq(1))).await.unwrap();
            // There is no row to join with, so that no row is changed.
            let none = update(Person).from(Place).set(Person::score, 9).filter(Person::id.eq(1));
            assert_eq!(session.execute(none).await.unwrap(), 0);
            assert_eq!(session[ann].score, 1);
        },
    )
    .await;
}

#[tokio::test]
async fn objects_follow_a_delete_that_reads_other_tables() {
    on_each_with(
        |f| f.delete_using,
        "DELETE … USING",
        async |db| {
            people(db).await;
            let mut session = Session::new(&db.engine);
            let held = session.all(select(Person).order_by(Person::id)).await.unwrap();
            let gone = delete(Person).using(Place).filter(Person::id.eq(Place::person_id));
            assert_eq!(session.execute(gone).await.unwrap(), 2);
            let deleted: Vec<bool> = held.iter().map(|handle| session.is_deleted(*handle)).collect();
            assert_eq!(deleted, [true, true, false]);
        },
    )
    .await;
}

#[tokio::test]
async fn changes_read_what_with_gives() {
    on_each(async |db| {
        people(db).await;
        let near = || select(Place::person_id).filter(Place::city.eq("Oslo")).cte(Near);
        let mut session = Session::new(&db.engine);
        let held = session.all(select(Person).order_by(Person::id)).await.unwrap();
        let columns = (Place::id, Place::person_id, Place::city);
        let copied = select((Near::person_id + 10, Near::person_id, literal("Rome".to_owned())));
        let copied = insert(Place).with(near()).from_select(columns, copied);
        assert_eq!(session.execute(copied).await.unwrap(), 1);
        assert_eq!(session.all(select(Place::city).filter(Place::id.eq(11))).await.unwrap(), ["Rome"]);

        let ids = || select(Near::person_id);
        let change = || update(Person).set(Person::score, Person::score + 8);
        let changed = change().with(near()).filter(Person::id.in_(ids()));
        let gone = delete(Person).with(near()).filter(Person::id.in_(ids()));
        if db.engine.dialect().name() == "mariadb" {
            is_unsupported(session.execute(changed).await);
            is_unsupported(session.execute(gone).await);
            // As the hints say.
            let changed = change().filter(Person::id.in_(ids().with(near())));
            assert_eq!(session.execute(changed).await.unwrap(), 1);
            assert_eq!(session[held[0]].score, 9);
            let gone = delete(Person).filter(Person::id.in_(ids().with(near())));
            assert_eq!(session.execute(gone).await.unwrap(), 1);
        } else {
            assert_eq!(session.execute(changed).await.unwrap(), 1);
            assert_eq!(session[held[0]].score, 9);
            assert_eq!(session.execute(gone).await.unwrap(), 1);
        }
        let deleted: Vec<bool> = held.iter().map(|handle| session.is_deleted(*handle)).collect();
        assert_eq!(deleted, [true, false, false]);
        session.commit().await.unwrap();
        assert_eq!(cities(db).await, ["bob|Rome|2", "cid|NULL|3"]);
    })
    .await;
}

#[tokio::test]
async fn objects_follow_no_statement_that_stops_after_some_rows() {
    on_each_with(
        |f| f.update_limit,
        "UPDATE … LIMIT",
        async |db| {
            people(db).await;
            let mut session = Session::new(&db.engine);
            let ann = session.one(select(Person).filter(Person::id.eq(1))).await.unwrap();
            let some = || update(Person).set(Person::score, 0).all_rows().limit(2);
            let error = session.execute(some()).await.unwrap_err();
            assert!(matches!(error, Error::Session(_)), "{error}");
            assert_eq!(session.execute(some().synchronize(Synchronize::Off)).await.unwrap(), 2);
            assert_eq!(session[ann].score, 1);
        },
    )
    .await;
}
