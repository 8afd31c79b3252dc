//! Only a relationship that leads to its own struct can be followed again.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).options(selectin(User::addresses).recursive(3));
}
