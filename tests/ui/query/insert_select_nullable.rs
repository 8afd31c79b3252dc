//! A column that is NOT NULL is not filled from one that may be NULL.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = insert(Employee).from_select(Employee::name, select(User::fullname));
}
