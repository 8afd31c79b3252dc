//! What is said of the loaded objects reads their columns, and nothing else.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::raise;

fn main() {
    // Another table's.
    let _ = select(User).options(selectin(User::addresses).filter(User::active));
    let _ = select(User).options(selectin(User::addresses.filter(User::active)));
    let _ = select(User).options(selectin(User::addresses).order_by(User::name));

    // An alias of the query is not what is loaded.
    let _ = select(Employee).options(selectin(Employee::manager).filter(Employee::name.of(Manager).eq("x")));

    // A relationship is no condition.
    let _ = select(Address).options(selectin(Address::user).filter(User::addresses));

    // What is not loaded has nothing to filter.
    let _ = select(User).options(raise(User::addresses).filter(Address::id.gt(1)));
}
