//! What a to-one relationship is set to.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A `One<T>` leads somewhere; only a `One<Option<T>>` can be empty.
    let address = session.add(Address::default());
    session.set(address, Address::user, None);

    // A relationship is set to its target.
    let address = session.add(Address::default());
    session.set(address, Address::user, address);

    // A collection is changed by `append` and `remove`.
    let user = session.add(User::default());
    let address = session.add(Address::default());
    session.set(user, User::addresses, address);
    Ok(())
}

fn main() {}
