//! Assignment of a whole collection.

use orm::prelude::*;

use crate::databases::{on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

fn address(email: &str) -> Address {
    Address { email: email.into(), ..default() }
}

fn emails(session: &Session, user: Handle<User>) -> Vec<String> {
    session.view(user).get(User::addresses).unwrap().map(|a| a.email.clone()).collect()
}

/// one with the addresses a and b, and two with c.
async fn users(engine: &Engine) -> Session {
    models::create(engine).await;
    let mut session = Session::new(engine);
    session.add(User { name: "one".into(), addresses: many![address("a"), address("b")], ..default() });
    session.add(User { name: "two".into(), addresses: many![address("c")], ..default() });
    session.commit().await.unwrap();
    Session::new(engine)
}

#[tokio::test]
async fn a_loaded_collection_keeps_both_sides_in_step() {
    on_each(async |db| {
        let mut session = users(&db.engine).await;
        let query = select(User).order_by(User::id).options(selectin(User::addresses));
        let [one, two] = session.all(query).await.unwrap()[..] else { panic!() };
        let [a, b] =
            session.view(one).get(User::addresses).unwrap().map(|a| a.handle()).collect::<Vec<_>>()[..]
        else {
            panic!()
        };
        let c = session.view(two).get(User::addresses).unwrap().next().unwrap().handle();
        let sent = Statements::record();
        assert_eq!(session.replace(one, User::addresses, [c, b, c]), [c, b]);
        assert_eq!((emails(&session, one), emails(&session, two)), (vec!["c".into(), "b".into()], vec![]));
        assert!(session.view(a).get(Address::user).unwrap().is_none());
        assert_eq!(session.view(c).get(Address::user).unwrap().unwrap().handle(), one);
        assert_eq!(session.history(one, User::addresses).deleted, [a]);
        session.commit().await.unwrap();
        assert_eq!(sent.taken("SELECT"), [""; 0]);
        assert_eq!(emails(&session, one), ["c", "b"], "in the order in which they were given");
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL", "b|1", "c|1"]);
        // The same again is no change.
        session.replace(one, User::addresses, [c, b]);
        assert!(!session.is_modified(one));
        sent.take();
        session.flush().await.unwrap();
        assert_eq!(sent.take(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_loaded_is_taken_out_by_the_flush() {
    on_each(async |db| {
        let mut session = users(&db.engine).await;
        let one = session.get_one(User, 1).await.unwrap();
        let a = session.get_one(Address, 1).await.unwrap();
        let c = session.get_one(Address, 3).await.unwrap();
        // An edit from before the assignment is undone by it.
        let lost = session.append(one, User::addresses, address("lost"));
        session.replace(one, User::addresses, [c, a]);
        assert_eq!(emails(&session, one), ["c", "a"]);
        assert!(session.view(lost).get(Address::user).unwrap().is_none());
        assert!(session.is_modified(one));
        assert_eq!(session.history(one, User::addresses).added, [c]);
        assert_eq!(session.history(one, User::addresses).unchanged, [a]);
        session.commit().await.unwrap();
        assert_eq!(emails(&session, one), ["c", "a"]);
        let expected = ["a|1", "b|NULL", "c|1", "lost|NULL"];
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, expected);
        let mut session = Session::new(&db.engine);
        let one = session.get_one(User, 1).await.unwrap();
        session.replace(one, User::addresses, Vec::<Handle<Address>>::new());
        session.replace(one, User::addresses, [address("new")]);
        session.commit().await.unwrap();
        let expected = ["a|NULL", "b|NULL", "c|NULL", "lost|NULL", "new|1"];
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, expected);
    })
    .await;
}

#[tokio::test]
async fn orphans_are_deleted_and_those_without_a_row_are_not_inserted() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let post = |title: &str| Post { title: title.into(), ..default() };
        let mut session = Session::new(&db.engine);
        session.add(Blog { title: "b".into(), posts: many![post("p"), post("q")], ..default() });
        session.commit().await.unwrap();
        for is_loaded in [true, false] {
            let mut session = Session::new(&db.engine);
            let blog = session.get_one(Blog, 1).await.unwrap();
            if is_loaded {
                session.load(blog, Blog::posts).await.unwrap();
            }
            let unborn = session.append(blog, Blog::posts, post("unborn"));
            let kept = session.get_one(Post, if is_loaded { 2 } else { 3 }).await.unwrap();
            let mut members = vec![kept];
            if is_loaded {
                members.push(session.add(post("r")));
            }
            assert_eq!(session.replace(blog, Blog::posts, members.clone()), members);
            session.commit().await.unwrap();
            assert!(!session.contains(unborn));
            let expected: &[&str] = if is_loaded { &["2|q", "3|r"] } else { &["3|r"] };
            assert_eq!(rows(&db.engine, "post", "id, title").await, expected);
        }
    })
    .await;
}

#[tokio::test]
async fn many_to_many_writes_the_difference_of_the_link_rows() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let tag = |name: &str| Tag { name: name.into(), ..default() };
        let mut session = Session::new(&db.engine);
        let post = Post { title: "p".into(), tags: many![tag("x"), tag("y")], ..default() };
        session.add(Blog { title: "b".into(), posts: many![post], ..default() });
        session.add(tag("z"));
        session.commit().await.unwrap();
        for is_loaded in [true, false] {
            let mut session = Session::new(&db.engine);
            let post = session.get_one(Post, 1).await.unwrap();
            let [x, y, z] = session.all(select(Tag).order_by(Tag::name)).await.unwrap()[..] else { panic!() };
            if is_loaded {
                session.load(post, Post::tags).await.unwrap();
                session.load(y, Tag::posts).await.unwrap();
            }
            let members = if is_loaded { [y, z] } else { [x, z] };
            session.replace(post, Post::tags, members);
            let sent = Statements::record();
            session.commit().await.unwrap();
            assert_eq!((sent.taken("DELETE").len(), sent.take().len()), (1, 0));
            let tags: Vec<_> = session.view(post).get(Post::tags).unwrap().map(|t| t.handle()).collect();
            assert_eq!(tags, members);
            let expected = if is_loaded { ["1|2", "1|3"] } else { ["1|1", "1|3"] };
            assert_eq!(rows(&db.engine, "post_tags", "post_id, tag_id").await, expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_pending_parent_and_a_collection_without_another_side() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let node = |name: &str| Node { name: name.into(), ..default() };
        let mut session = Session::new(&db.engine);
        let root = session.add(Node { children: many![node("a"), node("b")], ..node("root") });
        let [c, d] = session.replace(root, Node::children, [node("c"), node("d")])[..] else { panic!() };
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "node", "name, parent_id").await, ["c|1", "d|1", "root|NULL"]);
        session.replace(c, Node::children, [d]);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "node", "name, parent_id").await, ["c|1", "d|2", "root|NULL"]);
        let of_root: Vec<_> = session.view(root).get(Node::children).unwrap().map(|n| n.handle()).collect();
        assert_eq!(of_root, [c]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_undoes_it() {
    on_each(async |db| {
        let mut session = users(&db.engine).await;
        let query = select(User).filter(User::id.eq(1)).options(selectin(User::addresses));
        let one = session.one(query).await.unwrap();
        session.replace(one, User::addresses, [address("new")]);
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!(emails(&session, one), ["a", "b"]);
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|1", "b|1", "c|2"]);
    })
    .await;
}

#[tokio::test]
#[should_panic(expected = "this handle of `Address` is not in the session: it is of another session")]
async fn a_member_of_another_session_panics() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    let mut session = Session::new(&engine);
    let user = session.add(User::default());
    let foreign = Session::new(&engine).add(Address::default());
    session.replace(user, User::addresses, [foreign]);
}
