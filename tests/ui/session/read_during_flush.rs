//! While a flush runs, nobody reads: it has the session to itself.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session, user: Handle<User>) -> orm::Result<()> {
    let flush = session.flush();
    println!("{}", session[user].name);
    flush.await
}

fn main() {}
