//! `column_property` and `query_expression`.

use orm::functions::upper;
use orm::prelude::*;
use orm::{defer, load_only, undefer, with_expression};

use crate::databases::on_each;
use crate::support::Statements;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(new)]
struct Person {
    #[column(primary_key)]
    id: i64,
    first: String,
    last: String,
    #[column_property(Person::first.concat(" ").concat(Person::last))]
    full_name: Deferred<String>,
    #[column_property(upper(Person::first), deferred)]
    loud: Deferred<String>,
    #[column_property(pets_of())]
    pets: Deferred<Option<i64>>,
    #[query_expression]
    n: Deferred<i64>,
    #[relationship(back_populates = owner, order_by = Pet::id)]
    owned: Many<Pet>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(new)]
struct Pet {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Person::id)]
    owner_id: i64,
    #[column_property(upper(Pet::name))]
    shout: Deferred<String>,
    #[relationship(back_populates = owned)]
    owner: One<Person>,
}

fn pets_of() -> impl Expression<Sql = Option<i64>, Sources = Person> {
    select(count(Pet::id)).correlate(Person).filter(Pet::owner_id.eq(Person::id)).scalar()
}

alias!(Other = Person);

async fn seed(engine: &Engine) {
    metadata![Person, Pet].create_all(engine).await.unwrap();
    let people = [Person::new("Ann", "Lee"), Person::new("Bob", "Ray")];
    engine.execute(insert(Person).values(people)).await.unwrap();
    let pet = |name, owner_id| Pet { owner_id, ..Pet::new(name) };
    engine.execute(insert(Pet).values([pet("rex", 1), pet("tom", 1), pet("kit", 2)])).await.unwrap();
}

/// What is shown of a person: the name, the number of pets, and what is absent otherwise.
fn shown(person: &Person) -> (Option<&str>, Option<i64>, bool, Option<i64>) {
    let pets = person.pets.get().copied().flatten();
    (person.full_name.get().map(String::as_str), pets, person.loud.is_loaded(), person.n.get().copied())
}

#[tokio::test]
async fn properties_are_read_with_the_entity() {
    on_each(async |db| {
        seed(&db.engine).await;
        let sent = Statements::record();
        let people = db.engine.all(select(Person).order_by(Person::id)).await.unwrap();
        assert_eq!(shown(&people[0]), (Some("Ann Lee"), Some(2), false, None));
        assert_eq!(shown(&people[1]), (Some("Bob Ray"), Some(1), false, None));
        let sql = sent.taken("SELECT");
        assert!(sql[0].starts_with("SELECT person.id, person.first, person.last, "), "{sql:?}");
        assert!(sql[0].contains(" AS full_name, (SELECT count(pet.id)"), "{sql:?}");
        assert!(
            sql[0].contains("WHERE pet.owner_id = person.id) AS pets FROM person ORDER BY person.id"),
            "{sql:?}"
        );

        let options = (undefer(Person::loud), defer(Person::pets));
        let person = db.engine.one(select(Person).filter(Person::id.eq(2)).options(options)).await.unwrap();
        assert_eq!(person.loud.get().map(String::as_str), Some("BOB"));
        assert_eq!(shown(&person), (Some("Bob Ray"), None, true, None));
        let person =
            db.engine.first(select(Person).options(load_only(Person::first))).await.unwrap().unwrap();
        assert_eq!(shown(&person), (None, None, false, None));
        let sql = sent.taken("SELECT");
        assert_eq!(sql[1], "SELECT person.id, person.first, person.last FROM person");
    })
    .await;
}

#[tokio::test]
async fn a_property_is_an_expression() {
    on_each(async |db| {
        seed(&db.engine).await;
        let bob = select(Person::id).filter(Person::full_name.eq("Bob Ray"));
        assert_eq!(db.engine.all(bob).await.unwrap(), [2]);
        let rows = select((Person::full_name, Person::pets)).order_by(Person::full_name.desc());
        assert_eq!(
            db.engine.all(rows).await.unwrap(),
            [("Bob Ray".to_owned(), Some(1)), ("Ann Lee".to_owned(), Some(2))]
        );
        let others = select((Person, Other))
            .join_on(Other, Person::id.ne(Person::id.of(Other)))
            .filter(Person::full_name.of(Other).eq("Ann Lee"));
        let [(bob, ann)] = &db.engine.all(others).await.unwrap()[..] else { panic!("one pair") };
        assert_eq!(shown(bob), (Some("Bob Ray"), Some(1), false, None));
        assert_eq!(shown(ann), (Some("Ann Lee"), Some(2), false, None));
    })
    .await;
}

