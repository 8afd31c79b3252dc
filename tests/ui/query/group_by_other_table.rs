//! GROUP BY a table that is not in FROM.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(count(User)).group_by(Address::email);
}
