//! The numbers of an identity column make a sequence.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key, identity(start = "1", step = 2))]
    id: i64,
    #[column(identity(start = 1, increment = 0, min_value = 5, max_value = 5, cache = 0))]
    number: Auto<i64>,
    #[column(identity(always), autoincrement)]
    other: Auto<i64>,
}

fn main() {}
