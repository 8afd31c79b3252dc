//! An aggregate in WHERE, ON, GROUP BY or SET.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // WHERE sees one row.
    let _ = select(User).filter(count(User::id).gt(1));

    // Also inside of a larger condition.
    let _ = select(User).filter(User::active.and((sum(User::id) + 1).gt(User::id)));

    // So does ON.
    let _ = select(User).join_on(Address, Address::id.eq(count(User::id)));

    // Groups are made before they are summed.
    let _ = select(count(User)).group_by((User::name, max(User::id)));

    // An aggregate's own condition is on its rows.
    let _ = select(count(User::id).filter(max(User::id).gt(1)));

    // SET has a row.
    let _ = update(User).set(User::id, count(User::name)).all_rows();
    let _ = update(User).set(User::active, true).filter(count(User::name).gt(1));
    let _ = delete(User).filter(count(User::name).gt(1));
}
