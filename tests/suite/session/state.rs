//! What an object is, and what a session holds that is new, touched, or marked.

use orm::ObjectState;
use orm::prelude::*;

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

/// Users with the keys 1 and 2; the first has the addresses a and b.
async fn seed(engine: &Engine) {
    models::create(engine).await;
    let mut session = Session::new(engine);
    let address = |email: &str| Address { email: email.into(), ..default() };
    session.add(User { name: "alice".into(), addresses: many![address("a"), address("b")], ..default() });
    session.add(User { name: "bob".into(), ..default() });
    session.commit().await.unwrap();
}

#[tokio::test]
async fn an_object_goes_through_its_states() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { id: 1, name: "u".into(), ..default() });
        let mut seen = vec![session.state(user)];
        session.flush().await.unwrap();
        seen.push(session.state(user));
        session.delete(user);
        seen.push(session.state(user));
        session.flush().await.unwrap();
        seen.push(session.state(user));
        session.commit().await.unwrap();
        seen.push(session.state(user));
        use ObjectState::*;
        assert_eq!(seen, [Pending, Persistent, Persistent, Deleted, Detached]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_and_an_expunge_leave_detached_handles() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let other = Session::new(&db.engine);
        let new = session.add(User { name: "new".into(), ..default() });
        let bob = session.get_one(User, 2).await.unwrap();
        assert_eq!(other.state(bob), ObjectState::Detached, "of another session");
        session.delete(bob);
        session.flush().await.unwrap();
        assert_eq!(session.state(bob), ObjectState::Deleted);
        session.rollback().await.unwrap();
        assert_eq!(
            (session.state(new), session.state(bob)),
            (ObjectState::Detached, ObjectState::Persistent)
        );
        session.expunge(bob);
        assert_eq!(session.state(bob), ObjectState::Detached);
    })
    .await;
}

#[tokio::test]
async fn a_change_and_its_opposite_are_dirty_and_not_modified() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let alice = session.get_one(User, 1).await.unwrap();
        assert!(!session.is_modified(alice) && session.dirty().is_empty());
        session[alice].name = "alice".into();
        session[alice].fullname = Some("x".into());
        assert!(session.is_modified(alice));
        session[alice].fullname = None;
        assert_eq!((session.is_modified(alice), session.dirty().of::<User>()), (false, vec![alice]));
        let sent = Statements::record();
        session.flush().await.unwrap();
        assert_eq!(sent.take(), [""; 0]);
        assert!(session.dirty().is_empty());
    })
    .await;
}

#[tokio::test]
async fn pending_dirty_and_deleted_list_what_a_flush_would_look_at() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.set_autoflush(false);
        let alice = session.get_one(User, 1).await.unwrap();
        let bob = session.get_one(User, 2).await.unwrap();
        session[alice].name = "q".into();
        session.delete(bob);
        let new = session.add(User { name: "n".into(), ..default() });
        let address = session.append(alice, User::addresses, Address { email: "c".into(), ..default() });
        let (pending, dirty, deleted) = (session.pending(), session.dirty(), session.deleted());
        assert_eq!((pending.of::<User>(), pending.of::<Address>()), (vec![new], vec![address]));
        assert_eq!((dirty.of::<User>(), dirty.of::<Address>()), (vec![alice], vec![]));
        assert_eq!(deleted.of::<User>(), [bob]);
        assert_eq!((pending.len(), dirty.len(), deleted.len()), (2, 1, 1));
        assert!(pending.contains(new) && !pending.contains(alice) && !dirty.contains(address));
        assert!(deleted.contains(bob) && !Session::new(&db.engine).pending().contains(new));
        assert_eq!(format!("{pending:?}"), "[User(2), Address(0)]");
        // One that is marked is not dirty as well, whatever was written to it.
        session[bob].name = "gone".into();
        assert!(!session.dirty().contains(bob) && session.is_modified(bob));
        session.commit().await.unwrap();
        assert!(session.pending().is_empty() && session.dirty().is_empty() && session.deleted().is_empty());
        assert!(!session.is_modified(alice) && !session.is_modified(new));
        assert_eq!(rows(&db.engine, "user_account", "id, name").await, ["1|q", "3|n"]);
    })
    .await;
}

