//! Expiry, refresh, and queries that overwrite. There is no I/O behind a field here: where SQLAlchemy reads an expired
//! attribute by touching it, the scenario asks for it.

use orm::SessionMaker;
use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::run::with;
use super::{children, scenario, told};

#[tokio::test]
async fn identity_map_does_not_overwrite() {
    scenario("identity_map_does_not_overwrite")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.execute(text("UPDATE user_account SET name = 'changed'")).await?;
            let first = s.one(select(User)).await?;
            let first = s[first].name.clone();
            let second = s.one(select(User).populate_existing()).await?;
            let second = s[second].name.clone();
            let seen = json!({ "plain": first, "populate_existing": second, "same": s[u].name });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn get_with_for_update() {
    scenario("get_with_for_update")
        .only_with(|features| features.row_locks, "FOR UPDATE")
        .comes_to("a row that is locked is read, so that what is here is what is locked", json!("changed"))
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.execute(text("UPDATE user_account SET name = 'changed'")).await?;
            s.get(User, 1).for_update().await?;
            let name = s[u].name.clone();
            s.rollback().await?;
            Ok(json!(name))
        })
        .await;
}

#[tokio::test]
async fn get_populate_existing() {
    scenario("get_populate_existing")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.execute(text("UPDATE user_account SET name = 'changed'")).await?;
            s.get(User, 1).await?;
            let first = s[u].name.clone();
            s.get(User, 1).populate_existing().await?;
            let seen = json!([first, s[u].name]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn get_with_options() {
    scenario("get_with_options")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).options(selectin(User::addresses)).await?;
            let emails: Vec<_> =
                children(&s, u, User::addresses).iter().map(|&a| json!(s[a].email)).collect();
            s.rollback().await?;
            Ok(json!(emails))
        })
        .await;
}

#[tokio::test]
async fn get_of_expired_object() {
    scenario("get_of_expired_object")
        .run(async |r| {
            r.seed([tag(1, "a"), tag(2, "b")]).await;
            let mut s = r.session();
            s.get_one(Tag, 1).await?;
            s.get_one(Tag, 2).await?;
            s.execute(text("UPDATE tag SET name = 'c' WHERE id = 1")).await?;
            s.execute(text("DELETE FROM tag WHERE id = 2")).await?;
            s.expire_all();
            let a = s.get_one(Tag, 1).await?;
            let b = s.get(Tag, 2).await?.map(|_| "found");
            let seen = json!([s[a].name, b]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn expire_reloads_the_row() {
    scenario("expire_reloads_the_row")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.execute(text("UPDATE user_account SET name = 'changed'")).await?;
            s.expire(u)?;
            let u = s.get_one(User, 1).await?;
            let name = s[u].name.clone();
            s.rollback().await?;
            Ok(json!(name))
        })
        .await;
}

#[tokio::test]
async fn expire_named_attribute() {
    scenario("expire_named_attribute")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.execute(text("UPDATE user_account SET name = 'changed', fullname = 'too'")).await?;
            s.expire_attributes(u, User::name)?;
            s.get_one(User, 1).await?;
            let seen = json!([s[u].name, s[u].fullname]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn expire_discards_pending_change() {
    scenario("expire_discards_pending_change")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s[u].name = "lost".into();
            s.expire(u)?;
            let modified = s.is_modified(u);
            s.commit().await?;
            Ok(with(json!({ "modified": modified }), r.rows(["user_account"]).await))
        })
        .await;
}

#[tokio::test]
async fn expire_collection() {
    scenario("expire_collection")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let before = children(&s, u, User::addresses).len();
            s.execute(text("INSERT INTO address (id, email, user_id) VALUES (9, 'n', 1)")).await?;
            s.expire_attributes(u, User::addresses)?;
            s.load(u, User::addresses).await?;
            let after = children(&s, u, User::addresses).len();
            s.rollback().await?;
            Ok(json!([before, after]))
        })
        .await;
}

#[tokio::test]
async fn expire_all_objects() {
    scenario("expire_all_objects")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s.execute(text("UPDATE user_account SET name = 'same'")).await?;
            s.expire_all();
            s.all(select(User)).await?;
            let seen = json!([s[a].name, s[b].name]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn expire_on_commit() {
    scenario("expire_on_commit")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = SessionMaker::new(&r.db.engine).expire_on_commit(true).session();
            s.get_one(User, 1).await?;
            s.commit().await?;
            s.execute(text("UPDATE user_account SET name = 'changed'")).await?;
            let u = s.get_one(User, 1).await?;
            let name = s[u].name.clone();
            s.rollback().await?;
            Ok(json!(name))
        })
        .await;
}

