//! Texts have no sum and no average.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(sum(User::name));
    let _ = select(avg(User::fullname));
}
