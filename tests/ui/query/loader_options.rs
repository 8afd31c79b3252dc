//! A loader option belongs to an entity of the query.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A loader option belongs to an entity of the query.
    let _ = select(Address).options(selectin(User::addresses));

    // `then` goes on from where the option before it leads to.
    let _ = select(User).options(selectin(User::addresses).then(joined(Employee::manager)));
}
