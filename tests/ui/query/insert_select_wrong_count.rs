//! And as many as the query selects.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = insert(User).from_select((User::id, User::name), select(Address::id));
}
