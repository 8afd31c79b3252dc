//! Which names this one.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[relationship(back_populates = user)]
    addresses: Many<Address>,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    user_id: i64,
    #[relationship]
    user: One<User>,
}

fn main() {}
