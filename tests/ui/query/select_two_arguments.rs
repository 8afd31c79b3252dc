//! A list of columns is a tuple.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User::id, User::name);
}
