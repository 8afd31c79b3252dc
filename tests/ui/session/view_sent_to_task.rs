//! A view borrows its session, so it does not go to another task.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(engine: &Engine) -> orm::Result<()> {
    let mut session = Session::new(engine);
    let user = session.one(select(User)).await?;
    let view = session.view(user);
    tokio::spawn(async move { println!("{}", view.name) });
    Ok(())
}

fn main() {}
