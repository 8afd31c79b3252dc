//! An INSERT has no row to read from.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = insert(User).set(User::fullname, User::name);
}
