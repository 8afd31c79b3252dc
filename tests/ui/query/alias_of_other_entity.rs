//! A column is of an alias of its own table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    alias!(Other = User);
    let _ = Employee::name.of(Other);
}
