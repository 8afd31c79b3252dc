//! CASE and `coalesce` give values of one type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // All results of a CASE are of its type.
    let _ = select(case::<String>().when(User::active, "yes").otherwise(0));

    // `coalesce` takes values of one type.
    let _ = select(functions::coalesce(User::fullname, 0));
}
