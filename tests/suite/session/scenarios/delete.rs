//! What a deletion reaches.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::{scenario, told};

#[tokio::test]
async fn delete_parent_nulls_foreign_keys() {
    scenario("delete_parent_nulls_foreign_keys")
        .sends(
            "what a delete needs is loaded by the flush, in the order of the struct's relationships",
            &[
                "BEGIN",
                "SELECT user_account",
                "SELECT address",
                "SELECT profile",
                "UPDATE address (user_id)",
                "DELETE user_account",
                "COMMIT",
            ],
        )
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.delete(u);
            s.commit().await?;
            Ok(r.rows(["user_account", "address"]).await)
        })
        .await;
}

#[tokio::test]
async fn delete_versioned_row() {
    scenario("delete_versioned_row")
        .run(async |r| {
            r.seed([article(1, "a")]).await;
            let mut s = r.session();
            let x = s.get_one(Article, 1).await?;
            s.delete(x);
            s.commit().await?;
            Ok(json!(null))
        })
        .await;
}

#[tokio::test]
async fn delete_version_conflict() {
    scenario("delete_version_conflict")
        .run(async |r| {
            r.seed([article(1, "a")]).await;
            let mut s = r.session();
            let x = s.get_one(Article, 1).await?;
            s.execute(text("UPDATE article SET version = 9")).await?;
            s.delete(x);
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn delete_cascades_three_levels() {
    scenario("delete_cascades_three_levels")
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
                "DELETE blog",
                "COMMIT",
            ],
        )
        .run(async |r| {
            let post = Post {
                title: "p".into(),
                comments: many![Comment { body: "c".into(), ..default() }],
                tags: many![tag(0, "t")],
                ..default()
            };
            r.seed([Blog { title: "b".into(), posts: many![post], ..default() }]).await;
            let mut s = r.session();
            let b = s.get_one(Blog, 1).await?;
            s.delete(b);
            s.commit().await?;
            Ok(r.rows(["blog", "post", "comment", "tag", "post_tags"]).await)
        })
        .await;
}

#[tokio::test]
async fn delete_many_rows_is_one_batch() {
    scenario("delete_many_rows_is_one_batch")
        .run(async |r| {
            r.seed([item(1, "a"), item(2, "b"), item(3, "c")]).await;
            let mut s = r.session();
            for x in s.all(select(Item).filter(Item::id.lt(3))).await? {
                s.delete(x);
            }
            s.commit().await?;
            Ok(r.rows(["item"]).await)
        })
        .await;
}

#[tokio::test]
async fn delete_passive_leaves_children_to_the_database() {
    scenario("delete_passive_leaves_children_to_the_database")
        .run(async |r| {
            r.seed([passive()]).await;
            let mut s = r.session();
            let p = s.get_one(Passive, 1).await?;
            s.delete(p);
            s.commit().await?;
            Ok(r.rows(["passive", "passive_child"]).await)
        })
        .await;
}

#[tokio::test]
async fn delete_passive_deletes_loaded_children() {
    scenario("delete_passive_deletes_loaded_children")
        .run(async |r| {
            r.seed([passive()]).await;
            let mut s = r.session();
            let p = s.get_one(Passive, 1).await?;
            s.load(p, Passive::children).await?;
            s.delete(p);
            s.commit().await?;
            Ok(r.rows(["passive", "passive_child"]).await)
        })
        .await;
}

fn passive() -> Passive {
    let child = |id| PassiveChild { id, ..default() };
    Passive { id: 1, children: many![child(1), child(2)] }
}

#[tokio::test]
async fn delete_passive_all_touches_no_child() {
    scenario("delete_passive_all_touches_no_child")
        .run(async |r| {
            let book = |id| Book { id, ..default() };
            r.seed([Shelf { id: 1, books: many![book(1), book(2)], ..default() }]).await;
            let mut s = r.session();
            let x = s.get_one(Shelf, 1).await?;
            s.load(x, Shelf::books).await?;
            s.delete(x);
            s.commit().await?;
            Ok(r.rows(["shelf", "book"]).await)
        })
        .await;
}

#[tokio::test]
async fn delete_viewonly_is_not_followed() {
    scenario("delete_viewonly_is_not_followed")
        .run(async |r| {
            r.seed([Shelf { id: 1, ..default() }]).await;
            r.seed([Book { id: 1, shelf_id: None }]).await;
            let mut s = r.session();
            let x = s.get_one(Shelf, 1).await?;
            s.load(x, Shelf::watched).await?;
            s.delete(x);
            s.commit().await?;
            Ok(r.rows(["shelf", "book"]).await)
        })
        .await;
}

#[tokio::test]
async fn delete_child_keeps_parent() {
    scenario("delete_child_keeps_parent")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let a = s.get_one(Address, 1).await?;
            s.delete(a);
            s.commit().await?;
            Ok(r.rows(["user_account", "address"]).await)
        })
        .await;
}

#[tokio::test]
async fn delete_parent_with_not_null_children_fails() {
    scenario("delete_parent_with_not_null_children_fails")
        .sends(
            "told before the database is asked",
            &["BEGIN", "SELECT purchase", "SELECT order_line", "SELECT order_note", "ROLLBACK"],
        )
        .comes_to(
            "told before the database is asked, with the relationship and the cure",
            json!("NotNullChildren"),
        )
        .run(async |r| {
            let note = OrderNote { body: "n".into(), ..default() };
            r.seed([Order { id: 1, note_rows: many![note], ..default() }]).await;
            let mut s = r.session();
            let o = s.get_one(Order, 1).await?;
            s.delete(o);
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn delete_pending_object_raises() {
    scenario("delete_pending_object_raises")
        .comes_to("a pending object that is deleted just leaves the session", json!(false))
        .run(async |r| {
            let mut s = r.session();
            let t = s.add(tag(0, "t"));
            s.delete(t);
            Ok(json!(s.contains(t)))
        })
        .await;
}

#[tokio::test]
async fn delete_row_gone() {
    scenario("delete_row_gone")
        .comes_to("what is a warning there is an error here", json!("StaleData"))
        .sends("an error is rolled back", &["BEGIN", "SELECT item", "DELETE item", "DELETE item", "ROLLBACK"])
        .run(async |r| {
            r.seed([item(1, "a")]).await;
            let mut s = r.session();
            let x = s.get_one(Item, 1).await?;
            s.execute(text("DELETE FROM item")).await?;
            s.delete(x);
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn delete_self_referential_with_children() {
    scenario("delete_self_referential_with_children")
        .run(async |r| {
            let employee = |name: &str| Employee { name: name.into(), ..default() };
            r.seed([Employee { reports: many![employee("a"), employee("b")], ..employee("boss") }]).await;
            let mut s = r.session();
            let boss = s.get_one(Employee, 1).await?;
            s.delete(boss);
            s.commit().await?;
            Ok(r.rows(["employee"]).await)
        })
        .await;
}
