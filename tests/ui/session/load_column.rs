//! A column is not loaded.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    session.load(user, User::name).await?;
    Ok(())
}

fn main() {}
