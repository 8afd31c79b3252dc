//! Unique values, and objects of one key.

use serde_json::json;

use super::models::*;
use super::{scenario, told};

#[tokio::test]
async fn unique_swap_fails() {
    scenario("unique_swap_fails")
        .not_on_seekdb(
            "it checks a unique constraint at the end of the statement, which is one for both rows",
        )
        .run(async |r| {
            r.seed([tag(1, "a"), tag(2, "b")]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(Tag, 1).await?, s.get_one(Tag, 2).await?);
            s[a].name = "b".into();
            s[b].name = "a".into();
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn unique_delete_and_insert_fails() {
    scenario("unique_delete_and_insert_fails")
        .sends(
            "link rows go by the key of their end, without being read",
            &["BEGIN", "SELECT tag", "INSERT tag (id, name)", "ROLLBACK"],
        )
        .run(async |r| {
            r.seed([tag(1, "a")]).await;
            let mut s = r.session();
            let a = s.get_one(Tag, 1).await?;
            s.delete(a);
            s.add(tag(2, "a"));
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn unique_delete_flush_insert() {
    scenario("unique_delete_flush_insert")
        .sends(
            "link rows go by the key of their end, without being read",
            &["BEGIN", "SELECT tag", "DELETE post_tags", "DELETE tag", "INSERT tag (id, name)", "COMMIT"],
        )
        .run(async |r| {
            r.seed([tag(1, "a")]).await;
            let mut s = r.session();
            let a = s.get_one(Tag, 1).await?;
            s.delete(a);
            s.flush().await?;
            s.add(tag(2, "a"));
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn unique_update_frees_value_for_insert() {
    scenario("unique_update_frees_value_for_insert")
        .run(async |r| {
            r.seed([tag(1, "a")]).await;
            let mut s = r.session();
            let a = s.get_one(Tag, 1).await?;
            s[a].name = "b".into();
            s.add(tag(2, "a"));
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn unique_violation_of_pending() {
    scenario("unique_violation_of_pending")
        .run(async |r| {
            let mut s = r.session();
            s.add_all([tag(1, "a"), tag(2, "a")]);
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn two_objects_same_new_key_fails() {
    scenario("two_objects_same_new_key_fails")
        .run(async |r| {
            let mut s = r.session();
            s.add_all([tag(1, "a"), tag(1, "b")]);
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn two_objects_new_one_has_a_loaded_key() {
    scenario("two_objects_new_one_has_a_loaded_key")
        .run(async |r| {
            r.seed([tag(1, "a")]).await;
            let mut s = r.session();
            let held = s.get_one(Tag, 1).await?;
            s.add(tag(1, "b"));
            let name = s[held].name.clone();
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(json!([name, error]))
        })
        .await;
}
