//! The identity map, `get`, `refresh`, `detach` and `expunge`.

use orm::prelude::*;

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

#[tokio::test]
async fn one_row_is_one_object() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { name: "sandy".into(), ..default() });
        session.commit().await.unwrap();
        let sent = Statements::record();
        assert_eq!(session.get(User, 1).await.unwrap(), Some(user));
        assert_eq!(sent.take(), [""; 0], "the identity map has it");
        assert_eq!(session.one(select(User)).await.unwrap(), user);
        assert_eq!(session.get(User, 2).await.unwrap(), None);
        assert!(matches!(session.get_one(User, 2).await, Err(orm::Error::NoResultFound { .. })));
        let pairs = session.all(select((User, User::name))).await.unwrap();
        assert_eq!(pairs, [(user, "sandy".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn a_query_does_not_overwrite_what_is_here_but_refresh_and_for_update_do() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { name: "old".into(), ..default() });
        session.commit().await.unwrap();
        db.engine.execute(update(User).set(User::name, "new").filter(User::id.eq(1))).await.unwrap();
        session.one(select(User)).await.unwrap();
        assert_eq!(session[user].name, "old");
        session.refresh(user).await.unwrap();
        assert_eq!(session[user].name, "new");
    })
    .await;
}

#[tokio::test]
async fn detach_copies_the_loaded_tree_and_ends_it_at_the_way_back() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let address = |email: &str| Address { email: email.into(), ..default() };
        let user =
            session.add(User { name: "u".into(), addresses: many![address("a"), address("b")], ..default() });
        session.commit().await.unwrap();
        let owned = session.detach(user);
        let loaded = owned.addresses.loaded().unwrap();
        assert_eq!(loaded.iter().map(|a| (a.id, a.email.as_str())).collect::<Vec<_>>(), [(1, "a"), (2, "b")]);
        assert!(loaded[0].user.is_unloaded());
        assert_eq!(owned.profile.loaded().map(|p| p.id), None);
        assert!(session.contains(user));
        let from_below =
            session.detach(session.view(user).get(User::addresses).unwrap().next().unwrap().handle());
        let above = from_below.user.loaded().unwrap();
        assert_eq!(above.name, "u");
        assert!(above.addresses.is_unloaded());
    })
    .await;
}

#[tokio::test]
async fn expunge_moves_an_object_out() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { name: "u".into(), ..default() });
        session.commit().await.unwrap();
        let mut owned = session.expunge(user);
        owned.name = "no longer tracked".into();
        assert!(!session.contains(user));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["u"]);
        let again = session.get_one(User, 1).await.unwrap();
        assert_ne!(again, user);
    })
    .await;
}

#[tokio::test]
#[should_panic(expected = "this handle of `User` is not in the session: it is of another session")]
async fn a_handle_of_another_session_panics_with_a_reason() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    let mut one = Session::new(&engine);
    let other = Session::new(&engine);
    let user = one.add(User { name: "u".into(), ..default() });
    let _ = &other[user];
}

#[tokio::test]
async fn the_second_object_of_one_key_is_refused() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { id: 1, name: "a".into(), ..default() });
        session.commit().await.unwrap();
        session.add(User { id: 1, name: "b".into(), ..default() });
        let error = session.flush().await.unwrap_err();
        let orm::Error::Integrity { kind, object, .. } = &error else { panic!("{error}") };
        assert_eq!(*kind, orm::IntegrityKind::Unique);
        assert_eq!(object.as_deref(), Some(r#"User(id = 1, name = "b", fullname = NULL)"#));
        session.rollback().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "id, name").await, ["1|a"]);
    })
    .await;
}

#[tokio::test]
async fn a_generated_key_is_not_unset() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { name: "a".into(), ..default() });
        session.commit().await.unwrap();
        session[user] = User { name: "b".into(), ..default() };
        let error = session.flush().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the primary key of a persistent `User` was 1 and is unset now: a row keeps its key, or gets another one; \
             `delete` it and `add` a new object"
        );
        session.rollback().await.unwrap();
        assert_eq!(session[user].id, 1);
    })
    .await;
}
