//! An index is over fields of the struct.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(index(nam), unique(id, id), index(name = "by_address", columns(addresses)))]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship]
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
