//! RETURNING gives columns of the changed table only.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.all(delete(User).filter(User::id.eq(5)).returning(Address::email)).await?;
    Ok(())
}

fn main() {}
