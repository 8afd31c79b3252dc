//! Many rows get plain values of the types of their columns.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A value of another type.
    let _ = update(User).set_many(User::name, [(1, 5)]);

    // A column that is NOT NULL is not set to NULL.
    let _ = update(User).set_many((User::name, User::fullname), [(1, (None::<String>, None))]);

    // A column of another table.
    let _ = update(User).set_many(Address::email, [(1, "sandy@example.org")]);

    // The key is of the table's type.
    let _ = update(User).set_many(User::name, [("sandy", "sandy")]);
}
