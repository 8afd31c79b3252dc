//! What is added to the call of a function.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::Over;
use orm::prelude::*;

fn main() {
    // DISTINCT inside a call needs the call of an aggregate.
    let _ = select(User::name.distinct());

    // `lower` is no aggregate.
    let _ = select(functions::lower(User::name).distinct());

    // OVER needs a function that runs over rows.
    let _ = select(functions::lower(User::name).over(Over::new()));
}
