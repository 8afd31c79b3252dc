//! A collection is changed by `append` and `remove`.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.add(User::default());
    let address = session.add(Address::default());
    session.set(user, User::addresses, address);
    Ok(())
}

fn main() {}
