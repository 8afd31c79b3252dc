//! What a session reads anew, and when: `expire`, `refresh`, `get`, `populate_existing`, autoflush.

use orm::prelude::*;
use orm::{Error, SessionError, SessionMaker};

use crate::databases::{Database, on_each, on_each_with, rows};
use crate::models::{self, *};
use crate::support::Statements;

const NOTHING: [&str; 0] = [];

fn address(email: &str) -> Address {
    Address { email: email.into(), ..default() }
}

/// A session that has committed a user with two addresses, all of it loaded.
async fn alice(db: &Database) -> (Session, Handle<User>) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    let addresses = many![address("a1"), address("a2")];
    let user = session.add(User { name: "alice".into(), addresses, ..default() });
    session.commit().await.unwrap();
    (session, user)
}

/// Changes the user's row past the session.
async fn change_elsewhere(db: &Database) {
    let change = update(User).set(User::name, "changed").set(User::fullname, "too").filter(User::id.eq(1));
    db.engine.execute(change).await.unwrap();
}

fn emails(session: &Session, user: Handle<User>) -> Vec<String> {
    session.view(user).get(User::addresses).unwrap().map(|address| address.email.clone()).collect()
}

fn is_not_loaded<T>(read: orm::Result<T>) -> bool {
    matches!(read, Err(Error::NotLoaded { .. }))
}

#[tokio::test]
async fn what_is_expired_is_overwritten_by_the_next_query_and_readable_until_then() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        change_elsewhere(db).await;
        session.expire(user).unwrap();
        assert!(session.is_expired(user));
        assert_eq!(session[user].name, "alice");
        assert!(is_not_loaded(session.view(user).get(User::addresses)));
        let sent = Statements::record();
        assert_eq!(session.all(select(User)).await.unwrap(), [user]);
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert!(!session.is_expired(user));
        assert_eq!(
            (session[user].name.as_str(), session[user].fullname.as_deref()),
            ("changed", Some("too"))
        );
        session.load(user, User::addresses).await.unwrap();
        assert_eq!(emails(&session, user), ["a1", "a2"]);
        session.flush().await.unwrap();
        assert_eq!(sent.taken("UPDATE"), NOTHING, "what was read is no change");
    })
    .await;
}

#[tokio::test]
async fn an_attribute_expires_alone() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        session[user].name = "dropped".into();
        session.expire_attributes(user, User::name).unwrap();
        assert_eq!(session[user].name, "alice", "a change that was not flushed is dropped");
        assert!(session.is_expired(user));
        assert_eq!(emails(&session, user), ["a1", "a2"], "the relationship is still loaded");
        change_elsewhere(db).await;
        session.all(select(User)).await.unwrap();
        assert_eq!((session[user].name.as_str(), session[user].fullname.as_deref()), ("changed", None));
        session.expire_attributes(user, (User::fullname, User::addresses)).unwrap();
        assert!(is_not_loaded(session.view(user).get(User::addresses)));
        session.all(select(User)).await.unwrap();
        assert_eq!(session[user].fullname.as_deref(), Some("too"));
        assert!(!session.is_expired(user));
        session.expire_attributes(user, User::profile).unwrap();
        assert!(!session.is_expired(user), "a relationship is just unloaded");
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_since_it_expired_is_kept_and_flushed() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        change_elsewhere(db).await;
        session.expire(user).unwrap();
        session[user].name = "mine".into();
        let sent = Statements::record();
        {
            let mut session = session.no_autoflush();
            session.all(select(User)).await.unwrap();
        }
        assert_eq!((session[user].name.as_str(), session[user].fullname.as_deref()), ("mine", Some("too")));
        session.commit().await.unwrap();
        assert_eq!(sent.taken("UPDATE").len(), 1);
        assert_eq!(rows(&db.engine, "user_account", "name, fullname").await, ["mine|too"]);

        // Without a read in between, only what was changed is written.
        db.engine.execute(update(User).set(User::fullname, "later").all_rows()).await.unwrap();
        session.expire(user).unwrap();
        session[user].name = "again".into();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name, fullname").await, ["again|later"]);
        assert!(session.is_expired(user));
        session.all(select(User)).await.unwrap();
        assert_eq!(session[user].fullname.as_deref(), Some("later"));
    })
    .await;
}

