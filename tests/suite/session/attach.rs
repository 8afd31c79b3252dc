//! Objects that leave a session with their cascades, and come in as what they are.

use orm::prelude::*;
use orm::{Error, ObjectState, SessionError};

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

fn address(email: &str) -> Address {
    Address { email: email.into(), ..default() }
}

fn node(name: &str) -> Node {
    Node { name: name.into(), ..default() }
}

/// alice with the addresses a1 and a2.
async fn alice(engine: &Engine) -> User {
    models::create(engine).await;
    let mut session = Session::new(engine);
    let user = User { name: "alice".into(), addresses: many![address("a1"), address("a2")], ..default() };
    let user = session.add(user);
    session.commit().await.unwrap();
    session.detach(user)
}

#[tokio::test]
async fn an_attached_object_is_persistent_and_its_changes_are_flushed() {
    on_each(async |db| {
        let owned = alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let user = session.attach(owned).unwrap();
        assert_eq!((session.state(user), sent.take().len()), (ObjectState::Persistent, 0));
        assert!(session.dirty().is_empty() && session.pending().is_empty());
        session[user].name = "offline".into();
        session.commit().await.unwrap();
        let update = "UPDATE user_account SET name = ? WHERE user_account.id = ?";
        assert_eq!(sent.take(), ["BEGIN", update, "COMMIT"]);
        assert_eq!(rows(&db.engine, "user_account", "id, name").await, ["1|offline"]);
        assert_eq!(session.get(User, 1).await.unwrap(), Some(user));
    })
    .await;
}

