//! `then` goes on from where the option before it leads to.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).options(selectin(User::addresses).then(joined(Employee::manager)));
}
