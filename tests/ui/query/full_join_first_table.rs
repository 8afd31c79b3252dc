//! After a full join the first table may be missing as well.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let rows: Vec<String> = session.all(select(User::name).full_join(User::addresses)).await?;
    Ok(())
}

fn main() {}
