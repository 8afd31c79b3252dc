//! What INSERT … SELECT fills.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // INSERT … SELECT fills columns with values of their types.
    let _ = insert(User).from_select((User::id, User::name), select((Address::id, Address::user_id)));

    // And as many as the query selects.
    let _ = insert(User).from_select((User::id, User::name), select(Address::id));

    // A column that is NOT NULL is not filled from one that may be NULL.
    let _ = insert(Employee).from_select(Employee::name, select(User::fullname));

    // The columns are those of the table.
    let _ = insert(User).from_select(Address::email, select(User::name));
}
