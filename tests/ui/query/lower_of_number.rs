//! A function of text takes a text.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(functions::lower(User::id));
}
