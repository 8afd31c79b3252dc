//! So is an UPDATE without RETURNING.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.all(update(User).set(User::name, "sandy").all_rows()).await?;
    Ok(())
}

fn main() {}
