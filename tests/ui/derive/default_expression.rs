//! A default is a function or a literal.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(default = 10 + 8)]
    age: Auto<i32>,
}

fn main() {}
