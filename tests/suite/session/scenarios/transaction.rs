//! Rollbacks, savepoints and autoflush.

use orm::prelude::*;
use serde_json::{Value, json};

use super::models::*;
use super::run::with;
use super::{children, scenario, told};

fn emails(s: &Session, user: Handle<User>) -> Vec<Value> {
    children(s, user, User::addresses).iter().map(|&a| json!(s[a].email)).collect()
}

#[tokio::test]
async fn autoflush_before_query() {
    scenario("autoflush_before_query")
        .run(async |r| {
            let mut s = r.session();
            s.add(User { id: 5, name: "x".into(), ..default() });
            let names = s.all(select(User::name)).await?;
            s.rollback().await?;
            Ok(json!(names))
        })
        .await;
}

#[tokio::test]
async fn autoflush_before_lazy_load() {
    scenario("autoflush_before_lazy_load")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.add(Address { id: 9, email: "n".into(), user_id: Some(1), ..default() });
            s.load(u, User::addresses).await?;
            let seen = emails(&s, u);
            s.rollback().await?;
            Ok(json!(seen))
        })
        .await;
}

#[tokio::test]
async fn autoflush_off() {
    scenario("autoflush_off")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            s.set_autoflush(false);
            let u = s.get_one(User, 1).await?;
            s[u].name = "new".into();
            let seen = s.all(select(User::name)).await?;
            s.commit().await?;
            Ok(with(json!({ "seen": seen }), r.rows(["user_account"]).await))
        })
        .await;
}

#[tokio::test]
async fn autoflush_error() {
    scenario("autoflush_error")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            s.add(tag(2, "t"));
            let error = told(s.all(select(User)).await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn autoflush_before_bulk_update() {
    scenario("autoflush_before_bulk_update")
        .run(async |r| {
            let mut s = r.session();
            s.add(tag(1, "t"));
            s.execute(update(Tag).set(Tag::name, "u").all_rows()).await?;
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn rollback_new_objects_are_gone() {
    scenario("rollback_new_objects_are_gone")
        .run(async |r| {
            let mut s = r.session();
            let t = s.add(tag(1, "t"));
            s.flush().await?;
            s.rollback().await?;
            let gone = !s.contains(t);
            s.commit().await?;
            Ok(with(json!({ "gone": gone }), r.rows(["tag"]).await))
        })
        .await;
}

#[tokio::test]
async fn rollback_unflushed_object_is_gone() {
    scenario("rollback_unflushed_object_is_gone")
        .run(async |r| {
            let mut s = r.session();
            let t = s.add(tag(1, "t"));
            s.rollback().await?;
            s.commit().await?;
            Ok(with(json!({ "gone": !s.contains(t) }), r.rows(["tag"]).await))
        })
        .await;
}

#[tokio::test]
async fn rollback_deleted_objects_are_back() {
    scenario("rollback_deleted_objects_are_back")
        .sends(
            "link rows go by the key of their end, without being read",
            &["BEGIN", "SELECT tag", "DELETE post_tags", "DELETE tag", "ROLLBACK"],
        )
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.delete(t);
            s.flush().await?;
            s.rollback().await?;
            let seen = json!({ "back": s.contains(t), "marked": s.is_deleted(t) });
            Ok(with(seen, r.rows(["tag"]).await))
        })
        .await;
}

#[tokio::test]
async fn rollback_marked_object_is_unmarked() {
    scenario("rollback_marked_object_is_unmarked")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.delete(t);
            s.rollback().await?;
            s.commit().await?;
            Ok(with(json!({ "marked": s.is_deleted(t) }), r.rows(["tag"]).await))
        })
        .await;
}

#[tokio::test]
async fn rollback_attributes() {
    scenario("rollback_attributes")
        .sends(
            "a rollback puts the values back from memory, without reading the rows again",
            &["BEGIN", "SELECT user_account", "UPDATE user_account (name)", "ROLLBACK"],
        )
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].name = "flushed".into();
            s.flush().await?;
            s[u].fullname = Some("unflushed".into());
            s.rollback().await?;
            Ok(json!([s[u].name, s[u].fullname]))
        })
        .await;
}

#[tokio::test]
async fn rollback_collections() {
    scenario("rollback_collections")
        .sends(
            "a rollback puts the values back from memory, without reading the rows again",
            &[
                "BEGIN",
                "SELECT user_account",
                "SELECT address",
                "UPDATE address (user_id)",
                "INSERT address (id, email, user_id)",
                "ROLLBACK",
            ],
        )
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let first = children(&s, u, User::addresses)[0];
            s.append(u, User::addresses, Address { id: 9, email: "n".into(), ..default() });
            s.remove(u, User::addresses, first);
            s.flush().await?;
            s.rollback().await?;
            Ok(json!(emails(&s, u)))
        })
        .await;
}

