//! ORDER BY and GROUP BY over what is in FROM.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::{Over, row_number};

fn main() {
    // ORDER BY a table that is not in FROM, alone and in a tuple.
    let _ = select(User).order_by(Address::email.desc());
    let _ = select(User).order_by((User::name, Address::email));

    // ORDER BY takes a column, not its name.
    let _ = select(User).order_by("name");

    // GROUP BY a table that is not in FROM.
    let _ = select(count(User)).group_by(Address::email);

    // A window reads tables of FROM only.
    let _ = select(User).order_by(row_number().over(Over::new().partition_by(Address::user_id)));
}
