//! A list of objects is a relationship.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    addresses: Vec<Address>,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
}

fn main() {}
