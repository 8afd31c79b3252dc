//! What the mapping wants loaded of every object, however the object comes in.

use orm::noload;
use orm::prelude::*;

use crate::databases::{Database, on_each};
use crate::support::Statements;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "df_country", new)]
struct Country {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(order_by = City::id, back_populates = country)]
    cities: Many<City>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "df_city", new)]
struct City {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Country::id)]
    country_id: i64,
    #[relationship(back_populates = cities)]
    country: One<Country>,
    #[relationship(lazy = "selectin", order_by = Street::id)]
    streets: Many<Street>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "df_street", new)]
struct Street {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = City::id)]
    city_id: i64,
    #[column(foreign_key = Paving::id)]
    paving_id: i64,
    #[relationship(lazy = "joined")]
    paving: One<Paving>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "df_paving", new)]
struct Paving {
    #[column(primary_key)]
    id: i64,
    name: String,
}

/// Two countries of two cities of two streets.
async fn seed(db: &Database) {
    metadata![Country, City, Street, Paving].create_all(&db.engine).await.unwrap();
    let mut session = Session::new(&db.engine);
    let pavings = session.add_all([Paving::new("stone"), Paving::new("tar")]);
    for country in ["x", "y"] {
        let parent = session.add(Country::new(country));
        for city in 1..=2 {
            let city = session.append(parent, Country::cities, City::new(format!("{country}{city}")));
            for (street, paving) in ["a", "b"].into_iter().zip(&pavings) {
                let street = session.append(city, City::streets, Street { name: street.into(), ..default() });
                session.set(street, Street::paving, *paving);
            }
        }
    }
    session.commit().await.unwrap();
}

/// The streets of a city with their paving, which are there.
fn streets(session: &Session, city: Handle<City>) -> String {
    let streets = session.view(city).get(City::streets).unwrap();
    let line = |street: orm::View<'_, Street>| {
        format!("{} {}", street.name, street.get(Street::paving).unwrap().name)
    };
    streets.map(line).collect::<Vec<_>>().join(", ")
}

fn cities(session: &Session, country: Handle<Country>) -> Vec<Handle<City>> {
    session.view(country).get(Country::cities).unwrap().map(|city| city.handle()).collect()
}

const STREETS: &str = "a stone, b tar";

#[tokio::test]
async fn objects_that_are_loaded_on_demand_come_with_them() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let countries = session.all(select(Country).order_by(Country::id)).await.unwrap();
        session.load(countries[0], Country::cities).await.unwrap();
        for city in cities(&session, countries[0]) {
            assert_eq!(streets(&session, city), STREETS);
        }
        session.load_many(&countries, Country::cities).await.unwrap();
        for city in cities(&session, countries[1]) {
            assert_eq!(streets(&session, city), STREETS);
        }
        let sent = Statements::record();
        session.load_many(&countries, Country::cities).await.unwrap();
        assert_eq!(sent.take(), [""; 0]);

        // An option says otherwise.
        let mut session = Session::new(&db.engine);
        let country = session.get_one(Country, 1).await.unwrap();
        session.load(country, selectin(Country::cities).then(noload(City::streets))).await.unwrap();
        for city in cities(&session, country) {
            assert_eq!(streets(&session, city), "");
        }
    })
    .await;
}

#[tokio::test]
async fn so_do_those_of_refresh_get_and_merge() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let country = session.get_one(Country, 1).await.unwrap();
        session.refresh(country).only(Country::cities).await.unwrap();
        assert_eq!(streets(&session, cities(&session, country)[1]), STREETS);

        let mut session = Session::new(&db.engine);
        let country = session.get_one(Country, 1).await.unwrap();
        session.get_one(Country, 1).options(selectin(Country::cities)).await.unwrap();
        assert_eq!(streets(&session, cities(&session, country)[1]), STREETS);

        let mut session = Session::new(&db.engine);
        let city = |id| City { id, name: format!("x{id}"), ..default() };
        let given = Country { id: 1, cities: many![city(1), city(2)], ..Country::new("z") };
        let country = session.merge(given).await.unwrap();
        assert_eq!(streets(&session, cities(&session, country)[0]), STREETS);
    })
    .await;
}

#[tokio::test]
async fn options_of_get_ask_for_nothing_that_is_here() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let country = session.get_one(Country, 1).options(selectin(Country::cities)).await.unwrap();
        let city = session.get_one(City, 1).await.unwrap();
        session.commit().await.unwrap();
        let sent = Statements::record();
        assert_eq!(session.get(Country, 1).options(selectin(Country::cities)).await.unwrap(), Some(country));
        let both = selectin(Country::cities).then(joined(City::streets).then(selectin(Street::paving)));
        assert_eq!(session.get(Country, 1).options(both).await.unwrap(), Some(country));
        assert_eq!(session.get(City, 1).options(joined(City::country)).await.unwrap(), Some(city));
        assert_eq!(sent.take(), [""; 0]);
    })
    .await;
}
