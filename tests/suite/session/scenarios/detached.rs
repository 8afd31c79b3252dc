//! Objects outside of a session, and back.

use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::{scenario, told};

#[tokio::test]
async fn detached_lazy_load_raises() {
    scenario("detached_lazy_load_raises")
        .comes_to(
            "a detached value is plain: what was not loaded is `None`, with no session to ask",
            json!("None"),
        )
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            let u = s.expunge(u);
            s.rollback().await?;
            Ok(json!(format!("{:?}", u.addresses.loaded())))
        })
        .await;
}

#[tokio::test]
async fn detached_expired_attribute_raises() {
    scenario("detached_expired_attribute_raises")
        .comes_to("there is no I/O behind a field: a detached value keeps what it has", json!("alice"))
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.commit().await?;
            Ok(json!(s.expunge(u).name))
        })
        .await;
}

#[tokio::test]
async fn detached_changes_are_not_flushed() {
    scenario("detached_changes_are_not_flushed")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            let mut t = s.expunge(t);
            t.name = "changed".into();
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn detached_expunge_all() {
    scenario("detached_expunge_all")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let t = s.get_one(Tag, 1).await?;
            s.expunge(t);
            let again = s.get_one(Tag, 1).await?;
            s.rollback().await?;
            Ok(json!(again == t))
        })
        .await;
}

#[tokio::test]
async fn reattach_detached_object() {
    scenario("reattach_detached_object")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            let given = s.expunge(u);
            s.rollback().await?;
            let mut s = r.session();
            let u = s.attach(given)?;
            s[u].name = "offline".into();
            s.commit().await?;
            Ok(r.rows(["user_account"]).await)
        })
        .await;
}

#[tokio::test]
async fn reattach_with_children() {
    scenario("reattach_with_children")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let given = s.detach(u);
            s.rollback().await?;
            let mut s = r.session();
            let u = s.attach(given)?;
            let first = super::children(&s, u, User::addresses)[0];
            s[first].email = "changed".into();
            s.commit().await?;
            Ok(r.rows(["address"]).await)
        })
        .await;
}

#[tokio::test]
async fn reattach_and_append() {
    scenario("reattach_and_append")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let u = s.get_one(User, 1).await?;
            s.load(u, User::addresses).await?;
            let given = s.detach(u);
            s.rollback().await?;
            let mut s = r.session();
            let u = s.attach(given)?;
            s.append(u, User::addresses, Address { id: 9, email: "n".into(), ..default() });
            s.commit().await?;
            Ok(r.rows(["address"]).await)
        })
        .await;
}

#[tokio::test]
async fn two_objects_same_identity_fails() {
    scenario("two_objects_same_identity_fails")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let held = s.get_one(User, 1).await?;
            let error = told(s.attach(User { id: 1, name: "other".into(), ..default() }));
            let seen = json!({ "held": s[held].name, "error": error });
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn object_in_two_sessions_fails() {
    scenario("object_in_two_sessions_fails")
        .comes_to("an object is owned by its session: only a copy can go to another", json!("copied"))
        .run(async |r| {
            r.seed([alice()]).await;
            let (mut one, mut two) = (r.session(), r.session());
            let u = one.get_one(User, 1).await?;
            let copy = two.attach(one.detach(u))?;
            two[copy].name = "two".into();
            let apart = !two.contains(u) && one[u].name == "alice";
            one.rollback().await?;
            Ok(json!(if apart { "copied" } else { "shared" }))
        })
        .await;
}

#[tokio::test]
async fn make_transient_to_copy_a_row() {
    scenario("make_transient_to_copy_a_row")
        .run(async |r| {
            r.seed([item(0, "nut")]).await;
            let mut s = r.session();
            let x = s.get_one(Item, 1).await?;
            let x = s.expunge(x);
            s.add(Item { id: 0, ..x });
            s.commit().await?;
            Ok(r.rows(["item"]).await)
        })
        .await;
}

#[tokio::test]
async fn make_transient_with_its_key_fails() {
    scenario("make_transient_with_its_key_fails")
        .run(async |r| {
            r.seed([item(1, "nut")]).await;
            let mut s = r.session();
            let x = s.get_one(Item, 1).await?;
            let x = s.expunge(x);
            s.add(x);
            let error = told(s.flush().await);
            s.rollback().await?;
            Ok(error)
        })
        .await;
}

#[tokio::test]
async fn make_transient_to_detached_reads_the_row() {
    scenario("make_transient_to_detached_reads_the_row")
        .run(async |r| {
            r.seed([item(1, "nut")]).await;
            let mut s = r.session();
            let x = s.attach(item(1, ""))?;
            s.refresh(x).await?;
            let same = s.get_one(Item, 1).await? == x;
            let seen = json!([s[x].name, same]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}
