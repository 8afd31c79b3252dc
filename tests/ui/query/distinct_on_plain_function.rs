//! `lower` is no aggregate.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(functions::lower(User::name).distinct());
}
