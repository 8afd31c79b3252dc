//! A relationship is a `Many<T>`, a `One<T>` or a `One<Option<T>>`.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[relationship]
    addresses: Vec<Address>,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    user_id: i64,
    #[relationship]
    user: Option<User>,
}

fn main() {}
