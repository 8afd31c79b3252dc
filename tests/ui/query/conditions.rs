//! A condition is a boolean.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A condition is a boolean.
    let _ = select(User).filter(User::name);

    // HAVING takes a condition.
    let _ = select(User::name).group_by(User::name).having(count(User));

    // A relationship is no condition.
    let _ = select(User).filter(User::addresses);

    // A Rust `bool` becomes an expression by `literal`.
    let _ = select(User).filter(true);

    // Both sides of AND and OR are conditions.
    let _ = select(User).filter(User::active & User::name);
    let _ = select(User).filter(User::active.or(User::id));

    // NOT takes a condition.
    let _ = select(User).filter(!User::name);
}
