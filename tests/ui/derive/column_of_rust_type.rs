//! A column is of a SQL type.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    age: usize,
}

fn main() {}
