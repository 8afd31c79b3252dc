//! A filter over a table that is not in FROM.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(Address::email.eq("sandy@example.org"));
}
