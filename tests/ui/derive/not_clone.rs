//! A mapped struct is `Clone`: the session keeps a copy of what it was.

use orm::prelude::*;

#[derive(Mapped)]
struct User {
    #[column(primary_key)]
    id: i64,
}

fn main() {}
