//! HAVING takes a condition.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User::name).group_by(User::name).having(count(User));
}