#[tokio::test]
async fn rollback_primary_key() {
    scenario("rollback_primary_key")
        .sends(
            "a rollback puts the values back from memory, without reading the rows again",
            &[
                "BEGIN",
                "SELECT natural_key",
                "UPDATE natural_key (name)",
                "ROLLBACK",
                "BEGIN",
                "SELECT natural_key",
                "ROLLBACK",
            ],
        )
        .run(async |r| {
            r.seed([Natural { name: "n".into(), ..default() }]).await;
            let mut s = r.session();
            let n = s.get_one(Natural, "n").await?;
            s[n].name = "m".into();
            s.flush().await?;
            s.rollback().await?;
            let same = s.get(Natural, "n").await? == Some(n);
            let other = s.get(Natural, "m").await?.map(|m| s[m].name.clone());
            let seen = json!([s[n].name, same, other]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn rollback_then_continue() {
    scenario("rollback_then_continue")
        .sends(
            "a rollback puts the values back from memory, without reading the rows again",
            &["BEGIN", "SELECT tag", "ROLLBACK", "BEGIN", "UPDATE tag (name)", "COMMIT"],
        )
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s[t].name = "lost".into();
            s.rollback().await?;
            let t = s.get_one(Tag, 1).await?;
            s[t].name = "kept".into();
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn savepoint_rollback() {
    scenario("savepoint_rollback")
        .run(async |r| {
            let mut s = r.session();
            s.add(tag(1, "keep"));
            let mut nested = s.nested().await?;
            nested.add(tag(2, "lose"));
            nested.flush().await?;
            nested.rollback().await?;
            s.add(tag(3, "also"));
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn savepoint_recovers_from_integrity_error() {
    scenario("savepoint_recovers_from_integrity_error")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            s.add(tag(2, "fine"));
            let mut nested = s.nested().await?;
            nested.add(tag(3, "t"));
            let error = told(nested.commit().await);
            s.commit().await?;
            Ok(with(json!({ "error": error }), r.rows(["tag"]).await))
        })
        .await;
}

#[tokio::test]
async fn savepoint_released() {
    scenario("savepoint_released")
        .run(async |r| {
            let mut s = r.session();
            let mut nested = s.nested().await?;
            nested.add(tag(1, "t"));
            nested.commit().await?;
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn savepoint_restores_attributes() {
    scenario("savepoint_restores_attributes")
        .sends(
            "a rollback puts the values back from memory, without reading the rows again",
            &[
                "BEGIN",
                "SELECT user_account",
                "UPDATE user_account (fullname)",
                "SAVEPOINT",
                "UPDATE user_account (name)",
                "ROLLBACK TO SAVEPOINT",
                "COMMIT",
            ],
        )
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].fullname = Some("before".into());
            let mut nested = s.nested().await?;
            nested[u].name = "inside".into();
            nested.flush().await?;
            nested.rollback().await?;
            let seen = json!([s[u].name, s[u].fullname]);
            s.commit().await?;
            Ok(with(json!({ "seen": seen }), r.rows(["user_account"]).await))
        })
        .await;
}

#[tokio::test]
async fn savepoint_within_savepoint() {
    scenario("savepoint_within_savepoint")
        .run(async |r| {
            let mut s = r.session();
            let mut outer = s.nested().await?;
            outer.add(tag(1, "outer"));
            let mut inner = outer.nested().await?;
            inner.add(tag(2, "inner"));
            inner.flush().await?;
            inner.rollback().await?;
            outer.commit().await?;
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn savepoint_deleted_object_is_back() {
    scenario("savepoint_deleted_object_is_back")
        .sends(
            "link rows go by the key of their end, without being read",
            &[
                "BEGIN",
                "SELECT tag",
                "SAVEPOINT",
                "DELETE post_tags",
                "DELETE tag",
                "ROLLBACK TO SAVEPOINT",
                "COMMIT",
            ],
        )
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            let mut nested = s.nested().await?;
            nested.delete(t);
            nested.flush().await?;
            nested.rollback().await?;
            let back = s.contains(t);
            s.commit().await?;
            Ok(with(json!({ "back": back }), r.rows(["tag"]).await))
        })
        .await;
}

#[tokio::test]
async fn savepoint_outer_rollback_undoes_all() {
    scenario("savepoint_outer_rollback_undoes_all")
        .run(async |r| {
            let mut s = r.session();
            let mut nested = s.nested().await?;
            nested.add(tag(1, "t"));
            nested.commit().await?;
            s.rollback().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}
