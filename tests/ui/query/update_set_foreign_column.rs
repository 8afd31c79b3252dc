//! An UPDATE sets columns of its own table only.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = update(User).set(Address::email, "sandy@example.org").all_rows();
}
