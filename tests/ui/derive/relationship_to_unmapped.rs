//! It leads to a mapped struct.

use orm::prelude::*;

#[derive(Clone)]
struct Address {
    id: i64,
    user_id: i64,
}

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[relationship]
    addresses: Many<Address>,
}

fn main() {}
