//! SET and WHERE of an UPDATE read only its own table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = update(User).set(User::name, Address::email).all_rows();
    let _ = update(User).set(User::name, "sandy").filter(Address::id.eq(5));
}
