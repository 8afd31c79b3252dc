//! A struct with a mistake is still there: its uses are not errors as well.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary)]
    id: i64,
    name: String,
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
    user: One<User>,
}

fn main() {
    let _ = select(User).join_on(Address, Address::user_id.eq(User::id)).filter(User::name.eq("sandy"));
}
