//! A Rust `bool` becomes an expression by `literal`.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(true);
}
