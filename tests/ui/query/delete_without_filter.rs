//! A DELETE without a filter does not run.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    session.execute(delete(User)).await?;
    Ok(())
}

fn main() {}
