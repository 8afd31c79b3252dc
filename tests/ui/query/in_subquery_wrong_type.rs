//! A subquery behind IN gives values of the type of the operand.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::id.in_(select(Address::email)));
}
