//! `get`, and the identity map.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::{children, scenario, told};

#[tokio::test]
async fn identity_map_one_object_per_row() {
    scenario("identity_map_one_object_per_row")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let a = s.get_one(User, 1).await?;
            let b = s.one(select(User).filter(User::name.eq("alice"))).await?;
            let c = s.get_one(User, 1).await?;
            s.rollback().await?;
            Ok(json!({ "same": a == b && b == c }))
        })
        .await;
}

#[tokio::test]
async fn identity_of_new_object_after_flush() {
    scenario("identity_of_new_object_after_flush")
        .run(async |r| {
            let mut s = r.session();
            let u = s.add(User { name: "u".into(), ..default() });
            s.flush().await?;
            let id = s[u].id;
            let same = s.get(User, id).await? == Some(u);
            s.rollback().await?;
            Ok(json!(same))
        })
        .await;
}

#[tokio::test]
async fn identity_map_across_relationships() {
    scenario("identity_map_across_relationships")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let a = s.get_one(Address, 1).await?;
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            s.load(a, Address::user).await?;
            let seen = json!({
                "child": children(&s, u, User::addresses)[0] == a,
                "parent": s.view(a).get(Address::user)?.map(|u| u.handle()) == Some(u),
            });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn identity_of_deleted_key_is_free() {
    scenario("identity_of_deleted_key_is_free")
        .sends(
            "link rows go by the key of their end, without being read",
            &["BEGIN", "SELECT tag", "DELETE post_tags", "DELETE tag", "INSERT tag (id, name)", "ROLLBACK"],
        )
        .run(async |r| {
            r.seed([tag(1, "a")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.delete(t);
            s.flush().await?;
            let new = s.add(tag(1, "b"));
            s.flush().await?;
            let same = s.get(Tag, 1).await? == Some(new);
            s.rollback().await?;
            Ok(json!({ "same": same }))
        })
        .await;
}

#[tokio::test]
async fn get_missing_row() {
    scenario("get_missing_row")
        .run(async |r| {
            let mut s = r.session();
            let found = [s.get(User, 9).await?, s.get(User, 9).await?];
            s.rollback().await?;
            Ok(json!(found.map(|found| found.map(|_| "found"))))
        })
        .await;
}

#[tokio::test]
async fn get_one_missing_row_raises() {
    scenario("get_one_missing_row_raises")
        .run(async |r| {
            let mut s = r.session();
            let error = told(s.get_one(User, 9).await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn get_identity_map_hit() {
    scenario("get_identity_map_hit")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let same = s.get(User, 1).await?.unwrap() == s.get(User, 1).await?.unwrap();
            s.rollback().await?;
            Ok(json!(same))
        })
        .await;
}

#[tokio::test]
async fn get_composite_key() {
    scenario("get_composite_key")
        .run(async |r| {
            r.seed([CompositeParent { a: 1, b: 2, ..default() }]).await;
            let mut s = r.session();
            let p = s.get_one(CompositeParent, (1, 2)).await?;
            let again = s.get(CompositeParent, (1, 2)).await? == Some(p);
            let other = s.get(CompositeParent, (2, 1)).await?.map(|_| "found");
            let seen = json!([s[p].a, s[p].b, again, other]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn get_of_deleted_object() {
    scenario("get_of_deleted_object")
        .sends(
            "link rows go by the key of their end, without being read",
            &["BEGIN", "SELECT tag", "DELETE post_tags", "DELETE tag", "SELECT tag", "ROLLBACK"],
        )
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.delete(t);
            s.flush().await?;
            let found = s.get(Tag, 1).await?;
            s.rollback().await?;
            Ok(json!(found.map(|_| "found")))
        })
        .await;
}

#[tokio::test]
async fn get_of_object_marked_deleted() {
    scenario("get_of_object_marked_deleted")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.delete(t);
            let same = s.get(Tag, 1).await? == Some(t);
            s.rollback().await?;
            Ok(json!(same))
        })
        .await;
}

#[tokio::test]
async fn get_flushes_before_its_select() {
    scenario("get_flushes_before_its_select")
        .sends("what the flush has written needs no SELECT", &["BEGIN", "INSERT tag (id, name)", "ROLLBACK"])
        .run(async |r| {
            let mut s = r.session();
            s.add(tag(1, "t"));
            let t = s.get(Tag, 1).await?;
            let name = t.map(|t| s[t].name.clone());
            s.rollback().await?;
            Ok(json!(name))
        })
        .await;
}
