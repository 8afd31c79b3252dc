//! `virtual` is a way of computing.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(virtual)]
    age: i32,
}

fn main() {}
