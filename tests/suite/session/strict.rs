//! The guard against loads of one object after the other.

use orm::prelude::*;
use orm::{Error, SessionError};

use crate::databases::{Database, on_each};
use crate::models::{self, *};
use crate::support::Statements;

async fn seed(db: &Database) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    for name in ["a", "b", "c"] {
        let addresses = many![Address { email: format!("{name}1"), ..default() }];
        session.add(User { name: name.into(), addresses, ..default() });
    }
    session.commit().await.unwrap();
}

#[tokio::test]
async fn a_loop_that_loads_is_an_error_in_a_strict_session() {
    on_each(async |db| {
        seed(db).await;
        let mut session = SessionMaker::new(&db.engine).strict(true).session();
        let users = session.all(select(User).order_by(User::id)).await.unwrap();
        let sent = Statements::record();
        let mut line = 0;
        let mut results = Vec::new();
        for &user in &users {
            line = line!() + 1;
            results.push(session.load(user, User::addresses).await);
        }
        assert_eq!(sent.taken("SELECT").len(), 1, "the second is refused before it is sent");
        assert!(results[0].is_ok());
        let Err(Error::Session(SessionError::OneByOne { what, location, objects, is_get })) = &results[1] else {
            panic!("{results:?}")
        };
        assert_eq!((what.as_str(), *objects, *is_get), ("User::addresses", 2, false));
        assert_eq!((location.file(), location.line()), (file!(), line));
        let text = results[2].as_ref().unwrap_err().to_string();
        let expected = format!(
            "`User::addresses` is loaded one by one, for 3 objects so far, at {}:{line}:34: load it with the query, by \
             `.options(selectin(User::addresses))`, or for all of them by `session.load_many(&handles, User::addresses)`",
            file!()
        );
        assert_eq!(text, expected);

        // The session goes on, and what one statement does is no loop.
        session.load_many(&users, User::addresses).await.unwrap();
        for &user in &users {
            session.load(user, User::addresses).await.unwrap();
        }
        session.load(users[0], User::profile).await.unwrap();
        session.load(users[1], User::profile).await.unwrap();
        session.load(users[2], User::profile).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_was_read_one_by_one_is_told() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let users = session.all(select(User).order_by(User::id)).await.unwrap();
        assert_eq!(session.one_by_one(), []);
        for &user in &users {
            session.load(user, User::addresses).await.unwrap();
            session.load(user, User::addresses).await.unwrap();
        }
        session.load(users[0], User::profile).await.unwrap();
        for id in 1..=2 {
            session.get_one(Address, id).await.unwrap();
            session.get(Blog, id).await.unwrap();
        }
        session.commit().await.unwrap();
        let found = session.one_by_one();
        let told: Vec<_> = found.iter().map(|one| (one.what.as_str(), one.objects)).collect();
        // The addresses are here: no SQL.
        assert_eq!(told, [("User::addresses", 3), ("Blog", 2)]);
        assert_eq!(found[0].location.file(), file!());
        assert!(found[1].to_string().starts_with("`Blog` for 2 objects one by one, at "));
    })
    .await;
}

#[tokio::test]
async fn a_loop_of_gets_is_an_error_in_a_strict_session() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        session.strict(true);
        let mut results = Vec::new();
        for id in 1..=2 {
            results.push(session.get(User, id).await);
        }
        let error = results[1].as_ref().unwrap_err().to_string();
        assert!(error.starts_with("`User` is read one by one, for 2 objects so far, at "), "{error}");
        assert!(error.ends_with("read them by one query, `select(User).filter(….in_(keys))`"), "{error}");
        // Each transaction counts for itself: so works a queue.
        for id in 1..=3 {
            session.commit().await.unwrap();
            session.get_one(User, id).await.unwrap();
        }
        session.strict(false);
        for id in 1..=3 {
            session.expire_all();
            session.get_one(User, id).await.unwrap();
        }
    })
    .await;
}
