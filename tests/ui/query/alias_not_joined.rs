//! A column of an alias needs the alias in FROM, not its table.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(Employee).filter(Employee::name.of(Manager).eq("Squidward"));
}
