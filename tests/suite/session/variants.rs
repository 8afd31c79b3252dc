//! Mappings that the families of `models` do not have: options of relationships, other keys, several relationships to
//! one table.

use orm::prelude::*;

use crate::databases::{Database, on_each, rows};
use crate::support::Statements;

// Rows that reference each other.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "person")]
struct Person {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Person::id)]
    boss_id: Option<i64>,
    #[relationship(back_populates = team, post_update)]
    boss: One<Option<Person>>,
    #[relationship(back_populates = boss, order_by = Person::id)]
    team: Many<Person>,
}

// Two relationships to one table.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "letter")]
struct Letter {
    #[column(primary_key)]
    id: i64,
    words: String,
    #[column(foreign_key = Person::id)]
    sender_id: i64,
    #[column(foreign_key = Person::id)]
    reader_id: Option<i64>,
    #[relationship(foreign_key = Letter::sender_id)]
    sender: One<Person>,
    #[relationship(foreign_key = Letter::reader_id)]
    reader: One<Option<Person>>,
}

// Loaded by themselves, or never.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "shelf")]
struct Shelf {
    #[column(length = 20, primary_key)]
    code: String,
    #[relationship(back_populates = shelf, lazy = "selectin", order_by = Volume::title, passive_deletes, cascade = "all, delete-orphan")]
    volumes: Many<Volume>,
    #[relationship(viewonly, lazy = "raise")]
    watched: Many<Volume>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "volume")]
struct Volume {
    #[column(primary_key, default = uuid::Uuid::new_v4)]
    id: Auto<uuid::Uuid>,
    title: String,
    #[column(length = 20, foreign_key = Shelf::code, on_delete = "cascade")]
    shelf_code: String,
    #[relationship(back_populates = volumes, lazy = "joined")]
    shelf: One<Shelf>,
}

async fn create(db: &Database) {
    metadata![Person, Letter, Shelf, Volume].create_all(&db.engine).await.unwrap();
}

fn person(name: &str) -> Person {
    Person { name: name.into(), ..default() }
}

fn volume(title: &str) -> Volume {
    Volume { title: title.into(), ..default() }
}

#[tokio::test]
async fn rows_that_reference_each_other_are_written_by_post_update_and_deleted() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let (a, b) = (session.add(person("a")), session.add(person("b")));
        session.set(a, Person::boss, b);
        session.append(a, Person::team, b);
        let own = session.add(person("own"));
        session.set(own, Person::boss, own);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "person", "name, boss_id").await, ["a|2", "b|1", "own|3"]);
        session.delete(a);
        session.delete(b);
        session.delete(own);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "person", "name").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn two_relationships_to_one_table_have_their_own_keys() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let a = session.add(person("a"));
        let letter = session.add(Letter {
            words: "hello".into(),
            reader: person("b").into(),
            sender: person("c").into(),
            ..default()
        });
        session.set(letter, Letter::sender, a);
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let found =
            other.one(select(Letter).options(joined(Letter::sender)).options(selectin(Letter::reader)));
        let found = found.await.unwrap();
        let view = other.view(found);
        assert_eq!(view.get(Letter::sender).unwrap().name, "a");
        assert_eq!(view.get(Letter::reader).unwrap().unwrap().name, "b");
        other.set(found, Letter::reader, None);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "letter", "words, reader_id").await, ["hello|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn keys_of_text_and_uuid_are_carried_and_looked_up() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let shelf = session.add(Shelf {
            code: "x".into(),
            volumes: many![volume("one"), volume("two")],
            ..default()
        });
        session.commit().await.unwrap();
        let first = session.view(shelf).get(Shelf::volumes).unwrap().next().unwrap();
        let (id, first) = (*first.id, first.handle());
        assert_eq!(session.get(Volume, id).await.unwrap(), Some(first));
        assert_eq!(rows(&db.engine, "volume", "title, shelf_code").await, ["one|x", "two|x"]);
        let mut other = Session::new(&db.engine);
        let found = other.get_one(Volume, id).await.unwrap();
        assert_eq!(other.view(found).get(Volume::shelf).unwrap().code, "x");
    })
    .await;
}

#[tokio::test]
async fn the_mapping_s_own_loaders_run_for_get_all_refresh_and_without_a_session() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        for code in ["x", "y"] {
            session.add(Shelf { code: code.into(), volumes: many![volume(code)], ..default() });
        }
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let sent = Statements::record();
        let x = other.get_one(Shelf, "x").await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        assert_eq!(other.view(x).get(Shelf::volumes).unwrap().len(), 1);
        let all = other.all(select(Shelf).order_by(Shelf::code)).await.unwrap();
        assert_eq!(other.view(all[1]).get(Shelf::volumes).unwrap().len(), 1);
        other.commit().await.unwrap();
        db.engine
            .execute(insert(Volume).values([Volume {
                shelf_code: "x".into(),
                id: uuid::Uuid::new_v4().into(),
                ..volume("new")
            }]))
            .await
            .unwrap();
        drop(sent);
        other.refresh(x).await.unwrap();
        let titles: Vec<String> =
            other.view(x).get(Shelf::volumes).unwrap().map(|v| v.title.clone()).collect();
        assert_eq!(titles, ["new", "x"]);
        let owned = db.engine.all(select(Shelf).order_by(Shelf::code)).await.unwrap();
        assert_eq!(owned[0].volumes.loaded().unwrap().len(), 2);
        let owned = db.engine.first(select(Volume).filter(Volume::title.eq("y"))).await.unwrap().unwrap();
        assert_eq!(owned.shelf.loaded().unwrap().code, "y");
    })
    .await;
}

#[tokio::test]
async fn raise_refuses_to_load_but_for_an_option() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let x = session.add(Shelf { code: "x".into(), volumes: many![volume("v")], ..default() });
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let x2 = other.get_one(Shelf, "x").await.unwrap();
        let error = other.load(x2, Shelf::watched).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Shelf::watched` is not loaded on demand: `raise` stands in its mapping, or among the options of the query that \
             read the object; load it with the query, by `.options(selectin(Shelf::watched))`, or by `session.load(…, \
             selectin(Shelf::watched))`"
        );
        other.all(select(Shelf).options(selectin(Shelf::watched))).await.unwrap();
        assert_eq!(other.view(x2).get(Shelf::watched).unwrap().len(), 1);
        drop(other);
        // What is only to be viewed is never written.
        let v = session.view(x).get(Shelf::volumes).unwrap().next().unwrap().handle();
        let y = session.add(Shelf { code: "y".into(), ..default() });
        session.append(y, Shelf::watched, v);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "volume", "title, shelf_code").await, ["v|x"]);
    })
    .await;
}

#[tokio::test]
async fn passive_deletes_leave_what_is_not_loaded_to_the_database() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        session.add(Shelf { code: "x".into(), volumes: many![volume("v"), volume("w")], ..default() });
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let x = other.get_one(Shelf, "x").await.unwrap();
        drop(std::mem::take(&mut other[x].volumes));
        other.commit().await.unwrap();
        let sent = Statements::record();
        other.delete(x);
        other.commit().await.unwrap();
        assert_eq!(sent.take(), ["BEGIN", "DELETE FROM shelf WHERE shelf.code = ?", "COMMIT"]);
        assert_eq!(rows(&db.engine, "volume", "title").await, [""; 0]);
    })
    .await;
}
