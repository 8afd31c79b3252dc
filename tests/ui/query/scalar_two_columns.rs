//! A subquery that stands for a value has one column.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::id.eq(select((Address::user_id, Address::email)).scalar()));
}
