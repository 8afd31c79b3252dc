//! `==` of Rust is not the comparison of SQL.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::name == "sandy");
}