#[tokio::test]
async fn expire_drops_what_was_not_flushed() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let tag = session.add(Tag { name: "t".into(), ..default() });
        let blog = session.add(Blog {
            title: "b".into(),
            posts: many![Post { title: "p1".into(), ..default() }, Post { title: "p2".into(), ..default() }],
            ..default()
        });
        session.commit().await.unwrap();
        let posts: Vec<Handle<Post>> =
            session.view(blog).get(Blog::posts).unwrap().map(|post| post.handle()).collect();
        session[blog].title = "dropped".into();
        session.remove(blog, Blog::posts, posts[1]);
        session.expire(blog).unwrap();
        assert_eq!(session[blog].title, "b");
        // Of a collection that is not loaded, and whose other side is not either.
        session.expire_all();
        session.append(posts[0], Post::tags, tag);
        session.expire(posts[0]).unwrap();
        session.expire(tag).unwrap();
        session.set(posts[1], Post::blog, blog);
        session.expire_attributes(posts[1], Post::blog).unwrap();
        let sent = Statements::record();
        session.commit().await.unwrap();
        let written: Vec<String> = sent.take().into_iter().filter(|sql| !sql.starts_with("SELECT")).collect();
        assert!(
            !written.iter().any(|sql| sql.contains("post_tags") || sql.contains("UPDATE")),
            "{written:?}"
        );
        assert_eq!(rows(&db.engine, "post", "title, blog_id").await, ["p1|1", "p2|1"]);
        assert_eq!(rows(&db.engine, "post_tags", "post_id").await, NOTHING);
    })
    .await;
}

#[tokio::test]
async fn what_has_no_row_cannot_expire() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { name: "pending".into(), ..default() });
        for error in [
            session.expire(user).unwrap_err(),
            session.expire_attributes(user, User::name).unwrap_err(),
            session.refresh(user).await.unwrap_err(),
        ] {
            assert_eq!(
                error.to_string(),
                "this handle of `User` is not in the session: it has no row in the database yet"
            );
        }
        session.expire_all();
        assert_eq!(session[user].name, "pending");
        session.commit().await.unwrap();
        session.delete(user);
        session.flush().await.unwrap();
        let error = session.expire(user).unwrap_err();
        assert_eq!(error.to_string(), "this handle of `User` is not in the session: its row was deleted");
        let mut other = Session::new(&db.engine);
        let error = other.expire(user).unwrap_err();
        assert!(
            matches!(error, Error::Session(SessionError::NotInSession { entity: "User", .. })),
            "{error}"
        );
        assert!(!other.is_expired(user));
    })
    .await;
}

#[tokio::test]
async fn expire_cascades_by_refresh_expire_and_pending_objects_leave() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let comments = many![Comment { body: "c".into(), ..default() }];
        let posts = many![Post { title: "p".into(), comments, ..default() }];
        let blog = session.add(Blog { title: "b".into(), posts, ..default() });
        session.commit().await.unwrap();
        let post = session.view(blog).get(Blog::posts).unwrap().next().unwrap().handle();
        let comment = session.view(post).get(Post::comments).unwrap().next().unwrap().handle();
        let pending = session.append(blog, Blog::posts, Post { title: "new".into(), ..default() });
        let below = session.append(pending, Post::comments, Comment { body: "new".into(), ..default() });
        session.expire(blog).unwrap();
        assert_eq!(
            [session.is_expired(blog), session.is_expired(post), session.is_expired(comment)],
            [true; 3]
        );
        assert!(!session.contains(pending) && !session.contains(below));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "title").await, ["p"]);
        // `User::addresses` has no such cascade.
        let user = session.add(User { addresses: many![address("a")], ..default() });
        session.commit().await.unwrap();
        let address = session.view(user).get(User::addresses).unwrap().next().unwrap().handle();
        session.expire(user).unwrap();
        assert!(!session.is_expired(address));
    })
    .await;
}

