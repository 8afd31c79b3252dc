//! What is added is a mapped struct.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // What is in the session is not added again.
    let user = session.add(User::default());
    session.add(user);

    // What is added is mapped.
    struct Point;
    session.add(Point);
    Ok(())
}

fn main() {}
