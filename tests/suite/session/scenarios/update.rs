//! What a flush updates.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::run::with;
use super::{children, scenario, told};

#[tokio::test]
async fn update_changed_columns_only() {
    scenario("update_changed_columns_only")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].name = "al".into();
            s.commit().await?;
            Ok(json!(null))
        })
        .await;
}

#[tokio::test]
async fn update_many_rows_batched() {
    scenario("update_many_rows_batched")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            for u in s.all(select(User).order_by(User::id.desc())).await? {
                s[u].name = s[u].name.to_uppercase();
            }
            s.commit().await?;
            Ok(json!(null))
        })
        .await;
}

#[tokio::test]
async fn update_foreign_key_on_move() {
    scenario("update_foreign_key_on_move")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s.load_many(&[b], User::addresses).await?;
            s.load_many(&[a], User::addresses).await?;
            let first = children(&s, a, User::addresses)[0];
            s.append(b, User::addresses, first);
            let in_a: Vec<i64> = children(&s, a, User::addresses).iter().map(|&x| s[x].id).collect();
            s.commit().await?;
            Ok(with(json!({ "left_in_a_before_flush": in_a }), r.rows(["address"]).await))
        })
        .await;
}

#[tokio::test]
async fn update_onupdate_default() {
    scenario("update_onupdate_default")
        .run(async |r| {
            r.seed([Stamp { id: 1, a: Some("x".into()), ..default() }]).await;
            let mut s = r.session();
            let x = s.get_one(Stamp, 1).await?;
            s[x].a = Some("y".into());
            s.commit().await?;
            Ok(r.rows(["stamp"]).await)
        })
        .await;
}

#[tokio::test]
async fn update_to_null() {
    scenario("update_to_null")
        .run(async |r| {
            r.seed([User { name: "u".into(), fullname: Some("U U".into()), ..default() }]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].fullname = None;
            s.commit().await?;
            Ok(r.rows(["user_account"]).await)
        })
        .await;
}

#[tokio::test]
async fn update_different_columns_of_rows() {
    scenario("update_different_columns_of_rows")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s[a].name = "A".into();
            s[b].fullname = Some("B B".into());
            s.commit().await?;
            Ok(r.rows(["user_account"]).await)
        })
        .await;
}

#[tokio::test]
async fn update_scalar_reference_to_none() {
    scenario("update_scalar_reference_to_none")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let a = s.get_one(Address, 1).await?;
            s.set(a, Address::user, None);
            s.commit().await?;
            Ok(r.rows(["address"]).await)
        })
        .await;
}

#[tokio::test]
async fn update_scalar_reference_to_pending() {
    scenario("update_scalar_reference_to_pending")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let a = s.get_one(Address, 1).await?;
            s.set(a, Address::user, User { id: 7, name: "new".into(), ..default() });
            s.commit().await?;
            Ok(r.rows(["user_account", "address"]).await)
        })
        .await;
}

#[tokio::test]
async fn update_set_and_flush_again_sends_nothing() {
    scenario("update_set_and_flush_again_sends_nothing")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].name = "b".into();
            s.flush().await?;
            s.flush().await?;
            s.commit().await?;
            Ok(r.rows(["user_account"]).await)
        })
        .await;
}

#[tokio::test]
async fn update_row_gone_raises() {
    scenario("update_row_gone_raises")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.execute(text("DELETE FROM tag")).await?;
            s[t].name = "new".into();
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn update_stale_version_raises() {
    scenario("update_stale_version_raises")
        .run(async |r| {
            r.seed([article(1, "a")]).await;
            let mut s = r.session();
            let x = s.get_one(Article, 1).await?;
            s[x].title = "b".into();
            s.set_autoflush(false);
            s.execute(text("UPDATE article SET version = 9")).await?;
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn update_version_counts_up() {
    scenario("update_version_counts_up")
        .run(async |r| {
            r.seed([article(1, "a")]).await;
            let mut s = r.session();
            let x = s.get_one(Article, 1).await?;
            s[x].title = "b".into();
            s.flush().await?;
            s[x].title = "c".into();
            s.commit().await?;
            Ok(r.rows(["article"]).await)
        })
        .await;
}

#[tokio::test]
async fn update_version_conflict_of_many_rows() {
    scenario("update_version_conflict_of_many_rows")
        .run(async |r| {
            r.seed([article(1, "a"), article(2, "b"), article(3, "c")]).await;
            let mut s = r.session();
            let rows = s.all(select(Article).order_by(Article::id)).await?;
            s.execute(text("UPDATE article SET version = 9 WHERE id = 2")).await?;
            for x in rows {
                s[x].title = "new".into();
            }
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn update_primary_key_passive_updates() {
    scenario("update_primary_key_passive_updates")
        .run(async |r| {
            let child = NaturalChild { id: 1, ..default() };
            r.seed([Natural { name: "n".into(), children: many![child] }]).await;
            let mut s = r.session();
            let n = s.get_one(Natural, "n").await?;
            s[n].name = "m".into();
            s.commit().await?;
            Ok(r.rows(["natural_key", "natural_child"]).await)
        })
        .await;
}

#[tokio::test]
async fn update_primary_key_without_children() {
    scenario("update_primary_key_without_children")
        .run(async |r| {
            r.seed([Natural { name: "n".into(), ..default() }]).await;
            let mut s = r.session();
            let n = s.get_one(Natural, "n").await?;
            s[n].name = "m".into();
            s.flush().await?;
            let same = s.get(Natural, "m").await? == Some(n);
            s.commit().await?;
            Ok(with(json!({ "same": same }), r.rows(["natural_key"]).await))
        })
        .await;
}

#[tokio::test]
async fn update_primary_key_carried_by_session() {
    scenario("update_primary_key_carried_by_session")
        .only_with(|features| features.deferrable_constraints, "foreign keys that are checked at COMMIT")
        .run(async |r| {
            let city = |id| City { id, ..default() };
            r.seed([Country { code: "a".into(), cities: many![city(1), city(2)] }]).await;
            let mut s = r.session();
            let country = s.get_one(Country, "a").await?;
            s[country].code = "b".into();
            s.commit().await?;
            Ok(r.rows(["country", "city"]).await)
        })
        .await;
}
