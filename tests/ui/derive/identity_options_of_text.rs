//! What is counted up is an integer, however it counts.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(identity(start = 100))]
    number: Auto<String>,
}

fn main() {}