#[tokio::test]
async fn get_asks_for_an_expired_object_and_one_whose_row_is_gone_leaves() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        change_elsewhere(db).await;
        session.expire(user).unwrap();
        let sent = Statements::record();
        assert_eq!(session.get(User, 1).await.unwrap(), Some(user));
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(session[user].name, "changed");
        assert_eq!(session.get(User, 1).await.unwrap(), Some(user));
        assert_eq!(sent.take(), NOTHING);
        session.commit().await.unwrap();

        db.engine.execute(delete(Address).all_rows()).await.unwrap();
        db.engine.execute(delete(User).all_rows()).await.unwrap();
        session.expire(user).unwrap();
        assert_eq!(session.get(User, 1).await.unwrap(), None);
        assert!(session.is_deleted(user));
        session.rollback().await.unwrap();
        assert!(session.contains(user) && !session.is_deleted(user), "a rollback brings it back");
        assert!(session.is_expired(user));
        let error = session.get_one(User, 1).await.unwrap_err();
        assert_eq!(error.to_string(), "no row was found for `User(id = 1)`, and exactly one was asked for");
        session.commit().await.unwrap();
        assert!(!session.contains(user));
    })
    .await;
}

#[tokio::test]
async fn an_object_that_is_gone_leaves_the_collections_that_lead_to_it() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        let second = session.view(user).get(User::addresses).unwrap().nth(1).unwrap().handle();
        db.engine.execute(delete(Address).filter(Address::id.eq(2))).await.unwrap();
        session.expire_attributes(second, Address::email).unwrap();
        assert_eq!(session.get(Address, 2).await.unwrap(), None);
        assert_eq!(emails(&session, user), ["a1"]);
        session.commit().await.unwrap();
        assert_eq!(emails(&session, user), ["a1"]);
    })
    .await;
}

#[tokio::test]
async fn load_reads_an_expired_foreign_key_first() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        let bob = session.add(User { name: "bob".into(), ..default() });
        session.commit().await.unwrap();
        let moved = session.view(user).get(User::addresses).unwrap().next().unwrap().handle();
        db.engine.execute(update(Address).set(Address::user_id, 2).filter(Address::id.eq(1))).await.unwrap();
        session.expire(moved).unwrap();
        let sent = Statements::record();
        session.load(moved, Address::user).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1, "the address; the identity map has its user");
        assert_eq!(session.view(moved).get(Address::user).unwrap().unwrap().handle(), bob);
        assert_eq!(session[moved].user_id, Some(2));

        // A collection is known by the key, which does not expire.
        session.expire(user).unwrap();
        session.load(user, User::addresses).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(emails(&session, user), ["a2"]);
        assert!(session.is_expired(user));

        // What is loaded on the way is read where it is expired.
        session.commit().await.unwrap();
        db.engine.execute(update(User).set(User::name, "robert").filter(User::id.eq(2))).await.unwrap();
        session.expire(bob).unwrap();
        session.expire_attributes(moved, Address::user).unwrap();
        session.load(moved, Address::user).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(session[bob].name, "robert");

        session.rollback().await.unwrap();
        db.engine.execute(delete(Address).all_rows()).await.unwrap();
        session.expire(moved).unwrap();
        let error = session.load(moved, Address::user).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "no row was found for `Address(id = 1)`, and exactly one was asked for"
        );
    })
    .await;
}

#[tokio::test]
async fn expire_all_expires_what_has_a_row() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        let pending = session.add(User { addresses: many![address("new")], ..default() });
        let addresses: Vec<_> =
            session.view(user).get(User::addresses).unwrap().map(|address| address.handle()).collect();
        session.set(addresses[0], Address::user, pending);
        session[user].name = "dropped".into();
        change_elsewhere(db).await;
        session.expire_all();
        assert_eq!([session.is_expired(user), session.is_expired(pending)], [true, false]);
        assert_eq!(session[user].name, "alice");
        assert!(is_not_loaded(session.view(user).get(User::addresses)));
        assert!(is_not_loaded(session.view(addresses[0]).get(Address::user)));
        assert_eq!(session.view(pending).get(User::addresses).unwrap().len(), 2, "as it was");

        let sent = Statements::record();
        let users = select(User).filter(User::id.eq(1)).options(selectin(User::addresses));
        {
            let mut session = session.no_autoflush();
            session.all(users).await.unwrap();
        }
        assert_eq!(sent.taken("SELECT").len(), 2);
        assert_eq!(session[user].name, "changed");
        assert_eq!([session.is_expired(user), session.is_expired(addresses[1])], [false; 2]);
        session.expire_all();
        assert_eq!([session.is_expired(user), session.is_expired(addresses[1])], [true; 2]);
        session.commit().await.unwrap();
        let own = rows(&db.engine, "address", "email, user_id").await;
        assert_eq!(own, ["a1|2", "a2|1", "new|2"], "the pending user still has what it was given");
    })
    .await;
}

