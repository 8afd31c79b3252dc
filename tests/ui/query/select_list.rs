//! What a select list holds.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A Rust value in a select list is written `literal`.
    let _ = select("sandy");
    let _ = select((User::id, 5));

    // A relationship is not selected but loaded.
    let _ = select(User::addresses);

    // A list of columns is a tuple.
    let _ = select(User::id, User::name);

    // `count` counts rows or values, not names.
    let _ = select(count("name"));
}
