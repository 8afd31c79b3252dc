//! A foreign key of several columns pairs them with as many of one struct.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct Order {
    #[column(primary_key)]
    shop: String,
    #[column(primary_key)]
    number: i64,
}

#[derive(Mapped, Clone)]
#[mapped(foreign_key(columns(shop, number), references(Order::shop)))]
struct Line {
    #[column(primary_key)]
    id: i64,
    shop: String,
    number: i64,
}

#[derive(Mapped, Clone)]
#[mapped(foreign_key(columns(shop, number), references(Order::number, Order::shop)))]
struct Parcel {
    #[column(primary_key)]
    id: i64,
    shop: String,
    number: i64,
}

fn main() {}
