//! By the same foreign key.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[relationship(foreign_key = Order::buyer_id, back_populates = seller)]
    bought: Many<Order>,
}

#[derive(Mapped, Clone)]
struct Order {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    buyer_id: i64,
    #[column(foreign_key = User::id)]
    seller_id: i64,
    #[relationship(foreign_key = Order::seller_id, back_populates = bought)]
    seller: One<User>,
}

fn main() {}
