//! And the other way round.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(Manager).filter(Employee::name.eq("Squidward"));
}
