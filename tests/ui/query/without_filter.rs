//! What would change every row does not run.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // An UPDATE without a filter does not run.
    session.execute(update(User).set(User::name, "sandy")).await?;

    // A DELETE without a filter does not run.
    session.execute(delete(User)).await?;

    // Nor do they with RETURNING.
    let _ = session.all(delete(User).returning(User::id)).await?;
    Ok(())
}

fn main() {}
