//! A row has the types of its select list.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let ids: Vec<String> = session.all(select(User::id)).await?;
    Ok(())
}

fn main() {}
