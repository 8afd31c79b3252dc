//! So is what an expression is cast to.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = User::id.cast::<usize>();
}
