//! What attributes have become since the last flush.

use orm::History;
use orm::prelude::*;

use crate::databases::on_each;
use crate::models::{self, *};
use crate::support::Statements;

fn address(email: &str) -> Address {
    Address { email: email.into(), ..default() }
}

/// alice with the addresses a and b and a profile, and bob.
async fn seed(engine: &Engine) {
    models::create(engine).await;
    let mut session = Session::new(engine);
    session.add(User {
        name: "alice".into(),
        addresses: many![address("a"), address("b")],
        profile: Profile { bio: "p".into(), ..default() }.into(),
        ..default()
    });
    session.add(User { name: "bob".into(), ..default() });
    session.commit().await.unwrap();
}

fn history<T>(
    added: impl IntoIterator<Item = T>,
    unchanged: impl IntoIterator<Item = T>,
    deleted: impl IntoIterator<Item = T>,
) -> History<T> {
    History {
        added: added.into_iter().collect(),
        unchanged: unchanged.into_iter().collect(),
        deleted: deleted.into_iter().collect(),
    }
}

#[tokio::test]
async fn added_unchanged_and_deleted() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.set_autoflush(false);
        let alice = session.get_one(User, 1).await.unwrap();
        let bob = session.get_one(User, 2).await.unwrap();
        session.load(alice, User::addresses).await.unwrap();
        let a = session.get_one(Address, 1).await.unwrap();
        let b = session.get_one(Address, 2).await.unwrap();
        let sent = Statements::record();
        session[alice].name = "z".into();
        let new = session.append(alice, User::addresses, address("new"));
        session.remove(alice, User::addresses, a);
        assert_eq!(session.history(alice, User::addresses), history([new], [b], [a]));
        session.set(b, Address::user, bob);
        assert_eq!(session.history(alice, User::name), history(["z".to_owned()], [], ["alice".to_owned()]));
        assert_eq!(session.history(alice, User::id), history([], [1], []));
        assert_eq!(session.history(alice, User::addresses), history([new], [], [a, b]));
        assert_eq!(session.history(bob, User::addresses), history([b], [], []));
        assert_eq!(session.history(b, Address::user), history([bob], [], [alice]));
        assert_eq!(session.history(a, Address::user), history([], [], [alice]));
        assert_eq!(session.history(new, Address::user), history([alice], [], []));
        assert_eq!(sent.take(), [""; 0], "no I/O");
        session.commit().await.unwrap();
        assert_eq!(session.history(alice, User::name), history([], ["z".to_owned()], []));
        assert_eq!(session.history(alice, User::addresses), history([], [new], []));
    })
    .await;
}

#[tokio::test]
async fn all_of_a_pending_object_is_added() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { name: "u".into(), addresses: many![address("a")], ..default() });
        let stamp = session.add(Stamp::new("s"));
        let a = session.view(user).get(User::addresses).unwrap().next().unwrap().handle();
        assert_eq!(session.history(user, User::name), history(["u".to_owned()], [], []));
        assert_eq!(session.history(user, User::fullname), history([None], [], []));
        assert!(session.history(user, User::id).is_empty(), "the database counts it up");
        assert!(session.history(stamp, Stamp::counter).is_empty(), "the database gives it");
        assert_eq!(session.history(user, User::addresses), history([a], [], []));
        session.flush().await.unwrap();
        assert_eq!(session.history(stamp, Stamp::counter), history([], [7], []));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_loaded_has_the_edits_alone() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let alice = session.get_one(User, 1).await.unwrap();
        let bob = session.get_one(User, 2).await.unwrap();
        let a = session.get_one(Address, 1).await.unwrap();
        assert!(session.history(alice, User::addresses).is_empty());
        assert!(session.history(a, Address::user).is_empty());
        let new = session.append(alice, User::addresses, address("new"));
        assert_eq!(session.history(alice, User::addresses), history([new], [], []));
        session.append(bob, User::addresses, a);
        assert_eq!(session.history(bob, User::addresses), history([a], [], []));
        assert_eq!(session.history(alice, User::addresses), history([new], [], [a]));
        assert_eq!(session.history(a, Address::user), history([bob], [], [alice]));
        session.set(a, Address::user, None);
        assert_eq!(session.history(a, Address::user), history([], [], [alice]));
        assert!(session.history(bob, User::addresses).is_empty());
        // Loaded afterwards, it says the same and what stayed.
        let b = session.no_autoflush().get_one(Address, 2).await.unwrap();
        assert_eq!(session.history(alice, User::addresses), history([new], [], [a]));
        session.load(alice, User::addresses).await.unwrap();
        assert_eq!(session.history(alice, User::addresses), history([], [b, new], []));
    })
    .await;
}

