//! An object is of a mapped struct, not of an alias.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.get(Manager, 5).await?;
    Ok(())
}

fn main() {}
