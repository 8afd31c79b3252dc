//! `bits` is for `BitString`, and one of `bits` and `length` is enough.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(bits = 8)]
    name: String,
}

#[derive(Mapped, Clone)]
struct Flags {
    #[column(primary_key)]
    id: i64,
    #[column(bits = 8, length = 8)]
    flags: orm::BitString,
}

fn main() {}
