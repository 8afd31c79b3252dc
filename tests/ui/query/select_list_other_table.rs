//! A select list over two tables, without a join.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.all(select((User::name, Address::email))).await?;
    Ok(())
}

fn main() {}
