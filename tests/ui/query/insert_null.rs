//! The same for INSERT.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = insert(User).set(User::name, None::<&str>);
}
