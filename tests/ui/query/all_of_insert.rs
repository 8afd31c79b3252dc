//! A statement without rows is executed.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.all(insert(User).values(User::default())).await?;
    Ok(())
}

fn main() {}
