//! A key that an attribute does not know.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(tabel = "user_account")]
struct User {
    #[column(primary)]
    id: i64,
    #[relationship(back_populate = user)]
    addresses: Many<Address>,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    user_id: i64,
}

fn main() {}
