//! A view walks relationships of its own type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    let _ = session.view(user).get(Address::user)?;
    Ok(())
}

fn main() {}
