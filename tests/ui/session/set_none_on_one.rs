//! A `One<T>` leads somewhere; only a `One<Option<T>>` can be empty.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let address = session.add(Address::default());
    session.set(address, Address::user, None);
    Ok(())
}

fn main() {}
