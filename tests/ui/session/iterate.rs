//! A relationship field is read through a view.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A relationship field is not iterated over: it may not be loaded.
    let user = session.one(select(User)).await?;
    for address in &session[user].addresses {
        println!("{}", address.email);
    }

    // Not by value either.
    let user = User::default();
    for address in user.addresses {
        println!("{}", address.email);
    }

    // Nor by `iter` or `len`, which could silently see nothing.
    let user = session.one(select(User)).await?;
    println!("{}", session[user].addresses.len());
    println!("{}", session[user].addresses.iter().count());

    // A relationship field is not its target.
    let address = session.one(select(Address)).await?;
    println!("{}", session[address].user.name);
    Ok(())
}

fn main() {}
