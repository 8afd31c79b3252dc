//! A view does not outlive its session.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    let view = {
        let other = session.nested().await?;
        other.view(user)
    };
    println!("{}", view.name);
    Ok(())
}

fn main() {}
