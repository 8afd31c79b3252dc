//! What is summed is a number.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // Texts have no sum and no average.
    let _ = select(sum(User::name));
    let _ = select(avg(User::fullname));
}
