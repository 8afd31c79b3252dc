//! A tree is built of the types of its relationships.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A tree is built of the types of its relationships.
    session.add(User { addresses: many![User::default()], ..default() });

    // The same for one.
    session.add(Address { user: Address::default().into(), ..default() });
    Ok(())
}

fn main() {}
