//! HAVING over a table that is not in FROM.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User::name).group_by(User::name).having(count(Address::id).gt(1));
}
