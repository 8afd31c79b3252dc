//! A key is that of the table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A key is of the type of the primary key.
    let _ = session.get(User, "sandy").await?;

    // A key of two columns is a tuple of both.
    let _ = session.get(Contact, "work").await?;

    // An object is of a mapped struct, not of an alias.
    let _ = session.get(Manager, 5).await?;
    Ok(())
}

fn main() {}
