//! A column that may be NULL is an `Option`.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let names: Vec<String> = session.all(select(User::fullname)).await?;
    Ok(())
}

fn main() {}