#[tokio::test]
async fn what_was_read_of_a_world_that_is_gone_expires_at_the_rollback() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let named = |name: &str| User { name: name.into(), ..default() };
        let known = session.add(named("known"));
        session.commit().await.unwrap();
        db.engine.execute(insert(User).values([named("read")])).await.unwrap();

        session[known].name = "changed".into();
        session.execute(update(User).set(User::name, "written").filter(User::id.eq(2))).await.unwrap();
        let read = session.get_one(User, 2).await.unwrap();
        assert_eq!(session[read].name, "written");
        session.rollback().await.unwrap();
        assert_eq!([session.is_expired(known), session.is_expired(read)], [false, true]);
        assert_eq!(session[known].name, "known");
        session.all(select(User)).await.unwrap();
        assert_eq!(session[read].name, "read");
        session.commit().await.unwrap();

        // What was overwritten is what it was.
        session.execute(update(User).set(User::name, "written").filter(User::id.eq(2))).await.unwrap();
        session.refresh(read).await.unwrap();
        assert_eq!(session[read].name, "written");
        session.rollback().await.unwrap();
        assert_eq!((session[read].name.as_str(), session.is_expired(read)), ("read", false));

        // What was expired before is so again.
        session.expire(read).unwrap();
        session.execute(update(User).set(User::name, "written").filter(User::id.eq(2))).await.unwrap();
        session.all(select(User)).await.unwrap();
        assert_eq!((session[read].name.as_str(), session.is_expired(read)), ("written", false));
        session.rollback().await.unwrap();
        assert_eq!((session[read].name.as_str(), session.is_expired(read)), ("read", true));
    })
    .await;
}

#[tokio::test]
async fn a_savepoint_expires_what_was_read_after_it_wrote() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let named = |name: &str| User { name: name.into(), ..default() };
        db.engine.execute(insert(User).values([named("a"), named("b"), named("c")])).await.unwrap();
        let rename = |id: i64| update(User).set(User::name, "written").filter(User::id.eq(id));
        let mut session = Session::new(&db.engine);
        session.execute(rename(1)).await.unwrap();
        let a = session.get_one(User, 1).await.unwrap();
        let mut savepoint = session.nested().await.unwrap();
        let b = savepoint.get_one(User, 2).await.unwrap();
        savepoint.execute(rename(3)).await.unwrap();
        let c = savepoint.get_one(User, 3).await.unwrap();
        savepoint.rollback().await.unwrap();
        assert_eq!([a, b, c].map(|user| session.is_expired(user)), [false, false, true]);
        session.get(User, 3).await.unwrap();
        assert_eq!(session[c].name, "c");

        let mut savepoint = session.nested().await.unwrap();
        savepoint.execute(rename(3)).await.unwrap();
        savepoint.commit().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!([a, b, c].map(|user| session.is_expired(user)), [true; 3]);
        session.all(select(User)).await.unwrap();
        assert_eq!([a, b, c].map(|user| session[user].name.clone()), ["a", "b", "c"]);
    })
    .await;
}

