//! The entities of a text are those of a mapped struct, and its options theirs.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // Not a mapped struct, but an alias of one.
    let _ = text("SELECT * FROM employee").entities(Manager);

    // An option that starts from another struct.
    let _ = text("SELECT * FROM address").entities(Address).options(selectin(User::addresses));
}
