//! Handles of unlike types do not mix.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user: Handle<User> = session.one(select(Address)).await?;
    Ok(())
}

fn main() {}
