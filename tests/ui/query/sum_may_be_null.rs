//! The sum over no rows is NULL.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let total: i64 = session.one(select(sum(User::id))).await?;
    Ok(())
}

fn main() {}
