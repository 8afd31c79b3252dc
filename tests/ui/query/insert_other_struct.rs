//! An INSERT takes structs of its table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = insert(User).values(Address::default());
}
