//! Edits of relationships in memory: orphans, moves, links that mean nothing.

use orm::prelude::*;

use super::{address, blog, comment, emails, post, tag, user};
use crate::databases::{on_each, rows};
use crate::models::{self, *};

#[tokio::test]
async fn a_pending_orphan_leaves_its_tags_and_takes_its_comments_with_it() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let b = session.add(blog("b"));
        let t = session.add(tag("t"));
        let p = session.append(b, Blog::posts, Post { comments: many![comment("c")], ..post("p") });
        session.append(t, Tag::posts, p);
        session.remove(b, Blog::posts, p);
        session.commit().await.unwrap();
        for table in ["post", "comment", "post_tags"] {
            assert_eq!(rows(&db.engine, table, "1").await, [""; 0], "{table}");
        }
        assert!(session.view(t).get(Tag::posts).unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_expunged_or_discarded_is_in_no_relationship() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let b = session.add(blog("b"));
        let p = session.append(b, Blog::posts, post("p"));
        let t = session.append(p, Post::tags, tag("t"));
        let c = session.append(p, Post::comments, comment("c"));
        session.delete(c);
        assert!(session.view(p).get(Post::comments).unwrap().is_empty());
        session.expunge(t);
        assert!(session.view(p).get(Post::tags).unwrap().is_empty());
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "tag", "name").await, [""; 0]);
        // A parent that has a row leaves its key behind, and the relationship is not loaded: never empty.
        let u = session.add(user("u"));
        session.flush().await.unwrap();
        let a = session.append(u, User::addresses, address("a"));
        session.expunge(u);
        assert!(matches!(session.view(a).get(Address::user), Err(orm::Error::NotLoaded { .. })));
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|1"]);
    })
    .await;
}

#[tokio::test]
async fn the_last_of_several_edits_of_a_relationship_that_is_not_loaded_counts() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let profile = |bio: &str| Profile { bio: bio.into(), ..default() };
        session.add(User { profile: profile("old").into(), ..user("u") });
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let u = other.get_one(User, 1).await.unwrap();
        other.set(u, User::profile, profile("first"));
        other.set(u, User::profile, profile("second"));
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "bio").await, ["second"]);
        drop(other);
        let mut third = Session::new(&db.engine);
        let u = third.get_one(User, 1).await.unwrap();
        third.set(u, User::profile, profile("third"));
        third.set(u, User::profile, None);
        third.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "bio").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn an_assigned_none_is_none_loaded_or_not() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let profile = Profile { bio: "p".into(), ..default() };
        session.add(User { profile: profile.into(), addresses: many![address("a")], ..user("u") });
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let u = other.get_one(User, 1).await.unwrap();
        let a = other.get_one(Address, 1).await.unwrap();
        other[u].profile = None.into();
        other[a].user = None.into();
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "profile", "bio").await, [""; 0]);
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn a_child_moves_out_of_a_parent_that_is_deleted_in_the_same_flush() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session
            .add(Blog { posts: many![Post { comments: many![comment("c")], ..post("p") }], ..blog("old") });
        session.add(Blog { posts: many![post("q")], ..blog("new") });
        session.commit().await.unwrap();
        // Nothing is loaded of the one that goes; the second is known by its key only.
        let mut other = Session::new(&db.engine);
        let new = other.get_one(Blog, 2).await.unwrap();
        let (p, q) = (other.get_one(Post, 1).await.unwrap(), other.get_one(Post, 2).await.unwrap());
        let c = other.get_one(Comment, 1).await.unwrap();
        other.append(new, Blog::posts, p);
        other.append(q, Post::comments, c);
        let old = other.get_one(Blog, 1).await.unwrap();
        other.delete(old);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "title, blog_id").await, ["p|2", "q|2"]);
        assert_eq!(rows(&db.engine, "comment", "body, post_id").await, ["c|2"]);
    })
    .await;
}

#[tokio::test]
async fn a_child_without_a_way_back_moves_between_loaded_and_unloaded_parents() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let posts = many![Post { comments: many![comment("c")], ..post("p") }, post("q"), post("r")];
        session.add(Blog { posts, ..blog("b") });
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let posts = other.all(select(Post).order_by(Post::id)).await.unwrap();
        other.load(posts[0], Post::comments).await.unwrap();
        let c = other.view(posts[0]).get(Post::comments).unwrap().next().unwrap().handle();
        other.append(posts[1], Post::comments, c);
        assert!(other.view(posts[0]).get(Post::comments).unwrap().is_empty());
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "comment", "body, post_id").await, ["c|2"]);
        // There and away again: it has left its former parent too, and is an orphan.
        let mut third = Session::new(&db.engine);
        let r = third.get_one(Post, 3).await.unwrap();
        let c = third.get_one(Comment, 1).await.unwrap();
        third.append(r, Post::comments, c);
        third.remove(r, Post::comments, c);
        third.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "comment", "body").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn taking_out_what_is_not_inside_changes_nothing() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { addresses: many![address("a")], ..user("one") });
        session.add(user("two"));
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let two = other.get_one(User, 2).await.unwrap();
        let a = other.get_one(Address, 1).await.unwrap();
        other.remove(two, User::addresses, a);
        let new = other.add(Node { name: "new".into(), ..default() });
        let far = other.add(Node { name: "far".into(), ..default() });
        other.remove(far, Node::children, new);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|1"]);
        assert_eq!(rows(&db.engine, "node", "name").await, ["far", "new"]);
    })
    .await;
}

