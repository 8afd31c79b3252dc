//! What a collection takes.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A collection takes objects of its type.
    let user = session.add(User::default());
    session.append(user, User::addresses, User::default());

    // And handles of its type.
    let user = session.add(User::default());
    session.append(user, User::addresses, user);

    // `append` is for collections; `set` is for one.
    let user = session.add(User::default());
    let address = session.add(Address::default());
    session.append(address, Address::user, user);

    // The relationship belongs to the parent.
    let user = session.add(User::default());
    let address = session.add(Address::default());
    session.append(address, User::addresses, user);

    // What is removed is in the session: it has a handle.
    let user = session.add(User::default());
    session.remove(user, User::addresses, Address::default());
    Ok(())
}

fn main() {}
