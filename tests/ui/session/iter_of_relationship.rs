//! Nor by `iter` or `len`, which could silently see nothing.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    println!("{}", session[user].addresses.len());
    println!("{}", session[user].addresses.iter().count());
    Ok(())
}

fn main() {}
