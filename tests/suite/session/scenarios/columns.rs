//! Columns under one name.

use orm::prelude::*;
use serde_json::json;

use super::models::{User, alice};
use super::scenario;

#[derive(Record, Debug)]
struct Named {
    id: i64,
    name: String,
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
