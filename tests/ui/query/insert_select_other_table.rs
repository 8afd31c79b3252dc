//! The columns are those of the table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = insert(User).from_select(Address::email, select(User::name));
}
