//! Reading borrows the session, and I/O may change what is read.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    let view = session.view(user);
    session.commit().await?;
    println!("{}", view.name);
    Ok(())
}

fn main() {}
