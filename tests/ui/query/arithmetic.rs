//! Arithmetic is for numbers that have a common type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // Arithmetic is for numbers; texts are joined by `concat`.
    let _ = select(User::name + 1);
    let _ = select(User::id + User::name);
    let _ = select(User::id * "2");

    // Numbers without a common type are cast first.
    let _ = select(Employee::salary + literal(rust_decimal::Decimal::ONE));

    // Division is for numbers.
    let _ = select(User::name / 2);

    // So is the sign.
    let _ = select(-User::name);
}
