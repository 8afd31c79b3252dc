//! Nor do they with RETURNING.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.all(delete(User).returning(User::id)).await?;
    Ok(())
}

fn main() {}
