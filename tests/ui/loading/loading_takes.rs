//! `.loading(…)` takes what loads a relationship for certain.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::{default_load, lazy, noload, raise, raise_all};

fn main() {
    let _ = select(User).loading(raise(User::addresses));
    let _ = select(User).loading(lazy(User::addresses));
    let _ = select(Address).loading((joined(Address::user), noload(Address::user)));
    let _ = select(User).loading(default_load(User::addresses).then(selectin(Address::user)));
    let _ = select(User).loading(raise_all());

    // Of another struct.
    let _ = select(User).loading(joined(Address::user));
    let _ = select(User).loading((selectin(User::addresses), joined(Address::user)));

    // A relationship says nothing of how it is loaded.
    let _ = select(User).loading(User::addresses);
}
