//! Both sides of AND and OR are conditions.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let _ = select(User).filter(User::active & User::name);
    let _ = select(User).filter(User::active.or(User::id));
}
