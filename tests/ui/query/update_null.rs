//! A column that is NOT NULL is not set to NULL.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = update(User).set(User::name, None::<&str>).all_rows();
    let _ = update(User).set(User::name, User::fullname).all_rows();
}
