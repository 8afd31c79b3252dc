//! While a savepoint is open, the session is reached through it.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let savepoint = session.nested().await?;
    session.add(User::default());
    savepoint.commit().await?;
    Ok(())
}

fn main() {}
