//! A relationship leads to an alias of its own target.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).join(User::addresses.to(Manager));
}
