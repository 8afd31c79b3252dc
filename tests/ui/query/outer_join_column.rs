//! A column from the nullable side of an outer join is an `Option`.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let rows: Vec<(String, String)> =
        session.all(select((User::name, Address::email)).outer_join(User::addresses)).await?;
    Ok(())
}

fn main() {}
