//! The same for a subquery that stands for a value.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let addresses = select(count(Address)).correlate(User).filter(Address::user_id.eq(User::id));
    let _ = select(Employee).order_by(addresses.scalar());
}
