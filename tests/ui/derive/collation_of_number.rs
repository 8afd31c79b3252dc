//! `collation` is for texts.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(collation = "C")]
    age: i32,
}

fn main() {}
