//! The order of a flush.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::{children, scenario, told};

#[tokio::test]
async fn flush_order_insert_update_delete() {
    scenario("flush_order_insert_update_delete")
        .sends(
            "nothing is flushed while the deletes are prepared, so all deletes stand together at the end",
            &[
                "BEGIN",
                "SELECT user_account",
                "SELECT user_account",
                "SELECT address",
                "SELECT profile",
                "UPDATE user_account (name)",
                "INSERT user_account (id, name, fullname)",
                "INSERT address (id, email, user_id)",
                "DELETE address",
                "DELETE user_account",
                "COMMIT",
            ],
        )
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s.load(b, User::addresses).await?;
            let first = children(&s, b, User::addresses)[0];
            s.delete(first);
            s.delete(b);
            s[a].name = "changed".into();
            let address = Address { id: 9, email: "n".into(), ..default() };
            s.add(User { id: 3, name: "new".into(), addresses: many![address], ..default() });
            s.commit().await?;
            Ok(json!(null))
        })
        .await;
}

#[tokio::test]
async fn flush_self_referential_delete_order() {
    scenario("flush_self_referential_delete_order")
        .run(async |r| {
            let node = |id, name: &str, children: Vec<Node>| Node {
                id,
                name: name.into(),
                children: children.into(),
                ..default()
            };
            let a = node(2, "a", vec![node(3, "aa", vec![])]);
            r.seed([node(1, "root", vec![a, node(4, "b", vec![])])]).await;
            let mut s = r.session();
            let root = s.get_one(Node, 1).await?;
            s.delete(root);
            s.commit().await?;
            Ok(r.rows(["node"]).await)
        })
        .await;
}

#[tokio::test]
async fn flush_row_switch() {
    scenario("flush_row_switch")
        .sends(
            "link rows go by the key of their end, without being read",
            &["BEGIN", "SELECT tag", "UPDATE tag (name)", "DELETE post_tags", "COMMIT"],
        )
        .run(async |r| {
            r.seed([tag(1, "old")]).await;
            let mut s = r.session();
            let old = s.get_one(Tag, 1).await?;
            s.delete(old);
            s.add(tag(1, "new"));
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn flush_post_update_cycle() {
    scenario("flush_post_update_cycle")
        .run(async |r| {
            let mut s = r.session();
            let w = s.add(Widget { id: 1, name: "w".into(), ..default() });
            let f = s.add(Favourite { id: 2, name: "f".into(), ..default() });
            s.set(f, Favourite::widget, w);
            s.set(w, Widget::favourite, f);
            s.commit().await?;
            Ok(r.rows(["widget", "favourite"]).await)
        })
        .await;
}

#[tokio::test]
async fn flush_post_update_delete() {
    scenario("flush_post_update_delete")
        .run(async |r| {
            r.seed([Widget { id: 1, name: "w".into(), ..default() }]).await;
            r.seed([Favourite { id: 2, name: "f".into(), widget_id: 1, ..default() }]).await;
            let mut s = r.session();
            let w = s.get_one(Widget, 1).await?;
            s[w].favourite_id = Some(2);
            s.commit().await?;
            r.begin();
            let mut s = r.session();
            let w = s.get_one(Widget, 1).await?;
            s.load(w, Widget::favourite).await?;
            let f = s.view(w).get(Widget::favourite)?.map(|f| f.handle());
            s.delete(f.unwrap());
            s.delete(w);
            s.commit().await?;
            Ok(r.rows(["widget", "favourite"]).await)
        })
        .await;
}

#[tokio::test]
async fn flush_post_update_two_rows_of_one_table() {
    scenario("flush_post_update_two_rows_of_one_table")
        .run(async |r| {
            let mut s = r.session();
            let (a, b) = (s.add(Staff { id: 1, ..default() }), s.add(Staff { id: 2, ..default() }));
            s.set(a, Staff::buddy, b);
            s.set(b, Staff::buddy, a);
            s.commit().await?;
            Ok(r.rows(["staff"]).await)
        })
        .await;
}

#[tokio::test]
async fn flush_three_level_dependency() {
    scenario("flush_three_level_dependency")
        .run(async |r| {
            let mut s = r.session();
            let c = s.add(Comment { id: 1, body: "c".into(), ..default() });
            let p = s.add(Post { id: 1, title: "p".into(), ..default() });
            let b = s.add(Blog { id: 1, title: "b".into(), ..default() });
            s.set(p, Post::blog, b);
            s.append(p, Post::comments, c);
            s.commit().await?;
            Ok(r.rows(["blog", "post", "comment"]).await)
        })
        .await;
}

#[tokio::test]
async fn flush_cycle_with_one_direction_is_ordered() {
    scenario("flush_cycle_with_one_direction_is_ordered")
        .run(async |r| {
            let mut s = r.session();
            s.add(CycleA { id: 1, b: CycleB { id: 2, ..default() }.into(), ..default() });
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn flush_natural_key_children() {
    scenario("flush_natural_key_children")
        .run(async |r| {
            let mut s = r.session();
            let child = |id| NaturalChild { id, ..default() };
            s.add(Natural { name: "n".into(), children: many![child(1), child(2)] });
            s.commit().await?;
            Ok(r.rows(["natural_key", "natural_child"]).await)
        })
        .await;
}

#[tokio::test]
async fn flush_composite_key_children() {
    scenario("flush_composite_key_children")
        .run(async |r| {
            let mut s = r.session();
            let child = |id| CompositeChild { id, ..default() };
            s.add(CompositeParent { a: 1, b: 2, children: many![child(1), child(2)] });
            s.commit().await?;
            Ok(r.rows(["composite_parent", "composite_child"]).await)
        })
        .await;
}

#[tokio::test]
async fn flush_nothing_to_do() {
    scenario("flush_nothing_to_do")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            s.flush().await?;
            s.commit().await?;
            Ok(json!(null))
        })
        .await;
}

#[tokio::test]
async fn flush_delete_child_then_parent() {
    scenario("flush_delete_child_then_parent")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let addresses = children(&s, u, User::addresses);
            s.delete(u);
            for a in addresses {
                s.delete(a);
            }
            s.commit().await?;
            Ok(r.rows(["user_account", "address"]).await)
        })
        .await;
}
