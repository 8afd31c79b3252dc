//! `add` moves the value: the session owns it now.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = User { name: "sandy".into(), ..default() };
    session.add(user);
    println!("{}", user.name);
    Ok(())
}

fn main() {}
