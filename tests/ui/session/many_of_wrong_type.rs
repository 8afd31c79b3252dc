//! A tree is built of the types of its relationships.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    session.add(User { addresses: many![User::default()], ..default() });
    Ok(())
}

fn main() {}