#[tokio::test]
async fn refresh_drops_changes_and_reads_all_columns() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        db.engine.execute(update(User).set(User::fullname, "elsewhere").all_rows()).await.unwrap();
        session[user].name = "mine".into();
        session.add(User { name: "new".into(), ..default() });
        let sent = Statements::record();
        session.refresh(user).await.unwrap();
        let sent = sent.take();
        let verbs: Vec<&str> = sent.iter().filter_map(|sql| sql.split(' ').next()).collect();
        assert_eq!(verbs, ["BEGIN", "INSERT", "SELECT"]);
        assert_eq!(
            (session[user].name.as_str(), session[user].fullname.as_deref()),
            ("alice", Some("elsewhere"))
        );
        assert!(is_not_loaded(session.view(user).get(User::addresses)));
        session.refresh(user).options(selectin(User::addresses)).await.unwrap();
        assert_eq!(emails(&session, user), ["a1", "a2"]);

        let mut session = session.no_autoflush();
        session[user].name = "lost".into();
        session.refresh(user).await.unwrap();
        assert_eq!(session[user].name, "alice", "what was not flushed is overwritten");
    })
    .await;
}

#[tokio::test]
async fn refresh_reads_some_attributes_alone() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        change_elsewhere(db).await;
        let second = session.view(user).get(User::addresses).unwrap().nth(1).unwrap().handle();
        db.engine.execute(delete(Address).filter(Address::id.eq(1))).await.unwrap();
        db.engine.execute(update(Address).set(Address::email, "elsewhere").all_rows()).await.unwrap();
        let sent = Statements::record();
        session.refresh(user).only(User::name).await.unwrap();
        assert_eq!(
            sent.taken("SELECT"),
            ["SELECT user_account.name FROM user_account WHERE user_account.id = ?"]
        );
        assert_eq!((session[user].name.as_str(), session[user].fullname.as_deref()), ("changed", None));
        assert_eq!(emails(&session, user), ["a1", "a2"]);

        session.refresh(user).only((User::fullname, User::addresses)).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        assert_eq!(session[user].fullname.as_deref(), Some("too"));
        assert_eq!(emails(&session, user), ["a2"], "an object that is here keeps its values");
        session.refresh(user).only(User::addresses).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2, "the key tells whether the row is there");

        // A to-one relationship is read with its key.
        session.commit().await.unwrap();
        db.engine.execute(update(Address).set(Address::user_id, None::<i64>).all_rows()).await.unwrap();
        session.load(second, Address::user).await.unwrap();
        sent.take();
        session.refresh(second).only(Address::user).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert!(session.view(second).get(Address::user).unwrap().is_none());
        assert_eq!((session[second].email.as_str(), session[second].user_id), ("a2", None));

        // What else is expired stays so.
        session.expire(second).unwrap();
        session.refresh(second).only(Address::email).await.unwrap();
        assert_eq!(session[second].email, "elsewhere");
        assert!(session.is_expired(second));
        session.refresh(second).only((Address::id, Address::user_id)).await.unwrap();
        assert!(!session.is_expired(second));
    })
    .await;
}

#[tokio::test]
async fn refresh_cascades_and_tells_a_row_that_is_gone() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let posts = many![Post { title: "p".into(), ..default() }];
        let blog = session.add(Blog { title: "b".into(), posts, ..default() });
        session.commit().await.unwrap();
        let post = session.view(blog).get(Blog::posts).unwrap().next().unwrap().handle();
        db.engine.execute(update(Post).set(Post::title, "elsewhere").all_rows()).await.unwrap();
        let sent = Statements::record();
        session.refresh(blog).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!([session.is_expired(blog), session.is_expired(post)], [false, true]);
        session.load(blog, Blog::posts).await.unwrap();
        assert_eq!(session[post].title, "elsewhere");
        session.commit().await.unwrap();

        db.engine.execute(delete(Post).all_rows()).await.unwrap();
        let error = session.refresh(post).await.unwrap_err();
        assert!(matches!(error, Error::NoResultFound { .. }));
        assert_eq!(error.to_string(), "no row was found for `Post(id = 1)`, and exactly one was asked for");
        assert!(session.contains(post) && session.is_expired(post));
        assert!(session.refresh(post).only(Post::title).await.is_err());
        assert_eq!(session.get(Post, 1).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_key_is_not_told_where_parameters_are_hidden() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let engine = db.builder().hide_parameters(true).build().unwrap();
        let mut session = Session::new(&engine);
        let error = session.get_one(Purchase, ("x".to_owned(), 7)).await.unwrap_err();
        assert_eq!(error.to_string(), "no row was found for `Purchase`, and exactly one was asked for");
        drop(session);
        engine.dispose().await;
    })
    .await;
}

