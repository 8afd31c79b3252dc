//! A window function needs its window.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::row_number;

fn main() {
    let _ = select(row_number());
    let _ = select(User).order_by(row_number());
    let _ = select(User).filter(row_number());
}
