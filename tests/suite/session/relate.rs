//! Relationships edited in memory: both sides in step, and what a flush makes of them.

use orm::prelude::*;

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

fn emails(session: &Session, user: Handle<User>) -> Vec<String> {
    session.view(user).get(User::addresses).unwrap().map(|a| a.email.clone()).collect()
}

fn address(email: &str) -> Address {
    Address { email: email.into(), ..default() }
}

#[tokio::test]
async fn append_sets_the_other_side_and_moves_between_parents() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let one = session.add(User { name: "one".into(), ..default() });
        let two = session.add(User { name: "two".into(), ..default() });
        let a = session.append(one, User::addresses, address("a"));
        session.append(one, User::addresses, address("b"));
        session.commit().await.unwrap();
        session.append(two, User::addresses, a);
        assert_eq!(
            (emails(&session, one), emails(&session, two)),
            (vec!["b".to_owned()], vec!["a".to_owned()])
        );
        assert_eq!(session.view(a).get(Address::user).unwrap().unwrap().handle(), two);
        session.commit().await.unwrap();
        assert_eq!(session[a].user_id, Some(2));
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|2", "b|1"]);
    })
    .await;
}

#[tokio::test]
async fn remove_sets_the_key_to_null() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user =
            session.add(User { name: "u".into(), addresses: many![address("a"), address("b")], ..default() });
        session.commit().await.unwrap();
        let a = session.view(user).get(User::addresses).unwrap().next().unwrap().handle();
        let sent = Statements::record();
        session.remove(user, User::addresses, a);
        assert!(session.view(a).get(Address::user).unwrap().is_none());
        session.commit().await.unwrap();
        assert_eq!(sent.take(), ["BEGIN", "UPDATE address SET user_id = ? WHERE address.id = ?", "COMMIT"]);
        assert_eq!(session[a].user_id, None);
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL", "b|1"]);
    })
    .await;
}

#[tokio::test]
async fn set_moves_a_child_and_none_cuts_it() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let one = session.add(User { name: "one".into(), addresses: many![address("a")], ..default() });
        session.commit().await.unwrap();
        let a = session.view(one).get(User::addresses).unwrap().next().unwrap().handle();
        session.set(a, Address::user, User { name: "two".into(), ..default() });
        assert_eq!(emails(&session, one), [""; 0]);
        session.commit().await.unwrap();
        assert_eq!(session[a].user_id, Some(2));
        session.set(a, Address::user, None);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL"]);
        // What is not loaded is cut all the same.
        session.set(a, Address::user, one);
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let a = other.get_one(Address, 1).await.unwrap();
        other.set(a, Address::user, None);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn a_collection_that_is_not_loaded_takes_edits() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { name: "u".into(), addresses: many![address("a")], ..default() });
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let user = other.get_one(User, 1).await.unwrap();
        let a = other.get_one(Address, 1).await.unwrap();
        other.append(user, User::addresses, address("b"));
        assert!(matches!(other.view(user).get(User::addresses), Err(orm::Error::NotLoaded { .. })));
        other.remove(user, User::addresses, a);
        other.load(user, User::addresses).await.unwrap();
        assert_eq!(emails(&other, user), ["b"]);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL", "b|1"]);
    })
    .await;
}

#[tokio::test]
async fn assignment_replaces_a_collection_loaded_or_not() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user =
            session.add(User { name: "u".into(), addresses: many![address("a"), address("b")], ..default() });
        session.commit().await.unwrap();
        session[user].addresses = many![address("c")];
        session.commit().await.unwrap();
        assert_eq!(emails(&session, user), ["c"]);
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL", "b|NULL", "c|1"]);
        let mut other = Session::new(&db.engine);
        let user = other.get_one(User, 1).await.unwrap();
        other[user].addresses = many![address("d")];
        other.commit().await.unwrap();
        assert_eq!(emails(&other, user), ["d"]);
        assert_eq!(
            rows(&db.engine, "address", "email, user_id").await,
            ["a|NULL", "b|NULL", "c|NULL", "d|1"]
        );
    })
    .await;
}

#[tokio::test]
async fn many_to_many_rows_are_written_once_from_either_side() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let blog = session.add(Blog { title: "b".into(), ..default() });
        let p1 = session.append(blog, Blog::posts, Post { title: "p1".into(), ..default() });
        let p2 = session.append(blog, Blog::posts, Post { title: "p2".into(), ..default() });
        let t1 = session.append(p1, Post::tags, Tag { name: "t1".into(), ..default() });
        session.append(t1, Tag::posts, p2);
        session.append(p2, Post::tags, t1);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post_tags", "post_id, tag_id").await, ["1|1", "2|1"]);
        session.remove(t1, Tag::posts, p1);
        assert!(session.view(p1).get(Post::tags).unwrap().is_empty());
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post_tags", "post_id, tag_id").await, ["2|1"]);
        // Neither side loaded.
        let mut other = Session::new(&db.engine);
        let (p1, p2) = (other.get_one(Post, 1).await.unwrap(), other.get_one(Post, 2).await.unwrap());
        let t1 = other.get_one(Tag, 1).await.unwrap();
        other.append(p1, Post::tags, t1);
        other.remove(p2, Post::tags, t1);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post_tags", "post_id, tag_id").await, ["1|1"]);
    })
    .await;
}

#[tokio::test]
async fn a_one_to_one_target_is_replaced_loaded_or_not() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let profile = |bio: &str| Profile { bio: bio.into(), ..default() };
        let user = session.add(User { name: "u".into(), profile: profile("old").into(), ..default() });
        session.commit().await.unwrap();
        session.set(user, User::profile, profile("new"));
        session.commit().await.unwrap();
        assert_eq!(
            rows(&db.engine, "profile", "bio, user_id").await,
            ["new|1"],
            "delete-orphan took the old one"
        );
        let mut other = Session::new(&db.engine);
        let user = other.get_one(User, 1).await.unwrap();
        other.set(user, User::profile, profile("newest"));
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "bio, user_id").await, ["newest|1"]);
        other.set(user, User::profile, None);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "bio").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_changed_key_column_is_written_and_the_relationship_follows() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { name: "one".into(), addresses: many![address("a")], ..default() });
        let two = session.add(User { name: "two".into(), ..default() });
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let a = other.one(select(Address).options(selectin(Address::user))).await.unwrap();
        other[a].user_id = Some(session[two].id);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|2"]);
        other.load(a, Address::user).await.unwrap();
        assert_eq!(other.view(a).get(Address::user).unwrap().unwrap().name, "two");
    })
    .await;
}
