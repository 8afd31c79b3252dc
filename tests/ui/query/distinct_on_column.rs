//! DISTINCT inside a call needs the call of an aggregate.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User::name.distinct());
}
