//! A join along a relationship goes to what stands for its target.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

alias!(Mail = Address);

fn main() {
    // An alias of another struct.
    let managers = select(Employee).subquery(Manager);
    let _ = select(User).join_to(User::addresses, managers);

    // From what does not stand in FROM.
    let mails = select(Address).subquery(Mail);
    let _ = select(Employee).join_to(User::addresses, mails);
}
