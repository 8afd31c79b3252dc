//! Aliases: a column of one is neither that of its table nor that of another.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A column is of an alias of its own table.
    alias!(Other = User);
    let _ = Employee::name.of(Other);

    // A relationship leads to an alias of its own target.
    let _ = select(User).join(User::addresses.to(Manager));

    // A column of an alias needs the alias in FROM, not its table.
    let _ = select(Employee).filter(Employee::name.of(Manager).eq("Squidward"));

    // And the other way round.
    let _ = select(Manager).filter(Employee::name.eq("Squidward"));
}
