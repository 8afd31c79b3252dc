//! An ON over a table that is neither in FROM nor joined here.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).join_on(Address, Address::user_id.eq(Employee::id));
}
