//! A relationship field is not iterated over: it may not be loaded.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.one(select(User)).await?;
    for address in &session[user].addresses {
        println!("{}", address.email);
    }
    Ok(())
}

fn main() {}
