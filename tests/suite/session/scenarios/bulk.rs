//! Many rows by one statement, without objects or with them.

use orm::excluded;
use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::run::with;
use super::scenario;

fn user(id: i64, name: &str) -> User {
    User { id, name: name.into(), ..default() }
}

const ALL_COLUMNS: &str = "a value is a whole row: what it does not say is NULL";

#[tokio::test]
async fn bulk_insert_mappings() {
    scenario("bulk_insert_mappings")
        .sends(ALL_COLUMNS, &["BEGIN", "INSERT user_account (id, name, fullname)", "COMMIT"])
        .run(async |r| {
            let mut s = r.session();
            s.execute(insert(User).values([user(1, "a"), user(2, "b")])).await?;
            s.commit().await?;
            Ok(json!(null))
        })
        .await;
}

#[tokio::test]
async fn bulk_insert_returning_objects() {
    scenario("bulk_insert_returning_objects")
        .only_with(|features| features.insert_returning, "INSERT … RETURNING")
        .sends(ALL_COLUMNS, &["BEGIN", "INSERT user_account (name, fullname)", "ROLLBACK"])
        .run(async |r| {
            let mut s = r.session();
            let users = s.all(insert(User).values([user(0, "a"), user(0, "b")]).returning(User)).await?;
            let seen: Vec<_> = users
                .iter()
                .map(|&u| json!([s[u].id, s[u].name, s.state(u) == orm::ObjectState::Persistent]))
                .collect();
            s.rollback().await?;
            Ok(json!(seen))
        })
        .await;
}

#[tokio::test]
async fn bulk_insert_returning_columns() {
    scenario("bulk_insert_returning_columns")
        .only_with(|features| features.insert_returning, "INSERT … RETURNING")
        .sends(ALL_COLUMNS, &["BEGIN", "INSERT user_account (name, fullname)", "ROLLBACK"])
        .run(async |r| {
            let mut s = r.session();
            let insert = insert(User).values([user(0, "a"), user(0, "b")]).returning((User::id, User::name));
            let rows: Vec<(i64, String)> = s.all(insert).await?;
            s.rollback().await?;
            Ok(json!(rows))
        })
        .await;
}

#[tokio::test]
async fn bulk_insert_defaults() {
    scenario("bulk_insert_defaults")
        .sends(
            "what is unset is left to the database",
            &["BEGIN", "INSERT stamp (id, a, b, created)", "COMMIT"],
        )
        .run(async |r| {
            let stamp = |id, a: &str| Stamp { id, a: Some(a.into()), ..default() };
            let mut s = r.session();
            s.execute(insert(Stamp).values([stamp(1, "x"), stamp(2, "y")])).await?;
            s.commit().await?;
            Ok(r.rows(["stamp"]).await)
        })
        .await;
}

#[tokio::test]
async fn bulk_insert_then_query_gives_objects() {
    scenario("bulk_insert_then_query_gives_objects")
        .run(async |r| {
            let mut s = r.session();
            s.execute(insert(Tag).values([tag(1, "a"), tag(2, "b")])).await?;
            let tags = s.all(select(Tag).order_by(Tag::id)).await?;
            let names: Vec<_> = tags.iter().map(|&t| json!(s[t].name)).collect();
            s.rollback().await?;
            Ok(json!(names))
        })
        .await;
}

#[tokio::test]
async fn bulk_update_by_primary_key() {
    scenario("bulk_update_by_primary_key")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            s.execute(update(User).set_many(User::name, [(1, "x"), (2, "y")])).await?;
            s.commit().await?;
            Ok(r.rows(["user_account"]).await)
        })
        .await;
}

#[tokio::test]
async fn bulk_update_by_primary_key_changes_loaded_objects() {
    scenario("bulk_update_by_primary_key_changes_loaded_objects")
        .run(async |r| {
            r.seed([alice(), bob()]).await;
            let mut s = r.session();
            let (a, b) = (s.get_one(User, 1).await?, s.get_one(User, 2).await?);
            s.execute(update(User).set_many(User::name, [(1, "x"), (2, "y")])).await?;
            let seen = json!([s[a].name, s[b].name]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}

#[tokio::test]
async fn bulk_update_with_expression() {
    scenario("bulk_update_with_expression")
        .run(async |r| {
            let account = |id, owner: &str, cents| Account { id, owner: owner.into(), cents };
            r.seed([account(1, "o", 5), account(2, "p", 6)]).await;
            let mut s = r.session();
            let x = s.get_one(Account, 1).await?;
            let update = update(Account).filter(Account::id.eq(1)).set(Account::cents, Account::cents + 10);
            s.execute(update).await?;
            let cents = s[x].cents;
            s.rollback().await?;
            Ok(json!(cents))
        })
        .await;
}

#[tokio::test]
async fn bulk_delete_without_objects() {
    scenario("bulk_delete_without_objects")
        .run(async |r| {
            r.seed([item(1, "a"), item(2, "b"), item(3, "c")]).await;
            let mut s = r.session();
            let n = s.execute(delete(Item).filter(Item::id.lt(3))).await?;
            s.commit().await?;
            Ok(with(json!({ "n": n }), r.rows(["item"]).await))
        })
        .await;
}

#[tokio::test]
async fn bulk_upsert_updates() {
    scenario("bulk_upsert_updates")
        .run(async |r| {
            r.seed([item(1, "t")]).await;
            let mut s = r.session();
            let insert = insert(Item).values([item(1, "new"), item(2, "two")]).on_conflict(Item::id);
            s.execute(insert.do_update(|update| update.set(Item::name, excluded(Item::name)))).await?;
            s.commit().await?;
            Ok(r.rows(["item"]).await)
        })
        .await;
}

#[tokio::test]
async fn bulk_upsert_does_nothing() {
    scenario("bulk_upsert_does_nothing")
        .run(async |r| {
            r.seed([tag(1, "t")]).await;
            let mut s = r.session();
            let insert = insert(Tag).values([tag(5, "t"), tag(6, "u")]).on_any_conflict();
            s.execute(insert.do_nothing()).await?;
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn bulk_upsert_returning_objects() {
    scenario("bulk_upsert_returning_objects")
        .only_with(|features| features.insert_returning, "INSERT … RETURNING")
        .run(async |r| {
            r.seed([item(1, "t")]).await;
            let mut s = r.session();
            let held = s.get_one(Item, 1).await?;
            let insert = insert(Item).values([item(1, "new")]).on_conflict(Item::id).do_update_all();
            let got = s.one(insert.returning(Item)).await?;
            let seen = json!([got == held, s[held].name]);
            s.rollback().await?;
            Ok(seen)
        })
        .await;
}
