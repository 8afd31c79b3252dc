//! Sessions inside a transaction of somebody else: what a test does so that nothing of it stays.

use orm::prelude::*;

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

fn user(name: &str) -> User {
    User { name: name.into(), ..default() }
}

#[tokio::test]
async fn what_a_joined_session_commits_is_the_callers_to_keep() {
    on_each(async |db| {
        models::create(&db.engine).await;
        for keep in [false, true] {
            let mut connection = db.engine.connect().await.unwrap();
            connection.execute(insert(User).values(user("before"))).await.unwrap();
            let mut session = Session::join(connection);
            let sent = Statements::record();
            session.add(user("one"));
            session.commit().await.unwrap();
            let lost = session.add(user("two"));
            session.flush().await.unwrap();
            session.rollback().await.unwrap();
            assert!(!session.contains(lost));
            session.add(user("three"));
            session.commit().await.unwrap();
            let verbs: Vec<String> =
                sent.take().iter().map(|sql| sql.split(" user").next().unwrap().to_owned()).collect();
            assert_eq!(
                verbs,
                [
                    "SAVEPOINT",
                    "INSERT INTO",
                    "RELEASE SAVEPOINT",
                    "SAVEPOINT",
                    "INSERT INTO",
                    "ROLLBACK TO SAVEPOINT",
                    "SAVEPOINT",
                    "INSERT INTO",
                    "RELEASE SAVEPOINT",
                ]
            );
            let mut connection = session.into_connection().await.unwrap();
            assert!(connection.in_transaction());
            assert_eq!(connection.one(select(count(User))).await.unwrap(), 3);
            if keep {
                connection.commit().await.unwrap();
            } else {
                connection.rollback().await.unwrap();
            }
            drop(connection);
            let stored = rows(&db.engine, "user_account", "name").await;
            assert_eq!(stored, if keep { vec!["before", "one", "three"] } else { vec![] });
        }
    })
    .await;
}

#[tokio::test]
async fn savepoints_and_errors_stay_inside_a_joined_session() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut connection = db.engine.connect().await.unwrap();
        connection.begin().await.unwrap();
        let mut session = Session::join(connection);
        let outer = session.add(user("outer"));
        let mut nested = session.nested().await.unwrap();
        let inner = nested.add(user("inner"));
        nested.rollback().await.unwrap();
        assert!(!session.contains(inner) && session.contains(outer));
        session.add(Tag { name: "t".into(), ..default() });
        session.commit().await.unwrap();

        session.add(Tag { name: "t".into(), ..default() });
        session.flush().await.unwrap_err();
        session.rollback().await.unwrap();
        let mut next = session.nested().await.unwrap();
        next.add(user("next"));
        next.commit().await.unwrap();
        session.add(user("not committed"));
        session.flush().await.unwrap();

        let mut connection = session.into_connection().await.unwrap();
        let names = connection.all(select(User::name).order_by(User::name)).await.unwrap();
        assert_eq!(names, ["outer"], "what was not committed is gone");
        let again = Session::join(connection);
        drop(again);
        assert_eq!(rows(&db.engine, "user_account", "name").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn two_sessions_take_turns_in_one_transaction() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut first = Session::join(db.engine.connect().await.unwrap());
        first.add(user("first"));
        first.commit().await.unwrap();
        let mut second = Session::join(first.into_connection().await.unwrap());
        let user = second.one(select(User)).await.unwrap();
        second[user].name = "second".into();
        second.commit().await.unwrap();
        second.into_connection().await.unwrap().commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["second"]);
    })
    .await;
}
