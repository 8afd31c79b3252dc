//! A handle is typed.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A handle gives the object of its type.
    let user = session.add(User::default());
    println!("{}", session[user].email);

    // Handles of unlike types do not mix.
    let user: Handle<User> = session.one(select(Address)).await?;

    // An object is reached by its handle, not by its key.
    println!("{:?}", session[5]);
    Ok(())
}

fn main() {}
