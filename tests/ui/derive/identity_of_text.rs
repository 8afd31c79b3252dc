//! What is counted up is an integer.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(identity)]
    number: Auto<String>,
}

fn main() {}
