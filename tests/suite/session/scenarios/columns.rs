//! Columns that a SELECT leaves out, and columns under one name.

use orm::prelude::*;
use orm::{defer, load_only, undefer};
use serde_json::json;

use super::models::{User, alice};
use super::scenario;

/// The table of [`User`], with a column that may be left out.
#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "user_account")]
struct Person {
    #[column(primary_key)]
    id: i64,
    #[column(length = 30)]
    name: String,
    #[column(deferred = false)]
    fullname: Deferred<Option<String>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "account")]
struct Account {
    #[column(primary_key)]
    id: i64,
    #[column(deferred = false)]
    owner: Deferred<String>,
    cents: i64,
    notes: Deferred<Option<String>>,
    #[column_property(functions::upper(Account::owner))]
    shout: Deferred<String>,
}

#[derive(Record, Debug)]
struct Named {
    id: i64,
    name: String,
}

#[tokio::test]
async fn columns_load_only() {
    scenario("columns_load_only")
        .run(async |r| {
            r.seed([Person { id: 1, name: "u".into(), fullname: Some("f".to_owned()).into() }]).await;
            let mut s = r.session();
            let u = s.one(select(Person).options(load_only(Person::name))).await?;
            assert!(!s[u].fullname.is_loaded());
            s.load_columns(u, Person::fullname).await?;
            let fullname = s[u].fullname.get().cloned();
            s.rollback().await?;
            Ok(json!(fullname))
        })
        .await;
}

#[tokio::test]
async fn columns_defer_and_undefer() {
    scenario("columns_defer_and_undefer")
        .run(async |r| {
            metadata![Account].create_all(&r.db.engine).await?;
            let (owner, notes) = ("o".to_owned().into(), Some("long".to_owned()).into());
            r.seed([Account { id: 1, owner, cents: 150, notes, ..default() }]).await;
            let mut s = r.session();
            let x = s.one(select(Account)).await?;
            assert_eq!((s[x].shout.get().map(String::as_str), s[x].notes.get()), (Some("O"), None));
            s.load_columns(x, Account::notes).await?;
            let first = s[x].notes.get().cloned();
            s.rollback().await?;

            let mut s = r.session();
            let x = s.one(select(Account).options(undefer(Account::notes))).await?;
            assert_eq!(s[x].notes.get(), Some(&Some("long".to_owned())));
            s.expunge(x);
            let y = s.one(select(Account).options(defer(Account::owner).raise())).await?;
            assert_eq!((s[y].owner.get(), s[y].cents), (None, 150));
            let refused = super::told(s.load_columns(y, Account::owner).await);
            s.rollback().await?;
            Ok(json!([first, refused]))
        })
        .await;
}

#[tokio::test]
async fn columns_bundle() {
    scenario("columns_bundle")
        .run(async |r| {
            r.seed([alice()]).await;
            let mut s = r.session();
            let row = s.one(select((User::id, User::name)).into_record::<Named>()).await?;
            s.rollback().await?;
            Ok(json!([row.id, row.name]))
        })
        .await;
}
