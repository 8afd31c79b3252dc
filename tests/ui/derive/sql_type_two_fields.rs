//! A newtype holds one value.

use orm::prelude::*;

#[derive(SqlType, Clone)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(SqlType, Clone)]
struct Empty;

fn main() {}
