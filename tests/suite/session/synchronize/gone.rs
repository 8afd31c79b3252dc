//! DELETE: the objects leave the session.

use orm::prelude::*;

use super::changed::alice_and_bob;
use crate::databases::{Database, on_each, on_each_with, rows};
use crate::models::*;
use crate::support::Statements;

/// A user with two addresses, loaded.
async fn with_addresses(db: &Database) -> (Session, Handle<User>, [Handle<Address>; 2]) {
    let (mut session, [alice, _]) = alice_and_bob(db).await;
    let address = |email: &str| Address { email: email.into(), user_id: Some(1), ..default() };
    session.add_all([address("a@x"), address("b@x")]);
    session.commit().await.unwrap();
    session.load(alice, User::addresses).await.unwrap();
    let addresses = session.all(select(Address).order_by(Address::id)).await.unwrap();
    (session, alice, addresses.try_into().unwrap())
}

fn emails(session: &Session, user: Handle<User>) -> Vec<&str> {
    session.view(user).get(User::addresses).unwrap().map(|address| address.value().email.as_str()).collect()
}

#[tokio::test]
async fn objects_that_match_in_rust_leave_the_loaded_collections() {
    on_each(async |db| {
        let (mut session, alice, [a, b]) = with_addresses(db).await;
        let sent = Statements::record();
        assert_eq!(session.execute(delete(Address).filter(Address::id.eq(1))).await.unwrap(), 1);
        assert_eq!(sent.take(), ["DELETE FROM address WHERE address.id = ?"]);
        assert!(session.is_deleted(a) && !session.is_deleted(b));
        assert_eq!(emails(&session, alice), ["b@x"]);
        session.flush().await.unwrap();
        assert_eq!(sent.take(), [""; 0], "nothing is left to write");
        assert_eq!(session.get(Address, 1).await.unwrap(), None);

        session.rollback().await.unwrap();
        assert!(!session.is_deleted(a));
        assert_eq!(emails(&session, alice), ["a@x", "b@x"]);
        assert_eq!(session.get(Address, 1).await.unwrap(), Some(a));

        session.execute(delete(Address).filter(Address::user_id.eq(1))).await.unwrap();
        session.commit().await.unwrap();
        assert!(!session.contains(a) && !session.contains(b));
        assert_eq!(emails(&session, alice), [""; 0]);
        assert_eq!(rows(&db.engine, "address", "id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_rust_cannot_tell_is_asked_of_the_database() {
    on_each(async |db| {
        let (mut session, alice, [a, b]) = with_addresses(db).await;
        let sent = Statements::record();
        let first = select(min(Address::id)).scalar();
        assert_eq!(session.execute(delete(Address).filter(Address::id.eq(first))).await.unwrap(), 1);
        let statements = sent.take().into_iter().filter(|sql| sql != "BEGIN").count();
        assert_eq!(statements, if db.features.delete_returning { 1 } else { 2 });
        assert!(session.is_deleted(a) && !session.is_deleted(b));
        assert_eq!(emails(&session, alice), ["b@x"]);
    })
    .await;
}

#[tokio::test]
async fn a_child_leads_to_a_deleted_parent_no_longer() {
    on_each(async |db| {
        let (mut session, _, [a, _]) = with_addresses(db).await;
        session.load(a, Address::user).await.unwrap();
        session.execute(update(Address).set(Address::user_id, None::<i64>).all_rows()).await.unwrap();
        session.load(a, Address::user).await.unwrap();
        session.execute(delete(User).filter(User::id.eq(1))).await.unwrap();
        assert!(session.view(a).get(Address::user).unwrap().is_none());
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["bob"]);
    })
    .await;
}

#[tokio::test]
async fn an_object_that_was_marked_or_changed_is_not_written_again() {
    on_each(async |db| {
        let (mut session, _, [a, b]) = with_addresses(db).await;
        session.set_autoflush(false);
        session[a].email = "changed".into();
        session.delete(b);
        assert_eq!(session.execute(delete(Address).all_rows()).await.unwrap(), 2);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_a_delete_returns_is_deleted() {
    on_each_with(
        |features| features.delete_returning,
        "DELETE … RETURNING",
        async |db| {
            let (mut session, alice, [a, b]) = with_addresses(db).await;
            let deleted =
                session.all(delete(Address).filter(Address::id.eq(1)).returning(Address)).await.unwrap();
            assert_eq!(deleted, [a]);
            assert!(session.is_deleted(a) && !session.is_deleted(b));
            assert_eq!((&*session[a].email, emails(&session, alice)), ("a@x", vec!["b@x"]));

            // Objects that are new here are as gone as the others.
            let mut other = Session::new(&db.engine);
            session.rollback().await.unwrap();
            let deleted = other.all(delete(Address).all_rows().returning(Address)).await.unwrap();
            assert_eq!(deleted.len(), 2);
            assert!(deleted.iter().all(|&address| other.is_deleted(address)));
            other.commit().await.unwrap();
            assert!(!deleted.iter().any(|&address| other.contains(address)));
        },
    )
    .await;
}
