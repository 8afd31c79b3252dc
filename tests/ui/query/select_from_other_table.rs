//! `select_from` replaces the table that the select list names first.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.all(select(Address::email).select_from(User)).await?;
    Ok(())
}

fn main() {}