#[tokio::test]
async fn get_loads_what_is_asked_for() {
    on_each(async |db| {
        let (_, _) = alice(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let user = session.get_one(User, 1).options(selectin(User::addresses)).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        assert_eq!(emails(&session, user), ["a1", "a2"]);
        let mut session = Session::new(&db.engine);
        let address = session.get_one(Address, 1).options(joined(Address::user)).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1, "by a join");
        let user = session.view(address).get(Address::user).unwrap().unwrap().handle();
        // What is here is loaded where it is not.
        let hit = session.get(User, 1).options(selectin(User::addresses)).options(selectin(User::profile));
        assert_eq!(hit.await.unwrap(), Some(user));
        assert_eq!(sent.taken("SELECT").len(), 2);
        assert_eq!(emails(&session, user), ["a1", "a2"]);
        let hit = session.get(User, 1).options(selectin(User::addresses));
        assert_eq!(hit.await.unwrap(), Some(user));
        assert_eq!(sent.take(), NOTHING);
    })
    .await;
}

#[tokio::test]
async fn get_flushes_before_it_asks() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let user = session.add(User { id: 5, name: "x".into(), ..default() });
        let sent = Statements::record();
        assert_eq!(session.get(User, 5).await.unwrap(), Some(user));
        assert_eq!(sent.taken("SELECT"), NOTHING, "the flush has brought it into the identity map");
        session.delete(user);
        assert_eq!(session.get(User, 5).await.unwrap(), Some(user), "marked to be deleted, and here still");
        assert!(session.is_deleted(user));
        assert_eq!(sent.take(), NOTHING);
        session.flush().await.unwrap();
        assert!(matches!(session.get_one(User, 5).await, Err(Error::NoResultFound { .. })));
        assert_eq!(session.no_autoflush().get(User, 5).populate_existing().await.unwrap(), None);
        let other = session.add(User { id: 6, name: "y".into(), ..default() });
        assert_eq!(session.no_autoflush().get(User, 6).await.unwrap(), None);
        session.commit().await.unwrap();
        assert_eq!(session.get(User, 6).await.unwrap(), Some(other));
    })
    .await;
}

#[tokio::test]
async fn get_takes_keys_of_several_columns() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let lines = many![Line { position: 1, item: "i".into(), ..default() }];
        session.add(Purchase { shop: "x".into(), number: 7, lines });
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let purchase = session.get(Purchase, ("x".to_owned(), 7)).options(selectin(Purchase::lines)).await;
        let purchase = purchase.unwrap().unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        assert_eq!(session.get(Purchase, ("x".to_owned(), 7)).await.unwrap(), Some(purchase));
        let line = session.get_one(Line, ("x".to_owned(), 7, 1)).await.unwrap();
        assert_eq!(sent.take(), NOTHING);
        assert_eq!(session[line].item, "i");
        let error = session.get_one(Line, ("x".to_owned(), 7, 2)).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"no row was found for `Line(shop = "x", number = 7, position = 2)`, and exactly one was asked for"#
        );
    })
    .await;
}

