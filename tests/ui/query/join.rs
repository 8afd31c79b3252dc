//! A join starts from what is in FROM.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A join along a relationship of a table that is not in FROM.
    let _ = select(User).join(Employee::manager);

    // An ON over a table that is neither in FROM nor joined here.
    let _ = select(User).join_on(Address, Address::user_id.eq(Employee::id));
}
