//! An entity is not a value.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::id.eq(select(Address).scalar()));
}
