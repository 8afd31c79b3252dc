//! A collection takes objects of its type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.add(User::default());
    session.append(user, User::addresses, User::default());
    Ok(())
}

fn main() {}
