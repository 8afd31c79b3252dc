//! Numbers without a common type are cast first.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(Employee::salary + literal(rust_decimal::Decimal::ONE));
}
