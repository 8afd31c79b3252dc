//! A subquery that reads the enclosing table says so by `correlate`.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(Address).filter(Address::user_id.eq(User::id));
}
