//! An upsert reads the row that is there and the one that was to be inserted, and nothing else reads that.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A column of another table.
    let upsert = insert(User).values(User::default()).on_conflict(User::name);
    let _ = upsert.do_update(|update| update.set(User::name, Address::email));

    // A conflict is one of columns of the table.
    let _ = insert(User).values(User::default()).on_conflict(Address::email);

    // Only an upsert has a row that was excluded.
    let _ = select(User).filter(excluded(User::name).eq("sandy"));
}
