//! Not by value either.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = User::default();
    for address in user.addresses {
        println!("{}", address.email);
    }
    Ok(())
}

fn main() {}
