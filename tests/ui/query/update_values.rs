//! What a column is set to.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A column that is NOT NULL is not set to NULL.
    let _ = update(User).set(User::name, None::<&str>).all_rows();
    let _ = update(User).set(User::name, User::fullname).all_rows();

    // `None` without a type says which column cannot take it.
    let _ = update(User).set(User::name, None).all_rows();

    // A column is set to a value of its type.
    let _ = update(User).set(User::name, 5).all_rows();

    // An UPDATE sets columns of its own table only.
    let _ = update(User).set(Address::email, "sandy@example.org").all_rows();
}
