//! A subquery behind IN has one column.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::id.in_(select((Address::user_id, Address::email))));
}
