//! A join along a relationship of a table that is not in FROM.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).join(Employee::manager);
}
