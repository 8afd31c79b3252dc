//! The WHERE of a DELETE reads only its own table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = delete(User).filter(Address::id.eq(5));
}
