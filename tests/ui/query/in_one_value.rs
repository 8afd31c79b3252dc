//! IN takes a list.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::id.in_(5));
}
