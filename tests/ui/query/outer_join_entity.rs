//! So is an entity.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let rows: Vec<(Handle<User>, Handle<Address>)> =
        session.all(select((User, Address)).outer_join(User::addresses)).await?;
    Ok(())
}

fn main() {}
