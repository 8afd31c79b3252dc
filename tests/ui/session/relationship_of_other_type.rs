//! A relationship belongs to its struct.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A view walks relationships of its own type.
    let user = session.one(select(User)).await?;
    let _ = session.view(user).get(Address::user)?;

    // `load` loads relationships of the handle's own type.
    let user = session.one(select(User)).await?;
    session.load(user, Address::user).await?;

    // A column is not loaded.
    let user = session.one(select(User)).await?;
    session.load(user, User::name).await?;
    Ok(())
}

fn main() {}
