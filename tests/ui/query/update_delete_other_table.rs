//! An UPDATE or DELETE reads its own table only.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // SET and WHERE of an UPDATE read only its own table.
    let _ = update(User).set(User::name, Address::email).all_rows();
    let _ = update(User).set(User::name, "sandy").filter(Address::id.eq(5));

    // The WHERE of a DELETE reads only its own table.
    let _ = delete(User).filter(Address::id.eq(5));

    // An alias is only read.
    let _ = update(Manager);
}
