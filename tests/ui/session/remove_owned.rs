//! What is removed is in the session: it has a handle.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.add(User::default());
    session.remove(user, User::addresses, Address::default());
    Ok(())
}

fn main() {}
