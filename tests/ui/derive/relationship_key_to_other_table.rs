//! To the table of the relationship.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[relationship(foreign_key = Address::group_id)]
    addresses: Many<Address>,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    user_id: i64,
    #[column(foreign_key = Group::id)]
    group_id: i64,
}

#[derive(Mapped, Clone)]
struct Group {
    #[column(primary_key)]
    id: i64,
}

fn main() {}
