//! `.loading(…)` is of a query for one entity; in a list it is said of the entity.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select((User.loading(selectin(User::addresses)), Address::email)).join(User::addresses);

    let _ = select((User, Address::email)).join(User::addresses).loading(selectin(User::addresses));
    let _ = select(User::name).loading(selectin(User::addresses));
}
