//! A window reads tables of FROM only.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    use orm::{Over, row_number};
    let _ = select(User).order_by(row_number().over(Over::new().partition_by(Address::user_id)));
}
