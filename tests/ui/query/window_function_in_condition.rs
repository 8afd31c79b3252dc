//! A window function where none is computed yet.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::{Over, row_number};

fn main() {
    let number = || row_number().over(Over::new().order_by(User::id));

    let _ = select(User).filter(number().le(3));
    let _ = select(User::name).group_by(User::name).having(number().le(3));
    let _ = select(count(User)).group_by(number());
    let _ = select(count(User)).group_by(sum(User::id).over(Over::new()) + 1);
    let _ = select(User).join_on(Address, number().eq(Address::id));
    let _ = update(User).set(User::id, number()).all_rows();

    // A window function of a window function.
    let _ = select(row_number().over(Over::new().order_by(number())));
}
