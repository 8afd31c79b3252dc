//! All mistakes of a struct are reported at once.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(tabel = "user_account", index(nam))]
struct User {
    id: Option<i64>,
    #[column(length = "30")]
    name: String,
    #[column(foreign_key = id)]
    group_id: i64,
    #[relationship(cascade = "delete-orphan", lazy = "eager")]
    addresses: Many<Address>,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
}

fn main() {}