#[tokio::test]
async fn one_to_one_tells_both_sides() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let alice = session.get_one(User, 1).await.unwrap();
        let bob = session.get_one(User, 2).await.unwrap();
        let profile = session.get_one(Profile, 1).await.unwrap();
        session.set(profile, Profile::user, bob);
        assert_eq!(session.history(profile, Profile::user), history([bob], [], [alice]));
        assert_eq!(session.history(bob, User::profile), history([profile], [], []));
        assert_eq!(session.history(alice, User::profile), history([], [], [profile]));
        session.commit().await.unwrap();
        assert_eq!(session.history(bob, User::profile), history([], [profile], []));
    })
    .await;
}

#[tokio::test]
async fn a_collection_without_another_side_has_its_edits() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let comment = |body: &str| Comment { body: body.into(), ..default() };
        let post = |title: &str| Post { title: title.into(), comments: many![comment(title)], ..default() };
        session.add(Blog { title: "b".into(), posts: many![post("one"), post("two")], ..default() });
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let one = session.get_one(Post, 1).await.unwrap();
        let two = session.get_one(Post, 2).await.unwrap();
        let first = session.get_one(Comment, 1).await.unwrap();
        session.append(two, Post::comments, first);
        assert_eq!(session.history(two, Post::comments), history([first], [], []));
        assert_eq!(session.history(one, Post::comments), history([], [], [first]));
        assert!(session.is_modified(one) && session.is_modified(two) && !session.is_modified(first));
        session.load(one, Post::comments).await.unwrap();
        assert_eq!(session.history(one, Post::comments), history([], [], []), "the load has flushed");
        assert_eq!(session[first].post_id, 2);
    })
    .await;
}

#[tokio::test]
async fn many_to_many_that_is_not_loaded_has_its_edits() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let tag = |name: &str| Tag { name: name.into(), ..default() };
        let post = Post { title: "p".into(), tags: many![tag("x"), tag("y")], ..default() };
        session.add(Blog { title: "b".into(), posts: many![post], ..default() });
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let post = session.get_one(Post, 1).await.unwrap();
        let x = session.get_one(Tag, 1).await.unwrap();
        session.remove(post, Post::tags, x);
        let z = session.append(post, Post::tags, tag("z"));
        assert_eq!(session.history(post, Post::tags), history([z], [], [x]));
        assert_eq!(session.history(x, Tag::posts), history([], [], [post]));
        assert_eq!(session.history(z, Tag::posts), history([post], [], []));
        session.append(post, Post::tags, x);
        assert_eq!(session.history(post, Post::tags), history([z], [], []));
    })
    .await;
}

#[tokio::test]
async fn owned_values_in_a_field_replace_what_was_there() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let alice = session.get_one(User, 1).await.unwrap();
        session.load(alice, User::addresses).await.unwrap();
        let old: Vec<_> = session.view(alice).get(User::addresses).unwrap().map(|a| a.handle()).collect();
        session[alice].addresses = many![address("new")];
        assert_eq!(session.history(alice, User::addresses), history([], [], old.clone()));
        session.flush().await.unwrap();
        let new: Vec<_> = session.view(alice).get(User::addresses).unwrap().map(|a| a.handle()).collect();
        assert_eq!(session.history(alice, User::addresses), history([], new, []));
        assert_eq!(session[old[0]].user_id, None);
    })
    .await;
}
