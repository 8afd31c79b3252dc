//! A mapped struct has a primary key.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    id: i64,
    name: String,
}

fn main() {}
