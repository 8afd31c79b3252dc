//! Arithmetic is for numbers; texts are joined by `concat`.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User::name + 1);
    let _ = select(User::id + User::name);
    let _ = select(User::id * "2");
}
