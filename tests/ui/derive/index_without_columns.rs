//! And over at least one.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(index(name = "by_name"), unique(), check(name = "positive"))]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
}

fn main() {}
