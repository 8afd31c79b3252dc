//! `load` loads relationships of the handle's own type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    session.load(user, Address::user).await?;
    Ok(())
}

fn main() {}