#[tokio::test]
async fn loaders_read_the_properties_of_what_they_load() {
    on_each(async |db| {
        seed(&db.engine).await;
        for load in [selectin(Person::owned), joined(Person::owned)] {
            let query = select(Person).filter(Person::id.eq(1)).options(load);
            let ann = db.engine.one(query).await.unwrap();
            assert_eq!(shown(&ann), (Some("Ann Lee"), Some(2), false, None));
            let pets: Vec<_> =
                ann.owned.loaded().unwrap().iter().map(|pet| pet.shout.get().cloned()).collect();
            assert_eq!(pets, [Some("REX".to_owned()), Some("TOM".to_owned())]);
        }
        for load in [selectin(Pet::owner), joined(Pet::owner)] {
            let options = load.undefer(Person::loud).with_expression(Person::n, Person::id * 10);
            let pets = db.engine.all(select(Pet).order_by(Pet::id).options(options)).await.unwrap();
            let owners: Vec<_> = pets.iter().map(|pet| shown(pet.owner.loaded().unwrap())).collect();
            let [ann, bob] =
                [(Some("Ann Lee"), Some(2), true, Some(10)), (Some("Bob Ray"), Some(1), true, Some(20))];
            assert_eq!(owners, [ann, ann, bob]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_query_expression_is_what_the_query_says() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let query = select(Person).order_by(Person::id);
        let people = session.all(query.clone()).await.unwrap();
        assert_eq!(session[people[0]].n, Deferred::Absent);
        let error = session.load_columns(people[0], Person::full_name).await;
        assert!(error.is_ok());
        let counted = query.options(with_expression(Person::n, Person::id + 1));
        session.all(counted).await.unwrap();
        let numbers: Vec<_> = people.iter().map(|&person| session[person].n.get().copied()).collect();
        assert_eq!(numbers, [Some(2), Some(3)]);
        // Over another source, and an aggregate.
        let counted = select(Person)
            .join_on(Pet, Pet::owner_id.eq(Person::id))
            .group_by((Person::id, Person::first, Person::last))
            .order_by(Person::id)
            .options((with_expression(Person::n, count(Pet::id)), load_only(Person::id)));
        let people = db.engine.all(counted).await.unwrap();
        let numbers: Vec<_> = people.iter().map(|person| person.n.get().copied()).collect();
        assert_eq!(numbers, [Some(2), Some(1)]);
    })
    .await;
}

#[tokio::test]
async fn a_property_is_never_written_and_is_absent_after_its_row_was() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let eve = session.add(Person { full_name: "no".to_owned().into(), ..Person::new("Eve", "Fox") });
        session.flush().await.unwrap();
        let inserted = sent.taken("INSERT");
        assert!(inserted[0].starts_with("INSERT INTO person (first, last) VALUES (?, ?)"), "{inserted:?}");
        let ann = session.get_one(Person, 1).await.unwrap();
        assert_eq!(shown(&session[ann]), (Some("Ann Lee"), Some(2), false, None));
        session[ann].last = "Low".into();
        session.flush().await.unwrap();
        assert_eq!(sent.taken("UPDATE"), ["UPDATE person SET last = ? WHERE person.id = ?"]);
        assert_eq!(shown(&session[ann]), (None, None, false, None));
        session.load_columns_many(&[ann, eve], (Person::full_name, Person::loud)).await.unwrap();
        assert_eq!(session[ann].full_name.get().map(String::as_str), Some("Ann Low"));
        assert_eq!(session[eve].loud.get().map(String::as_str), Some("EVE"));
        assert_eq!(session[ann].pets, Deferred::Absent);
        // Touched, and not changed.
        session[ann].last = "Low".into();
        session.flush().await.unwrap();
        assert!(session[ann].full_name.is_loaded());
        session.rollback().await.unwrap();
        assert_eq!(shown(&session[ann]), (Some("Ann Lee"), Some(2), false, None));
    })
    .await;
}

#[tokio::test]
async fn returning_gives_the_columns() {
    on_each(async |db| {
        seed(&db.engine).await;
        if !db.features.insert_returning {
            return;
        }
        let person =
            db.engine.one(insert(Person).values(Person::new("Eve", "Fox")).returning(Person)).await.unwrap();
        assert_eq!((person.id, shown(&person)), (3, (None, None, false, None)));
    })
    .await;
}
