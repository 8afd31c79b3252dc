//! A key is of the type of the primary key.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.get(User, "sandy").await?;
    Ok(())
}

fn main() {}
