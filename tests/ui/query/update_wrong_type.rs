//! A column is set to a value of its type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = update(User).set(User::name, 5).all_rows();
}
