//! A loader option belongs to an entity of the query.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(Address).options(selectin(User::addresses));
}
