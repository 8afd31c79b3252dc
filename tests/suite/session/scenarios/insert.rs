//! What a flush inserts, and in which order.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::{scenario, told};

#[tokio::test]
async fn insert_two_mappers_batched_by_table() {
    scenario("insert_two_mappers_batched_by_table")
        .run(async |r| {
            let mut s = r.session();
            for n in ["a", "b"] {
                let address = Address { email: n.into(), ..default() };
                s.add(User { name: n.into(), addresses: many![address], ..default() });
            }
            s.commit().await?;
            Ok(r.rows(["user_account", "address"]).await)
        })
        .await;
}

#[tokio::test]
async fn insert_with_given_keys_uses_executemany() {
    scenario("insert_with_given_keys_uses_executemany")
        .run(async |r| {
            let mut s = r.session();
            s.add_all([(7, "a"), (8, "b"), (9, "c")].map(|(id, name)| User {
                id,
                name: name.into(),
                ..default()
            }));
            s.commit().await?;
            Ok(json!(null))
        })
        .await;
}

#[tokio::test]
async fn insert_self_referential_order() {
    scenario("insert_self_referential_order")
        .run(async |r| {
            let mut s = r.session();
            let employee = |name: &str| Employee { name: name.into(), ..default() };
            let low = s.add(employee("low"));
            let mid = s.add(employee("mid"));
            let boss = s.add(employee("boss"));
            s.set(mid, Employee::manager, boss);
            s.set(low, Employee::manager, mid);
            s.commit().await?;
            Ok(r.rows(["employee"]).await)
        })
        .await;
}

#[tokio::test]
async fn insert_many_to_many() {
    scenario("insert_many_to_many")
        .sends(
            "tables that do not depend on each other go in the order of `add`",
            &[
                "BEGIN",
                "INSERT blog (title)",
                "INSERT post (title, blog_id)",
                "INSERT tag (name)",
                "INSERT post_tags (post_id, tag_id)",
                "COMMIT",
            ],
        )
        .run(async |r| {
            let mut s = r.session();
            let post = |title: &str| Post { title: title.into(), ..default() };
            let b = s.add(Blog { title: "b".into(), ..default() });
            let p1 = s.append(b, Blog::posts, post("p1"));
            let p2 = s.append(b, Blog::posts, post("p2"));
            let t1 = s.append(p1, Post::tags, tag(0, "t1"));
            s.append(p1, Post::tags, tag(0, "t2"));
            s.append(p2, Post::tags, t1);
            s.commit().await?;
            Ok(r.rows(["post", "tag", "post_tags"]).await)
        })
        .await;
}

#[tokio::test]
async fn insert_cycle_without_post_update_fails() {
    scenario("insert_cycle_without_post_update_fails")
        .run(async |r| {
            let mut s = r.session();
            let (a, b) = (s.add(CycleA::default()), s.add(CycleB::default()));
            s.set(a, CycleA::b, b);
            s.set(b, CycleB::a, a);
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn insert_three_levels() {
    scenario("insert_three_levels")
        .run(async |r| {
            let mut s = r.session();
            let comment = |body: &str| Comment { body: body.into(), ..default() };
            s.add(Blog {
                title: "b".into(),
                posts: many![
                    Post { title: "p".into(), comments: many![comment("c"), comment("d")], ..default() },
                    Post { title: "q".into(), ..default() }
                ],
                ..default()
            });
            s.commit().await?;
            Ok(r.rows(["blog", "post", "comment"]).await)
        })
        .await;
}

#[tokio::test]
async fn insert_mixed_given_and_generated_keys() {
    scenario("insert_mixed_given_and_generated_keys")
        .run(async |r| {
            let mut s = r.session();
            s.add_all([(0, "a"), (10, "b"), (0, "c")].map(|(id, name)| User {
                id,
                name: name.into(),
                ..default()
            }));
            s.commit().await?;
            let mut names: Vec<String> = s.all(select(User::name)).await?;
            names.sort();
            s.rollback().await?;
            Ok(json!(names))
        })
        .await;
}

#[tokio::test]
async fn insert_defaults_are_read_back() {
    scenario("insert_defaults_are_read_back")
        .sends(
            "what is unset is left to the database",
            &["BEGIN", "INSERT stamp (a, b, created)", "ROLLBACK"],
        )
        .run(async |r| {
            let mut s = r.session();
            let x = s.add(Stamp { a: Some("x".into()), ..default() });
            s.flush().await?;
            let seen = json!([s[x].id, *s[x].counter, *s[x].created, *s[x].changed]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn insert_association_object() {
    scenario("insert_association_object")
        .run(async |r| {
            r.seed([item(5, "nut")]).await;
            let mut s = r.session();
            let nut = s.get_one(Item, 5).await?;
            let order = s.add(Order { id: 1, ..default() });
            let line = s.append(order, Order::lines, OrderLine { quantity: 3, ..default() });
            s.set(line, OrderLine::item, nut);
            s.commit().await?;
            Ok(r.rows(["order_line"]).await)
        })
        .await;
}

#[tokio::test]
async fn insert_parent_through_child() {
    scenario("insert_parent_through_child")
        .run(async |r| {
            let mut s = r.session();
            let user = User { name: "u".into(), ..default() };
            s.add(Address { email: "x".into(), user: user.into(), ..default() });
            s.commit().await?;
            Ok(r.rows(["user_account", "address"]).await)
        })
        .await;
}

#[tokio::test]
async fn insert_foreign_key_violation_fails() {
    scenario("insert_foreign_key_violation_fails")
        .run(async |r| {
            let mut s = r.session();
            s.add(Address { id: 1, email: "x".into(), user_id: Some(99), ..default() });
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn insert_sql_expression_attribute() {
    scenario("insert_sql_expression_attribute")
        .sends(
            "the value comes back with the INSERT",
            &["BEGIN", "INSERT stamp (id, a, b, created)", "ROLLBACK"],
        )
        .run(async |r| {
            let mut s = r.session();
            let x = s.add(Stamp { id: 1, ..default() });
            s.set_expression(x, Stamp::a, functions::upper(literal("abc".to_owned())));
            s.flush().await?;
            let a = s[x].a.clone();
            s.rollback().await?;
            Ok(json!(a))
        })
        .await;
}
