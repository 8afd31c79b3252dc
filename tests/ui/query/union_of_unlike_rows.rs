//! The queries of a set operation give rows of one type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // Other types.
    let _ = select((User::id, User::name)).union(select((User::name, User::id)));

    // More columns.
    let _ = select(User::name).union_all(select((User::name, User::id)));

    // Another struct.
    let _ = select(User).except(select(Address));

    // The first says the types, and here it says that there is no NULL.
    let _ = select(User::name).intersect(select(User::fullname));

    // The order is by columns of the first query.
    let _ = select(User::id).union(select(Address::id)).order_by(Address::id);
}