#[tokio::test]
async fn the_net_change_of_a_relationship_counts() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let alice = session.one(select(User).filter(User::id.eq(1)).options(selectin(User::addresses)));
        let alice = alice.await.unwrap();
        let a = session.view(alice).get(User::addresses).unwrap().next().unwrap().handle();
        session.remove(alice, User::addresses, a);
        assert!(session.is_modified(alice) && session.is_modified(a));
        session.append(alice, User::addresses, a);
        assert!(!session.is_modified(alice) && !session.is_modified(a), "back where it was");
        assert_eq!(session.dirty().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn edits_of_what_is_not_loaded_count() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let alice = session.get_one(User, 1).await.unwrap();
        let bob = session.get_one(User, 2).await.unwrap();
        let a = session.get_one(Address, 1).await.unwrap();
        session.append(bob, User::addresses, a);
        assert!(session.is_modified(alice) && session.is_modified(bob) && session.is_modified(a));
        assert_eq!(session.dirty().of::<User>(), [alice, bob]);
        assert_eq!(session.dirty().of::<Address>(), [a]);
        session.append(alice, User::addresses, a);
        assert!(!session.is_modified(alice) && !session.is_modified(bob) && !session.is_modified(a));
        session.rollback().await.unwrap();
        // A parent that is cut is a change, whether or not it is here; one that there never was is none.
        session.set(a, Address::user, None);
        assert!(session.is_modified(a));
        session.commit().await.unwrap();
        assert!(!session.is_modified(a) && session.dirty().is_empty());
        let mut fresh = Session::new(&db.engine);
        let a = fresh.get_one(Address, 1).await.unwrap();
        fresh.set(a, Address::user, None);
        assert!(!fresh.is_modified(a), "its key was NULL already");
    })
    .await;
}

#[tokio::test]
async fn an_assigned_field_counts() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let bob = session.get_one(User, 2).await.unwrap();
        session.load(bob, User::addresses).await.unwrap();
        session[bob].addresses = many![];
        assert!(!session.is_modified(bob), "it was empty");
        session[bob].addresses = many![Address { email: "new".into(), ..default() }];
        assert!(session.is_modified(bob));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|1", "b|1", "new|2"]);
    })
    .await;
}

#[tokio::test]
async fn an_expression_counts() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let bob = session.get_one(User, 2).await.unwrap();
        session.set_expression(bob, User::name, functions::upper(User::name));
        assert!(session.is_modified(bob) && session.dirty().contains(bob));
        let name = session.history(bob, User::name);
        assert_eq!((name.added.len(), name.deleted), (0, vec!["bob".to_owned()]));
        session.commit().await.unwrap();
        assert_eq!((session.is_modified(bob), session[bob].name.as_str()), (false, "BOB"));
    })
    .await;
}

#[tokio::test]
async fn many_to_many_without_anything_loaded_counts_on_both_sides() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let tag = Tag { name: "rust".into(), ..default() };
        let post = Post { title: "p".into(), tags: many![tag], ..default() };
        session.add(Blog { title: "b".into(), posts: many![post], ..default() });
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let post = session.get_one(Post, 1).await.unwrap();
        let tag = session.get_one(Tag, 1).await.unwrap();
        session.remove(post, Post::tags, tag);
        assert!(session.is_modified(post) && session.is_modified(tag));
        assert_eq!((session.dirty().of::<Post>(), session.dirty().of::<Tag>()), (vec![post], vec![tag]));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post_tags", "post_id, tag_id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn both_sides_are_in_step_before_any_flush() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    let mut session = Session::new(&engine);
    let [u, v] = ["u", "v"].map(|name| session.add(User { name: name.into(), ..default() }));
    let a = session.add(Address { email: "x".into(), ..default() });
    session.set(a, Address::user, u);
    let of = |session: &Session, user: Handle<User>| session.view(user).get(User::addresses).unwrap().len();
    assert_eq!((of(&session, u), of(&session, v)), (1, 0));
    session.append(v, User::addresses, a);
    assert_eq!((of(&session, u), of(&session, v)), (0, 1));
    assert_eq!(session.view(a).get(Address::user).unwrap().unwrap().handle(), v);
}

#[tokio::test]
#[should_panic(expected = "this handle of `User` is not in the session: it is of another session")]
async fn is_modified_of_another_sessions_object_panics() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    let user = Session::new(&engine).add(User::default());
    Session::new(&engine).is_modified(user);
}
