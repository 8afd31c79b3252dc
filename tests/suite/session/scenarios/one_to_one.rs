//! One row that belongs to one other.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::run::with;
use super::scenario;

fn user(name: &str) -> User {
    User { name: name.into(), ..default() }
}

fn profile(id: i64, bio: &str) -> Profile {
    Profile { id, bio: bio.into(), ..default() }
}

#[tokio::test]
async fn one_to_one_replace_deletes_old() {
    scenario("one_to_one_replace_deletes_old")
        .run(async |r| {
            r.seed([User { profile: profile(1, "old").into(), ..user("u") }]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.set(u, User::profile, profile(2, "new"));
            s.commit().await?;
            Ok(r.rows(["profile"]).await)
        })
        .await;
}

#[tokio::test]
async fn one_to_one_insert() {
    scenario("one_to_one_insert")
        .run(async |r| {
            let mut s = r.session();
            s.add(User { profile: profile(0, "b").into(), ..user("u") });
            s.commit().await?;
            Ok(r.rows(["user_account", "profile"]).await)
        })
        .await;
}

#[tokio::test]
async fn one_to_one_moves_to_another_parent() {
    scenario("one_to_one_moves_to_another_parent")
        .run(async |r| {
            r.seed([User { profile: profile(1, "p").into(), ..user("a") }, user("b")]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s.load(a, User::profile).await?;
            let p = s.view(a).get(User::profile)?.map(|p| p.handle());
            s.set(b, User::profile, p);
            s.commit().await?;
            Ok(r.rows(["profile"]).await)
        })
        .await;
}

#[tokio::test]
async fn one_to_one_set_from_the_child() {
    scenario("one_to_one_set_from_the_child")
        .run(async |r| {
            r.seed([user("a")]).await;
            let mut s = r.session();
            let a = s.get_one(User, 1).await?;
            s.load(a, User::profile).await?;
            let p = s.add(profile(1, "p"));
            s.set(p, Profile::user, a);
            let seen = s.view(a).get(User::profile)?.map(|p| p.handle()) == Some(p);
            s.commit().await?;
            Ok(with(json!({ "seen": seen }), r.rows(["profile"]).await))
        })
        .await;
}

#[tokio::test]
async fn one_to_one_delete_parent() {
    scenario("one_to_one_delete_parent")
        .sends(
            "what a delete needs is loaded by the flush, in the order of the struct's relationships",
            &[
                "BEGIN",
                "SELECT user_account",
                "SELECT address",
                "SELECT profile",
                "DELETE profile",
                "DELETE user_account",
                "COMMIT",
            ],
        )
        .run(async |r| {
            r.seed([User { profile: profile(1, "p").into(), ..user("a") }]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.delete(u);
            s.commit().await?;
            Ok(r.rows(["user_account", "profile"]).await)
        })
        .await;
}
