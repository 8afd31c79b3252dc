//! Two tasks do not share a session.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(engine: &Engine) -> orm::Result<()> {
    let mut session = Session::new(engine);
    let _users = tokio::spawn(async { session.all(select(User)).await });
    let _addresses = tokio::spawn(async { session.all(select(Address)).await });
    Ok(())
}

fn main() {}
