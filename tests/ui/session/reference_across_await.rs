//! The same for a plain reference.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    let name = &session[user].name;
    session.refresh(user).await?;
    println!("{name}");
    Ok(())
}

fn main() {}
