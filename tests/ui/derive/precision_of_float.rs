//! `precision` and `scale` are for decimals.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct Product {
    #[column(primary_key)]
    id: i64,
    #[column(precision = 10, scale = 2)]
    price: f64,
    #[column(scale = 2)]
    weight: rust_decimal::Decimal,
    #[column(precision = 2, scale = 10)]
    width: rust_decimal::Decimal,
}

fn main() {}
