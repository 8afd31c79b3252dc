//! What `contains_eager` reads must stand in FROM.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::contains_eager;

fn main() {
    // Nobody joins it.
    let _ = select(User).options(contains_eager(User::addresses));

    // An alias is joined, and the table itself is not.
    let _ = select(Employee).join(Employee::manager.to(Manager)).options(contains_eager(Employee::manager.to(Boss)));

    // What lies behind it must be there too.
    let _ = select(Address).join(Address::user).options(
        contains_eager(Address::user).then(contains_eager(User::addresses.to(Other))),
    );

    // The query chooses the rows, and not the option.
    let _ = contains_eager(User::addresses.filter(Address::email.eq("a")));
    let _ = contains_eager(User::addresses).filter(Address::email.eq("a"));

    // It goes on where it has arrived.
    let _ = contains_eager(User::addresses).then(selectin(Employee::manager));
}

alias!(Boss = Employee);
alias!(Other = Address);