#[tokio::test]
async fn owned_children_are_attached_and_count_as_loaded() {
    on_each(async |db| {
        let owned = alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let user = session.attach(owned).unwrap();
        let [a1, a2] =
            session.view(user).get(User::addresses).unwrap().map(|a| a.handle()).collect::<Vec<_>>()[..]
        else {
            panic!()
        };
        assert_eq!(session.view(a1).get(Address::user).unwrap().unwrap().handle(), user);
        assert!(session.view(user).get(User::profile).unwrap().is_none(), "loaded, and nothing");
        session.remove(user, User::addresses, a1);
        session[a2].email = "A2".into();
        session.commit().await.unwrap();
        assert_eq!((sent.taken("UPDATE").len(), sent.taken("SELECT").len()), (2, 0));
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["A2|1", "a1|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_not_loaded_stays_unloaded() {
    on_each(async |db| {
        let mut owned = alice(&db.engine).await;
        owned.addresses = default();
        let mut session = Session::new(&db.engine);
        let user = session.attach(owned).unwrap();
        assert!(matches!(session.view(user).get(User::addresses), Err(Error::NotLoaded { .. })));
        session.load(user, User::addresses).await.unwrap();
        assert_eq!(session.view(user).get(User::addresses).unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_second_object_of_a_key_is_refused_and_nothing_was_attached() {
    on_each(async |db| {
        let owned = alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let a2 = session.get_one(Address, 2).await.unwrap();
        let error = session.attach(owned.clone()).unwrap_err();
        let key = "2".to_owned();
        let expected = SessionError::DuplicateKey { entity: "Address", key };
        assert!(matches!(&error, Error::Session(found) if *found == expected), "{error}");
        session.expunge(a2);
        let user = session.attach(owned.clone()).unwrap();
        let error = session.attach(User { addresses: default(), ..owned }).unwrap_err();
        assert_eq!(
            error.to_string(),
            "another `User` with the key 1 is already in the session; use `session.merge(…)` to bring both together"
        );
        assert_eq!(session.get(User, 1).await.unwrap(), Some(user));
    })
    .await;
}

#[tokio::test]
async fn a_value_without_a_key_stands_for_no_row() {
    on_each(async |db| {
        let mut owned = alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let no_key = |error: Error| match error {
            Error::Session(SessionError::NoIdentity { entity, column }) => (entity, column),
            error => panic!("{error}"),
        };
        let error = session.attach(User { name: "new".into(), ..default() }).unwrap_err();
        assert_eq!(no_key(error), ("User", "id"));
        owned.addresses.loaded_mut().unwrap().push(address("new"));
        assert_eq!(no_key(session.attach(owned.clone()).unwrap_err()), ("Address", "id"));
        assert_eq!(session.get(User, 1).await.unwrap().map(|user| session.state(user)), {
            Some(ObjectState::Persistent)
        });
        assert!(matches!(session.attach(owned), Err(Error::Session(SessionError::DuplicateKey { .. }))));
    })
    .await;
}

#[tokio::test]
async fn an_object_that_is_given_twice_is_one() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let tag = session.add(Tag { name: "t".into(), ..default() });
        let post = |title: &str| Post { title: title.into(), ..default() };
        let blog = session.add(Blog { title: "b".into(), posts: many![post("p"), post("q")], ..default() });
        let posts: Vec<_> = session.view(blog).get(Blog::posts).unwrap().map(|p| p.handle()).collect();
        for &post in &posts {
            session.append(post, Post::tags, tag);
        }
        session.commit().await.unwrap();
        let mut owned = session.detach(blog);
        let mut session = Session::new(&db.engine);
        let blog = session.attach(owned.clone()).unwrap();
        let tags: Vec<_> = session
            .view(blog)
            .get(Blog::posts)
            .unwrap()
            .map(|post| post.get(Post::tags).unwrap().next().unwrap().handle())
            .collect();
        assert_eq!((tags.len(), tags[0] == tags[1]), (2, true));
        session[tags[0]].name = "T".into();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "id, name").await, ["1|T"]);
        // Two values that say different things of one row are not one object.
        owned.posts.loaded_mut().unwrap()[0].tags.loaded_mut().unwrap()[0].name = "other".into();
        let mut session = Session::new(&db.engine);
        let error = session.attach(owned).unwrap_err();
        let Error::Session(SessionError::DuplicateKey { entity: "Tag", .. }) = error else {
            panic!("{error}")
        };
        assert!(session.get(Blog, 1).await.unwrap().is_some_and(|blog| session[blog].posts.is_unloaded()));
    })
    .await;
}

#[tokio::test]
async fn a_rollback_keeps_what_was_attached_as_it_came() {
    on_each(async |db| {
        let owned = alice(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.attach(owned).unwrap();
        session[user].name = "changed".into();
        session.append(user, User::addresses, address("new"));
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!((session.state(user), session[user].name.as_str()), (ObjectState::Persistent, "alice"));
        assert_eq!(session.view(user).get(User::addresses).unwrap().len(), 2);
        assert_eq!(session.get(User, 1).await.unwrap(), Some(user));
    })
    .await;
}

#[tokio::test]
async fn composite_keys() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let line = |position| Line { position, item: "i".into(), ..default() };
        let mut session = Session::new(&db.engine);
        let lines = many![line(0), line(1)];
        let purchase = session.add(Purchase { shop: "s".into(), number: 0, lines });
        session.commit().await.unwrap();
        let owned = session.expunge(purchase);
        let mut session = Session::new(&db.engine);
        let purchase = session.attach(owned).unwrap();
        assert_eq!(
            session.get(Line, ("s".to_owned(), 0, 1)).await.unwrap().map(|line| session[line].position),
            Some(1)
        );
        session.replace(purchase, Purchase::lines, [line(2)]);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "line", "shop, number, position").await, ["s|0|2"]);
    })
    .await;
}