#[tokio::test]
async fn expire_on_commit_off() {
    scenario("expire_on_commit_off")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            s.get_one(User, 1).await?;
            s.commit().await?;
            s.execute(text("UPDATE user_account SET name = 'changed'")).await?;
            let u = s.get_one(User, 1).await?;
            let name = s[u].name.clone();
            s.rollback().await?;
            Ok(json!(name))
        })
        .await;
}

#[tokio::test]
async fn expire_pending_object_raises() {
    scenario("expire_pending_object_raises")
        .run(async |r| {
            let mut s = r.session();
            let t = s.add(tag(0, "t"));
            Ok(told(s.expire(t)))
        })
        .await;
}

#[tokio::test]
async fn expire_then_change() {
    scenario("expire_then_change")
        .sends(
            "the key of an expired object is known",
            &["BEGIN", "SELECT user_account", "UPDATE user_account (name)", "COMMIT"],
        )
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.expire(u)?;
            s[u].name = "new".into();
            s.commit().await?;
            Ok(r.rows(["user_account"]).await)
        })
        .await;
}

#[tokio::test]
async fn refresh_overwrites() {
    scenario("refresh_overwrites")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.execute(text("UPDATE user_account SET name = 'changed'")).await?;
            s.refresh(u).await?;
            let name = s[u].name.clone();
            s.rollback().await?;
            Ok(json!(name))
        })
        .await;
}

#[tokio::test]
async fn refresh_named_attributes() {
    scenario("refresh_named_attributes")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.execute(text("UPDATE user_account SET name = 'changed', fullname = 'too'")).await?;
            s.refresh(u).only(User::name).await?;
            let seen = json!([s[u].name, s[u].fullname]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn refresh_collection() {
    scenario("refresh_collection")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let before = children(&s, u, User::addresses).len();
            s.execute(text("INSERT INTO address (id, email, user_id) VALUES (9, 'n', 1)")).await?;
            s.refresh(u).only(User::addresses).await?;
            let after = children(&s, u, User::addresses).len();
            s.rollback().await?;
            Ok(json!([before, after]))
        })
        .await;
}

#[tokio::test]
async fn refresh_deleted_row_raises() {
    scenario("refresh_deleted_row_raises")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.execute(text("DELETE FROM tag")).await?;
            let error = told(s.refresh(t).await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn refresh_pending_object_raises() {
    scenario("refresh_pending_object_raises")
        .run(async |r| {
            let mut s = r.session();
            s.set_autoflush(false);
            let t = s.add(tag(0, "t"));
            Ok(told(s.refresh(t).await))
        })
        .await;
}

#[tokio::test]
async fn refresh_drops_its_changes_and_flushes_others() {
    scenario("refresh_drops_its_changes_and_flushes_others")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s[a].name = "dropped".into();
            s[b].name = "flushed".into();
            s.refresh(a).await?;
            s.commit().await?;
            Ok(r.rows(["user_account"]).await)
        })
        .await;
}

#[tokio::test]
async fn refresh_for_update() {
    scenario("refresh_for_update")
        .only_with(|features| features.row_locks, "FOR UPDATE")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.execute(text("UPDATE user_account SET name = 'changed'")).await?;
            s.refresh(u).for_update().await?;
            let name = s[u].name.clone();
            s.rollback().await?;
            Ok(json!(name))
        })
        .await;
}

#[tokio::test]
async fn no_autoflush_block() {
    scenario("no_autoflush_block")
        .run(async |r| {
            let mut s = r.session();
            s.add(User { id: 5, name: "x".into(), ..default() });
            let names = s.no_autoflush().all(select(User::name)).await?;
            s.rollback().await?;
            Ok(json!(names))
        })
        .await;
}

#[tokio::test]
async fn no_autoflush_then_again() {
    scenario("no_autoflush_then_again")
        .run(async |r| {
            let mut s = r.session();
            s.add(tag(1, "x"));
            let within = s.no_autoflush().all(select(Tag::name)).await?;
            let behind = s.all(select(Tag::name)).await?;
            s.rollback().await?;
            Ok(json!([within, behind]))
        })
        .await;
}
