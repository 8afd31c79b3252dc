//! The same seen from the parent.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[relationship]
    orders: Many<Order>,
}

#[derive(Mapped, Clone)]
struct Order {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    buyer_id: i64,
    #[column(foreign_key = User::id)]
    seller_id: i64,
}

fn main() {}
