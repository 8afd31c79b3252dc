//! What a newtype holds is not the newtype.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(Contact).filter(Contact::email.eq("sandy@example.org"));
}
