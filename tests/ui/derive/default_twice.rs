//! One value has one origin.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(computed = "id + 1", default = 5)]
    next: Auto<i64>,
    #[column(identity, server_default = "5")]
    number: Auto<i64>,
}

fn main() {}
