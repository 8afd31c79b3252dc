//! A subquery that reads the query around it.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A subquery that reads the enclosing table says so by `correlate`.
    let _ = select(Address).filter(Address::user_id.eq(User::id));

    // A correlated subquery fits only a query that has its table.
    let addresses = select(Address).correlate(User).filter(Address::user_id.eq(User::id));
    let _ = select(Employee).filter(exists(addresses));

    // The same for a subquery that stands for a value.
    let addresses = select(count(Address)).correlate(User).filter(Address::user_id.eq(User::id));
    let _ = select(Employee).order_by(addresses.scalar());
}
