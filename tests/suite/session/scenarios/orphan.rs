//! Children that lose their parent: orphans that go, and others that stay.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::run::with;
use super::{children, scenario, told};

fn post(title: &str) -> Post {
    Post { title: title.into(), ..default() }
}

fn blog(title: &str, posts: Vec<Post>) -> Blog {
    Blog { title: title.into(), posts: posts.into(), ..default() }
}

#[tokio::test]
async fn orphan_pending_without_parent_is_not_inserted() {
    scenario("orphan_pending_without_parent_is_not_inserted")
        .sends("told before the database is asked", &[])
        .comes_to("told before the database is asked", json!("NoParent"))
        .run(async |r| {
            let mut s = r.session();
            s.add(post("x"));
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn orphan_two_levels() {
    scenario("orphan_two_levels")
        .sends(
            "link rows go by the key of their end, without being read",
            &[
                "BEGIN",
                "SELECT blog",
                "SELECT post",
                "SELECT comment",
                "DELETE post_tags",
                "DELETE comment",
                "DELETE post",
                "COMMIT",
            ],
        )
        .run(async |r| {
            let comment = Comment { body: "c".into(), ..default() };
            let first = Post { comments: many![comment], ..post("p") };
            r.seed([blog("b", vec![first, post("q")])]).await;
            let mut s = r.session();
            let b = s.get_one(Blog, 1).await?;
            s.load(b, Blog::posts).await?;
            let first = children(&s, b, Blog::posts)[0];
            s.remove(b, Blog::posts, first);
            s.commit().await?;
            Ok(r.rows(["post", "comment"]).await)
        })
        .await;
}

#[tokio::test]
async fn orphan_moved_to_another_parent_lives() {
    scenario("orphan_moved_to_another_parent_lives")
        .run(async |r| {
            r.seed([blog("a", vec![post("p")]), blog("b", vec![])]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(Blog, 1).await?, s.get_one(Blog, 2).await?);
            s.load(a, Blog::posts).await?;
            s.load(b, Blog::posts).await?;
            let p = children(&s, a, Blog::posts)[0];
            s.append(b, Blog::posts, p);
            s.commit().await?;
            Ok(r.rows(["post"]).await)
        })
        .await;
}

#[tokio::test]
async fn orphan_removed_and_appended_again_lives() {
    scenario("orphan_removed_and_appended_again_lives")
        .run(async |r| {
            r.seed([blog("a", vec![post("p")])]).await;
            let mut s = r.session();
            let a = s.get_one(Blog, 1).await?;
            s.load(a, Blog::posts).await?;
            let p = children(&s, a, Blog::posts)[0];
            s.remove(a, Blog::posts, p);
            s.append(a, Blog::posts, p);
            s.commit().await?;
            Ok(r.rows(["post"]).await)
        })
        .await;
}

#[tokio::test]
async fn orphan_pending_leaves_the_session() {
    scenario("orphan_pending_leaves_the_session")
        .run(async |r| {
            r.seed([blog("a", vec![])]).await;
            let mut s = r.session();
            let a = s.get_one(Blog, 1).await?;
            s.load(a, Blog::posts).await?;
            let p = s.append(a, Blog::posts, post("p"));
            let before = s.contains(p);
            s.remove(a, Blog::posts, p);
            s.commit().await?;
            Ok(with(json!({ "before": before, "after": s.contains(p) }), r.rows(["post"]).await))
        })
        .await;
}

#[tokio::test]
async fn orphan_of_either_of_two_parents() {
    scenario("orphan_of_either_of_two_parents")
        .run(async |r| {
            let work = Work { id: 1, press: Press { id: 1, ..default() }.into(), ..default() };
            r.seed([Author { id: 1, works: many![work] }]).await;
            let mut s = r.session();
            let a = s.get_one(Author, 1).await?;
            s.load(a, Author::works).await?;
            for work in children(&s, a, Author::works) {
                s.remove(a, Author::works, work);
            }
            s.commit().await?;
            Ok(r.rows(["work"]).await)
        })
        .await;
}

#[tokio::test]
async fn orphan_scalar_set_to_none() {
    scenario("orphan_scalar_set_to_none")
        .run(async |r| {
            let profile = Profile { bio: "b".into(), ..default() };
            r.seed([User { name: "u".into(), profile: profile.into(), ..default() }]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.set(u, User::profile, None);
            s.commit().await?;
            Ok(r.rows(["profile"]).await)
        })
        .await;
}

#[tokio::test]
async fn remove_child_with_not_null_key_fails() {
    scenario("remove_child_with_not_null_key_fails")
        .sends(
            "told before the database is asked",
            &["BEGIN", "SELECT purchase", "SELECT order_note", "ROLLBACK"],
        )
        .comes_to("told before the database is asked", json!("NoParent"))
        .run(async |r| {
            let note = OrderNote { body: "n1".into(), ..default() };
            r.seed([Order { id: 1, note_rows: many![note], ..default() }]).await;
            let mut s = r.session();
            let o = s.get_one(Order, 1).await?;
            s.load(o, Order::note_rows).await?;
            for note in children(&s, o, Order::note_rows) {
                s.remove(o, Order::note_rows, note);
            }
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn remove_child_nulls_foreign_key() {
    scenario("remove_child_nulls_foreign_key")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let first = children(&s, u, User::addresses)[0];
            s.remove(u, User::addresses, first);
            s.commit().await?;
            Ok(r.rows(["address"]).await)
        })
        .await;
}

#[tokio::test]
async fn remove_pending_child_is_still_inserted() {
    scenario("remove_pending_child_is_still_inserted")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let a = s.append(u, User::addresses, Address { id: 9, email: "n".into(), ..default() });
            s.remove(u, User::addresses, a);
            s.commit().await?;
            Ok(r.rows(["address"]).await)
        })
        .await;
}

#[tokio::test]
async fn remove_not_in_collection_raises() {
    scenario("remove_not_in_collection_raises")
        .comes_to("it says what is to be, and it is so", json!(null))
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let other = s.get_one(Address, 3).await?;
            s.remove(u, User::addresses, other);
            s.flush().await?;
            s.rollback().await?;
            Ok(json!(null))
        })
        .await;
}

#[tokio::test]
async fn remove_and_delete_child() {
    scenario("remove_and_delete_child")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let a = children(&s, u, User::addresses)[0];
            s.remove(u, User::addresses, a);
            s.delete(a);
            s.commit().await?;
            Ok(r.rows(["address"]).await)
        })
        .await;
}
