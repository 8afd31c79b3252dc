//! Of several foreign keys one is named.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Mapped, Clone)]
struct Order {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    buyer_id: i64,
    #[column(foreign_key = User::id)]
    seller_id: i64,
    #[relationship]
    buyer: One<User>,
}

fn main() {}