#[tokio::test]
async fn an_orphan_of_a_collection_that_is_not_loaded_goes_by_the_child_s_word() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(Blog { posts: many![post("p")], ..blog("b") });
        session.add(blog("c"));
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        let (b, c) = (other.get_one(Blog, 1).await.unwrap(), other.get_one(Blog, 2).await.unwrap());
        let p = other.get_one(Post, 1).await.unwrap();
        other.set(p, Post::blog, c);
        other.remove(c, Blog::posts, p);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "title").await, [""; 0]);
        assert!(other.contains(b));
    })
    .await;
}

#[tokio::test]
async fn a_collection_loaded_without_autoflush_has_the_edits() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        session.add(User { addresses: many![address("a"), address("b")], ..user("one") });
        session.add(Blog { posts: many![post("p")], ..blog("b") });
        session.add(tag("t"));
        session.commit().await.unwrap();
        let mut other = Session::new(&db.engine);
        other.set_autoflush(false);
        let one = other.get_one(User, 1).await.unwrap();
        let a = other.get_one(Address, 1).await.unwrap();
        other.set(a, Address::user, None);
        other.append(one, User::addresses, address("c"));
        other.all(select(User).options(joined(User::addresses))).await.unwrap();
        assert_eq!(emails(&other, one), ["b", "c"]);
        let (p, t) = (other.get_one(Post, 1).await.unwrap(), other.get_one(Tag, 1).await.unwrap());
        other.append(p, Post::tags, t);
        other.load(p, Post::tags).await.unwrap();
        other.remove(p, Post::tags, t);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|NULL", "b|1", "c|1"]);
        assert_eq!(rows(&db.engine, "post_tags", "1").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn links_of_another_session_mean_nothing() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut one = Session::new(&db.engine);
        let u = one.add(User { addresses: many![address("a")], ..user("u") });
        one.commit().await.unwrap();
        let copy = one[u].clone();
        let mut other = Session::new(&db.engine);
        let v = other.add(User { id: 0, ..copy });
        assert!(other.view(v).get(User::addresses).unwrap().is_empty());
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "address", "email, user_id").await, ["a|1"]);
    })
    .await;
}

#[tokio::test]
async fn detach_ends_in_a_net_of_links_and_in_a_long_chain() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let b = session.add(blog("b"));
        let tags = session.add_all((0..30).map(|n| tag(&n.to_string())));
        for n in 0..30 {
            let p = session.append(b, Blog::posts, post(&n.to_string()));
            for &tag in &tags {
                session.append(p, Post::tags, tag);
            }
        }
        let owned = session.detach(b);
        assert_eq!(owned.posts.loaded().unwrap()[29].tags.loaded().unwrap().len(), 30);
        let mut low = session.add(Employee { name: "0".into(), ..default() });
        for n in 1..5_000 {
            let high = session.add(Employee { name: n.to_string(), ..default() });
            session.set(low, Employee::manager, high);
            low = high;
        }
        assert_eq!(session.detach(low).reports.loaded().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_object_is_not_put_into_a_relationship() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let u = session.add(user("u"));
        let a = session.add(address("a"));
        session.commit().await.unwrap();
        session.delete(a);
        session.flush().await.unwrap();
        session.append(u, User::addresses, a);
        let error = session.flush().await.unwrap_err();
        assert!(matches!(
            error,
            orm::Error::Session(orm::SessionError::NotInSession { entity: "Address", .. })
        ));
        session.rollback().await.unwrap();
        assert_eq!(session[a].email, "a");
    })
    .await;
}

#[tokio::test]
async fn a_root_that_was_put_in_and_taken_out_again_is_no_orphan() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let node = |name: &str| Node { name: name.into(), ..default() };
        let mut session = Session::new(&db.engine);
        session.add(node("top"));
        session.add(Node { children: many![node("low")], ..node("root") });
        session.commit().await.unwrap();
        for is_loaded in [true, false] {
            let mut other = Session::new(&db.engine);
            let top = other.one(select(Node).filter(Node::name.eq("top"))).await.unwrap();
            let root = other.one(select(Node).filter(Node::name.eq("root"))).await.unwrap();
            if is_loaded {
                other.load(top, Node::children).await.unwrap();
            }
            other.append(top, Node::children, root);
            other.remove(top, Node::children, root);
            other.commit().await.unwrap();
            assert_eq!(
                rows(&db.engine, "node", "name, parent_id").await,
                ["low|2", "root|NULL", "top|NULL"],
                "loaded: {is_loaded}"
            );
        }
    })
    .await;
}
