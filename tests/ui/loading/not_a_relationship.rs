//! Loader options take relationships.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).options(selectin(User::name));
    let _ = select(User).options(joined(Address));
    let _ = select(User).options(User::addresses);
}
