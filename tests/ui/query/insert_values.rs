//! What an INSERT takes.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // The same for INSERT.
    let _ = insert(User).set(User::name, None::<&str>);

    // An INSERT has no row to read from.
    let _ = insert(User).set(User::fullname, User::name);

    // An INSERT takes structs of its table.
    let _ = insert(User).values(Address::default());
}
