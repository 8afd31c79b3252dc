//! `merge`.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::{scenario, told};

fn user(id: i64, name: &str) -> User {
    User { id, name: name.into(), ..default() }
}

fn address(id: i64, email: &str) -> Address {
    Address { id, email: email.into(), ..default() }
}

fn comment(id: i64, body: &str) -> Comment {
    Comment { id, body: body.into(), ..default() }
}

#[tokio::test]
async fn merge_new_and_existing() {
    scenario("merge_new_and_existing")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            s.merge(user(1, "merged")).await?;
            s.merge(user(50, "fresh")).await?;
            s.commit().await?;
            // The value that was given has moved in: nobody has it any more.
            let rows = r.rows(["user_account", "address"]).await;
            Ok(super::run::with(json!({ "is_given": false }), rows))
        })
        .await;
}

#[tokio::test]
async fn merge_cascades_to_collection() {
    scenario("merge_cascades_to_collection")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let addresses = many![address(1, "changed"), address(7, "new")];
            s.merge(User { addresses, ..user(1, "alice") }).await?;
            s.commit().await?;
            Ok(r.rows(["address"]).await)
        })
        .await;
}

#[tokio::test]
async fn merge_without_key_is_new() {
    scenario("merge_without_key_is_new")
        .sends("nothing expires at a commit", &["BEGIN", "INSERT user_account (name, fullname)", "COMMIT"])
        .run(async |r| {
            let mut s = r.session();
            let got = s.merge(user(0, "u")).await?;
            s.commit().await?;
            Ok(json!([s[got].id, s[got].name]))
        })
        .await;
}

#[tokio::test]
async fn merge_unchanged_sends_no_update() {
    scenario("merge_unchanged_sends_no_update")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            s.merge(user(1, "alice")).await?;
            s.commit().await?;
            Ok(r.rows(["user_account"]).await)
        })
        .await;
}

#[tokio::test]
async fn merge_into_loaded_object() {
    scenario("merge_into_loaded_object")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            let got = s.merge(user(1, "merged")).await?;
            let seen = json!([got == u, s[u].name]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn merge_detached_round_trip() {
    scenario("merge_detached_round_trip")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let mut given = s.detach(u);
            s.rollback().await?;
            given.name = "outside".into();
            let mut addresses = given.addresses.loaded().unwrap().to_vec();
            addresses[0].email = "changed".into();
            given.addresses = addresses.into();
            let mut s = r.session();
            s.merge(given).await?;
            s.commit().await?;
            Ok(r.rows(["user_account", "address"]).await)
        })
        .await;
}

#[tokio::test]
async fn merge_many_to_many() {
    scenario("merge_many_to_many")
        .run(async |r| {
            let tags = many![tag(1, "t"), tag(2, "u")];
            let post = Post { id: 1, title: "p".into(), tags, ..default() };
            r.seed([Blog { id: 1, title: "b".into(), posts: many![post] }]).await;
            let mut s = r.session();
            let tags = many![tag(2, "u"), tag(3, "v")];
            s.merge(Post { id: 1, title: "p".into(), blog_id: 1, tags, ..default() }).await?;
            s.commit().await?;
            Ok(r.rows(["tag", "post_tags"]).await)
        })
        .await;
}

#[tokio::test]
async fn merge_three_levels() {
    scenario("merge_three_levels")
        .run(async |r| {
            let comments = many![comment(1, "c"), comment(2, "d")];
            let post = Post { id: 1, title: "p".into(), comments, ..default() };
            r.seed([Blog { id: 1, title: "b".into(), posts: many![post] }]).await;
            let mut s = r.session();
            let comments = many![comment(1, "C"), comment(3, "new")];
            let post = Post { id: 1, title: "P".into(), comments, ..default() };
            s.merge(Blog { id: 1, title: "B".into(), posts: many![post] }).await?;
            s.commit().await?;
            Ok(r.rows(["blog", "post", "comment"]).await)
        })
        .await;
}

#[tokio::test]
async fn merge_version_mismatch_raises() {
    scenario("merge_version_mismatch_raises")
        .run(async |r| {
            r.seed([article(1, "a")]).await;
            let mut s = r.session();
            let error = told(s.merge(Article { version: 7.into(), ..article(1, "b") }).await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}
