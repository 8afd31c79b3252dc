//! ORDER BY takes a column, not its name.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).order_by("name");
}
