//! A query is not run for its effect.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    session.execute(select(User)).await?;
    Ok(())
}

fn main() {}
