//! And an expression over it.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let rows: Vec<i64> =
        session.all(select(Address::id + 1).select_from(User).outer_join(User::addresses)).await?;
    Ok(())
}

fn main() {}
