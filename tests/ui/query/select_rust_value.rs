//! A Rust value in a select list is written `literal`.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select("sandy");
    let _ = select((User::id, 5));
}
