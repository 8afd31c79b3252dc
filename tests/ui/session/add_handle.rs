//! What is in the session is not added again.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.add(User::default());
    session.add(user);
    Ok(())
}

fn main() {}