#[tokio::test]
async fn populate_existing_overwrites_what_is_here() {
    on_each(async |db| {
        let (mut session, user) = alice(db).await;
        change_elsewhere(db).await;
        db.engine
            .execute(update(Address).set(Address::email, "new").filter(Address::id.eq(2)))
            .await
            .unwrap();
        let second = session.view(user).get(User::addresses).unwrap().nth(1).unwrap().handle();
        session.all(select(User)).await.unwrap();
        assert_eq!(session[user].name, "alice");
        let sent = Statements::record();
        session.all(select(User).populate_existing()).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(session[user].name, "changed");
        assert!(is_not_loaded(session.view(user).get(User::addresses)));
        assert_eq!(session[second].email, "a2");

        // What the query loads is read anew, and overwritten as well.
        session.load(user, User::addresses).await.unwrap();
        session[second].email = "mine".into();
        session[user].name = "mine".into();
        session.append(user, User::addresses, address("pending"));
        {
            let mut session = session.no_autoflush();
            let query = select(User).options(selectin(User::addresses)).populate_existing();
            assert_eq!(session.first(query).await.unwrap(), Some(user));
        }
        assert_eq!(session[user].name, "changed", "changes that were not flushed are overwritten");
        assert_eq!(session[second].email, "new");
        session.rollback().await.unwrap();

        let joins = select(Address).options(joined(Address::user)).order_by(Address::id).populate_existing();
        db.engine.execute(update(User).set(User::name, "joined").all_rows()).await.unwrap();
        sent.take();
        session.all(joins).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(session[user].name, "joined");
        assert_eq!(session.view(second).get(Address::user).unwrap().unwrap().handle(), user);
        session.commit().await.unwrap();

        change_elsewhere(db).await;
        sent.take();
        assert_eq!(session.get(User, 1).populate_existing().await.unwrap(), Some(user));
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(session[user].name, "changed");
        // A connection has nothing that could be overwritten.
        let users = db.engine.all(select(User).populate_existing()).await.unwrap();
        assert_eq!(users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["changed"]);
    })
    .await;
}

#[tokio::test]
async fn populate_existing_loads_a_tree_of_one_table_once() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let named = |name: &str| Employee { name: name.into(), ..default() };
        let reports = many![named("b"), named("c")];
        let top = session.add(Employee { reports, ..named("a") });
        session.commit().await.unwrap();
        db.engine.execute(update(Employee).set(Employee::name, "x").all_rows()).await.unwrap();
        let sent = Statements::record();
        let query = select(Employee)
            .options(selectin(Employee::reports).then(selectin(Employee::manager)))
            .order_by(Employee::id)
            .populate_existing();
        assert_eq!(session.all(query).await.unwrap().len(), 3);
        assert_eq!(sent.taken("SELECT").len(), 2, "each is read once");
        let below = session.view(top).get(Employee::reports).unwrap();
        assert_eq!(below.clone().map(|e| e.value().name.as_str()).collect::<Vec<_>>(), ["x", "x"]);
        assert!(below.into_iter().all(|e| e.get(Employee::manager).unwrap().unwrap().handle() == top));
    })
    .await;
}

