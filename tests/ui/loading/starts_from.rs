//! A loader option starts from an entity of the query, and goes on from where the one before it leads to.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // The struct of the relationship is not in FROM.
    let _ = select(Address).options(selectin(User::addresses));

    // One of several.
    let _ = select(User).options((selectin(User::addresses), joined(Employee::manager)));

    // A query for columns of it is fine, one for another struct's is not.
    let _ = select(User::name).options(selectin(User::addresses));
    let _ = select(Address::email).options(selectin(User::addresses));

    // `then` goes on from the addresses.
    let _ = select(User).options(selectin(User::addresses).then(joined(Employee::manager)));
    let _ = select(User).options(selectin(User::addresses).then(joined(User::addresses)));
}
