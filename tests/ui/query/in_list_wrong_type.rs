//! A list behind IN has values of the type of the operand.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::id.in_(["sandy", "patrick"]));
}