#[tokio::test]
async fn a_lock_reads_the_row_in_any_case() {
    on_each_with(
        |features| features.row_locks,
        "row locks",
        async |db| {
            let (mut session, user) = alice(db).await;
            change_elsewhere(db).await;
            let sent = Statements::record();
            assert_eq!(session.get(User, 1).for_update().await.unwrap(), Some(user));
            let locked = sent.taken("SELECT");
            assert_eq!(locked.len(), 1);
            assert!(locked[0].ends_with("FOR UPDATE"), "{locked:?}");
            assert_eq!(session[user].name, "changed");
            assert_eq!(emails(&session, user), ["a1", "a2"], "relationships stay");
            session.refresh(user).only(User::fullname).for_update().await.unwrap();
            assert!(sent.taken("SELECT")[0].ends_with("FOR UPDATE"));

            let mut other = Session::new(&db.engine);
            assert_eq!(other.get(User, 1).skip_locked().await.unwrap(), None);
            let error = other.get(User, 1).no_wait().await.unwrap_err();
            assert!(matches!(error, Error::Timeout { what: orm::TimeoutKind::Lock, .. }), "{error}");
            other.rollback().await.unwrap();
            session.commit().await.unwrap();
            let found = other.get_one(User, 1).await.unwrap();
            // One that is locked elsewhere is not taken for gone.
            session.refresh(user).for_update().await.unwrap();
            other.expire(found).unwrap();
            assert_eq!(other.get(User, 1).skip_locked().await.unwrap(), None);
            assert!(!other.is_deleted(found));
            session.commit().await.unwrap();
            // seekdb has no NOWAIT behind FOR SHARE.
            if !db.server.is_some_and(|server| server.is_seekdb()) {
                other.refresh(found).for_share().no_wait().await.unwrap();
                assert_eq!(other[found].name, "changed");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_lock_that_the_database_has_not_is_an_error() {
    on_each_with(
        |features| !features.row_locks,
        "no row locks",
        async |db| {
            let (mut session, user) = alice(db).await;
            for error in [
                session.get(User, 1).for_update().await.unwrap_err(),
                session.refresh(user).for_share().await.unwrap_err(),
            ] {
                assert!(error.to_string().contains("FOR UPDATE"), "{error}");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn no_autoflush_lasts_as_long_as_its_guard() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { id: 5, name: "x".into(), ..default() });
        {
            let mut session = session.no_autoflush();
            assert_eq!(session.all(select(User::name)).await.unwrap(), NOTHING);
            {
                let mut session = session.no_autoflush();
                assert_eq!(session.all(select(User::name)).await.unwrap(), NOTHING);
            }
            assert_eq!(session.all(select(User::name)).await.unwrap(), NOTHING);
        }
        assert_eq!(session.all(select(User::name)).await.unwrap(), ["x"]);
        session.set_autoflush(false);
        session.add(User { id: 6, name: "y".into(), ..default() });
        drop(session.no_autoflush());
        assert_eq!(session.all(select(User::name)).await.unwrap(), ["x"], "it was off before");
        session.no_autoflush().commit().await.unwrap();
        assert_eq!(rows(&db.engine, "user_account", "name").await, ["x", "y"]);
    })
    .await;
}

#[test]
fn what_is_awaited_can_be_sent_to_another_thread() {
    fn is_send(_: &impl Send) {}
    let engine = Engine::new("sqlite::memory:").unwrap();
    let mut session = Session::new(&engine);
    let user = session.add(User::default());
    is_send(&session.get(User, 1).into_future());
    is_send(&session.get_one(User, 1).into_future());
    is_send(&session.refresh(user).into_future());
}

#[tokio::test]
async fn a_commit_expires_all_where_the_session_is_made_so() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = SessionMaker::new(&db.engine).expire_on_commit(true).session();
        let user = session.add(User { addresses: many![address("a")], name: "u".into(), ..default() });
        session.commit().await.unwrap();
        assert!(session.is_expired(user));
        assert_eq!(session[user].id, 1);
        let sent = Statements::record();
        for name in ["first", "second"] {
            db.engine.execute(update(User).set(User::name, name).all_rows()).await.unwrap();
            sent.take();
            assert_eq!(session.get(User, 1).await.unwrap(), Some(user));
            assert_eq!(sent.taken("SELECT").len(), 1);
            assert_eq!(session[user].name, name);
            session.load(user, User::addresses).await.unwrap();
            assert_eq!(emails(&session, user), ["a"]);
            session.commit().await.unwrap();
            assert!(session.is_expired(user));
            assert!(is_not_loaded(session.view(user).get(User::addresses)));
        }
        session.get(User, 1).await.unwrap();
        session.rollback().await.unwrap();
        assert!(!session.is_expired(user), "nothing was written that could be undone");
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "versioned")]
struct Versioned {
    #[column(primary_key)]
    id: i64,
    title: String,
    body: String,
    #[column(version)]
    version: i32,
}

#[tokio::test]
async fn an_expired_version_is_read_before_it_tells_a_row() {
    on_each(async |db| {
        metadata![Versioned].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let here = session.add(Versioned::default());
        session.commit().await.unwrap();
        let change_elsewhere = async |title: &str| {
            let mut other = Session::new(&db.engine);
            let there = other.get_one(Versioned, 1).await.unwrap();
            other[there].title = title.into();
            other.commit().await.unwrap();
        };
        change_elsewhere("theirs").await;
        session[here].body = "mine".into();
        let error = session.flush().await.unwrap_err();
        assert!(matches!(error, Error::StaleData { .. }), "{error}");
        session.rollback().await.unwrap();

        session.expire(here).unwrap();
        session[here].body = "mine".into();
        let sent = Statements::record();
        session.commit().await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(rows(&db.engine, "versioned", "title, body, version").await, ["theirs|mine|3"]);
        assert_eq!((session[here].title.as_str(), session[here].version), ("theirs", 3));

        change_elsewhere("again").await;
        session.expire(here).unwrap();
        session.delete(here);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "versioned", "id").await, NOTHING);
    })
    .await;
}
