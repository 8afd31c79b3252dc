//! UPDATE and DELETE of many rows, and what the session holds of them.

use orm::Synchronize;
use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::scenario;

#[tokio::test]
async fn update_synchronize_evaluate() {
    scenario("update_synchronize_evaluate")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            // The texts of a condition are compared in Rust only where the database compares them as Rust does.
            let how = if r.db.server.is_none() { Synchronize::Evaluate } else { Synchronize::Auto };
            let update = update(User).filter(User::name.eq("alice")).set(User::name, "x");
            s.execute(update.synchronize(how)).await?;
            let seen = json!([s[a].name, s[b].name]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn update_synchronize_fetch() {
    scenario("update_synchronize_fetch")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            let update = update(User).filter(User::name.eq("alice")).set(User::name, "x");
            s.execute(update.synchronize(Synchronize::Fetch)).await?;
            let seen = json!([s[a].name, s[b].name]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn update_synchronize_false() {
    scenario("update_synchronize_false")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let a = s.get_one(User, 1).await?;
            let update = update(User).filter(User::name.eq("alice")).set(User::name, "x");
            s.execute(update.synchronize(Synchronize::Off)).await?;
            let name = s[a].name.clone();
            s.rollback().await?;
            Ok(json!(name))
        })
        .await;
}

#[tokio::test]
async fn update_synchronize_rollback_restores() {
    scenario("update_synchronize_rollback_restores")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let a = s.get_one(User, 1).await?;
            s.execute(update(User).filter(User::id.eq(1)).set(User::name, "x")).await?;
            let within = s[a].name.clone();
            s.rollback().await?;
            assert_eq!(s[a].name, "alice", "before anything is read again");
            s.get(User, 1).populate_existing().await?;
            let seen = json!([within, s[a].name]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn update_returning_objects() {
    scenario("update_returning_objects")
        .only_with(|features| features.update_returning, "UPDATE … RETURNING")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let update = update(User).filter(User::id.gt(0)).set(User::name, "same").returning(User);
            let users = s.all(update).await?;
            let names: Vec<_> = users.iter().map(|&u| json!(s[u].name)).collect();
            s.rollback().await?;
            Ok(json!(names))
        })
        .await;
}

#[tokio::test]
async fn delete_statement_evaluate() {
    scenario("delete_statement_evaluate")
        .run(async |r| {
            r.seed([tag(1, "a"), tag(2, "b")]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(Tag, 1).await?, s.get_one(Tag, 2).await?);
            s.execute(delete(Tag).filter(Tag::id.eq(1)).synchronize(Synchronize::Evaluate)).await?;
            let seen = json!({ "a": !s.is_deleted(a), "b": !s.is_deleted(b) });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn delete_statement_rollback_restores() {
    scenario("delete_statement_rollback_restores")
        .run(async |r| {
            r.seed([tag(1, "a")]).await;
            let mut s = r.session();
            let a = s.get_one(Tag, 1).await?;
            s.execute(delete(Tag).filter(Tag::id.eq(1))).await?;
            let within = !s.is_deleted(a);
            s.rollback().await?;
            let after = s.contains(a) && !s.is_deleted(a);
            let rows = s.all(select(Tag::name)).await?;
            s.rollback().await?;
            Ok(json!({ "within": within, "after": after, "rows": rows }))
        })
        .await;
}
