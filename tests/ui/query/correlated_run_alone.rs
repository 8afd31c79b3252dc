//! A correlated subquery is not a query by itself.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.all(select(Address).correlate(User).filter(Address::user_id.eq(User::id))).await?;
    Ok(())
}

fn main() {}
