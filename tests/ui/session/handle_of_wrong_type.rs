//! A handle gives the object of its type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.add(User::default());
    println!("{}", session[user].email);
    Ok(())
}

fn main() {}
