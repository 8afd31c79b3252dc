//! A correlated subquery fits only a query that has its table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let addresses = select(Address).correlate(User).filter(Address::user_id.eq(User::id));
    let _ = select(Employee).filter(exists(addresses));
}
