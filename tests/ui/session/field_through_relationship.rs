//! A relationship field is not its target.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let address = session.one(select(Address)).await?;
    println!("{}", session[address].user.name);
    Ok(())
}

fn main() {}
