//! Which leads back here.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[relationship(back_populates = group)]
    addresses: Many<Address>,
}

#[derive(Mapped, Clone)]
struct Group {
    #[column(primary_key)]
    id: i64,
    #[relationship(back_populates = group)]
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
    #[relationship(back_populates = addresses)]
    group: One<Group>,
}

fn main() {}
