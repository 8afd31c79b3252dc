//! The rows of a text are values.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = text("SELECT * FROM user_account").columns::<User>();
}
