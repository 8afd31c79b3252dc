//! ORDER BY a table that is not in FROM, alone and in a tuple.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).order_by(Address::email.desc());
    let _ = select(User).order_by((User::name, Address::email));
}
