//! An integer is compared with integers.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // An integer with a float, which would have to be rounded.
    let _ = select(User).filter(User::id.eq(1.5));

    // An integer with a text.
    let _ = select(User).filter(User::id.eq("sandy"));

    // Both bounds are of the type of the operand.
    let _ = select(User).filter(User::id.between(1, "nine"));
}
