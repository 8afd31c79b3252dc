//! An integer with a float, which would have to be rounded.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::id.eq(1.5));
}
