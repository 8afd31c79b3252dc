//! A view is for reading.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    session.view(user).name = "patrick".into();
    Ok(())
}

fn main() {}