#[tokio::test]
async fn an_expunged_object_takes_along_what_the_cascade_reaches() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let tag = session.add(Tag { name: "t".into(), ..default() });
        let comment = Comment { body: "c".into(), ..default() };
        let post = Post { title: "p".into(), comments: many![comment], ..default() };
        let blog = session.add(Blog { title: "b".into(), posts: many![post], ..default() });
        let post = session.view(blog).get(Blog::posts).unwrap().next().unwrap().handle();
        let comment = session.view(post).get(Post::comments).unwrap().next().unwrap().handle();
        session.append(post, Post::tags, tag);
        session.commit().await.unwrap();
        let owned = session.expunge(blog);
        assert!(!session.contains(blog) && !session.contains(post) && !session.contains(comment));
        assert!(session.contains(tag), "`Post::tags` has no such cascade");
        assert!(session[tag].posts.is_unloaded());
        let posts = owned.posts.loaded().unwrap();
        assert_eq!(posts[0].comments.loaded().unwrap()[0].body, "c");
        assert!(posts[0].blog.is_unloaded() && posts[0].tags.is_unloaded());
        assert!(session.pending().is_empty() && session.dirty().is_empty());
        session.commit().await.unwrap();
        // In another session it is what it was.
        let mut other = Session::new(&db.engine);
        let blog = other.attach(owned).unwrap();
        other.delete(blog);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "comment", "body").await, [""; 0]);
        assert_eq!(rows(&db.engine, "post_tags", "post_id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_pending_tree_leaves_as_it_came_and_may_be_added_again() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let root = session.add(Node { children: many![node("a"), node("b")], ..node("root") });
        let owned = session.expunge(root);
        assert!(session.pending().is_empty());
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "node", "name").await, [""; 0]);
        let root = session.add(owned);
        session.commit().await.unwrap();
        // SQLAlchemy's `make_transient`: out, without its key, and in again.
        let mut owned = session.expunge(root);
        owned.id = 0;
        for child in owned.children.loaded_mut().unwrap() {
            child.id = 0;
        }
        session.add(owned);
        session.commit().await.unwrap();
        let expected = ["a|1", "a|4", "b|1", "b|4", "root|NULL", "root|NULL"];
        assert_eq!(rows(&db.engine, "node", "name, parent_id").await, expected);
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "person")]
struct Person {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(secondary = Friendship, source_key = Friendship::one, target_key = Friendship::other, cascade = "all", order_by = Person::id)]
    friends: Many<Person>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "friendship")]
struct Friendship {
    #[column(primary_key, foreign_key = Person::id)]
    one: i64,
    #[column(primary_key, foreign_key = Person::id)]
    other: i64,
}

#[tokio::test]
async fn nothing_is_lost_in_a_circle() {
    on_each(async |db| {
        metadata![Person, Friendship].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let [a, b, c] = ["a", "b", "c"].map(|name| session.add(Person { name: name.into(), ..default() }));
        for (one, other) in [(a, b), (b, a), (b, c), (c, a)] {
            session.append(one, Person::friends, other);
        }
        session.commit().await.unwrap();
        let owned = session.expunge(a);
        assert!([a, b, c].iter().all(|&person| !session.contains(person)));
        let mut session = Session::new(&db.engine);
        let a = session.attach(owned).unwrap();
        let friends = |session: &Session, of: Handle<Person>| -> Vec<Handle<Person>> {
            session.view(of).get(Person::friends).unwrap().map(|friend| friend.handle()).collect()
        };
        let [b] = friends(&session, a)[..] else { panic!() };
        let [again, c] = friends(&session, b)[..] else { panic!() };
        assert_eq!((again, friends(&session, c)), (a, vec![a]));
    })
    .await;
}

#[tokio::test]
async fn a_very_long_chain_is_cut_and_what_is_behind_stays() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    models::create(&engine).await;
    let mut session = Session::new(&engine);
    let root = session.add(node("0"));
    let mut last = root;
    for depth in 1..=250 {
        last = session.append(last, Node::children, node(&depth.to_string()));
    }
    session.commit().await.unwrap();
    let owned = session.expunge(root);
    let mut deepest = &owned;
    while let Some([child]) = deepest.children.loaded() {
        deepest = child;
    }
    assert_eq!((deepest.name.as_str(), deepest.children.is_unloaded()), ("200", true));
    assert!(session.contains(last));
    let left = session.all(select(Node).filter(Node::id.gt(201))).await.unwrap();
    assert_eq!(left.len(), 50);
    let mut other = Session::new(&engine);
    other.attach(owned).unwrap();
    assert!(other.get(Node, 201).await.unwrap().is_some());
}
