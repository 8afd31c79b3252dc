//! `None` without a type says which column cannot take it.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = update(User).set(User::name, None).all_rows();
}
