//! So a change of the old value cannot be lost.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let mut user = User { name: "sandy".into(), ..default() };
    session.add(user);
    user.name = "patrick".into();
    Ok(())
}

fn main() {}
