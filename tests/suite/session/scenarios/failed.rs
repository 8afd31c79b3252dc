//! A session after an error.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::run::with;
use super::{scenario, told};

#[tokio::test]
async fn failed_flush_needs_rollback() {
    scenario("failed_flush_needs_rollback")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            s.add(tag(2, "t"));
            let first = told(s.flush().await);
            let second = told(s.all(select(Tag::name)).await);
            s.rollback().await?;
            let seen = json!([first, second, s.all(select(Tag::name)).await?]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn failed_flush_of_many_undoes_the_first() {
    scenario("failed_flush_of_many_undoes_the_first")
        .run(async |r| {
            let blog = |id, title: &str, post: &str| Blog {
                id,
                title: title.into(),
                posts: many![Post { id: 1, title: post.into(), ..default() }],
            };
            r.seed([blog(1, "b", "p")]).await;
            let mut s = r.session();
            s.add(blog(2, "c", "q"));
            let first = told(s.commit().await);
            s.rollback().await?;
            s.commit().await?;
            Ok(with(json!({ "first": first }), r.rows(["blog", "post"]).await))
        })
        .await;
}

#[tokio::test]
async fn failed_flush_objects_after_rollback() {
    scenario("failed_flush_objects_after_rollback")
        .sends(
            "a rollback puts the values back from memory, without reading the rows again",
            &["BEGIN", "SELECT tag", "UPDATE tag (name)", "ROLLBACK"],
        )
        .run(async |r| {
            r.seed([tag(1, "t"), tag(2, "u")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s[t].name = "u".into();
            let new = s.add(tag(3, "new"));
            let first = told(s.flush().await);
            s.rollback().await?;
            Ok(json!([first, s[t].name, s.contains(new)]))
        })
        .await;
}

#[tokio::test]
async fn failed_query_leaves_the_session_usable() {
    scenario("failed_query_leaves_the_session_usable")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let first = told(s.all(text("SELECT * FROM no_such_table").mappings()).await);
            s.rollback().await?;
            let seen = json!([first, s.all(select(Tag::name)).await?]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn failed_commit_again_without_rollback() {
    scenario("failed_commit_again_without_rollback")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            s.add(tag(2, "t"));
            let first = told(s.commit().await);
            let second = told(s.commit().await);
            s.rollback().await?;
            Ok(json!([first, second]))
        })
        .await;
}
