//! And for edits while a collection is read.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    for address in session.view(user).get(User::addresses)? {
        session.remove(user, User::addresses, address.handle());
    }
    Ok(())
}

fn main() {}
