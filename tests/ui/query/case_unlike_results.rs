//! All results of a CASE are of its type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(case::<String>().when(User::active, "yes").otherwise(0));
}
