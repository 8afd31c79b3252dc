//! OVER needs a function that runs over rows.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    use orm::Over;
    let _ = select(functions::lower(User::name).over(Over::new()));
}
