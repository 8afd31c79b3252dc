//! The same for one.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    session.add(Address { user: Address::default().into(), ..default() });
    Ok(())
}

fn main() {}
