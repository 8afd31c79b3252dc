//! A comparison of which only one side is in FROM: the message names the other one alone.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::id.eq(Address::user_id).and(User::active));
}
