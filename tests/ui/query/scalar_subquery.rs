//! A subquery that stands for a value.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A subquery that stands for a value has one column.
    let _ = select(User).filter(User::id.eq(select((Address::user_id, Address::email)).scalar()));

    // An entity is not a value.
    let _ = select(User).filter(User::id.eq(select(Address).scalar()));
}
