//! `coalesce` takes values of one type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(functions::coalesce(User::fullname, 0));
}
