//! A key of two columns is a tuple of both.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.get(Contact, "work").await?;
    Ok(())
}

fn main() {}
