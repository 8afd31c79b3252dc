//! A version counts up, or is made by somebody.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct Text {
    #[column(primary_key)]
    id: i64,
    #[column(version)]
    version: String,
}

#[derive(Mapped, Clone)]
struct Keyed {
    #[column(primary_key, version)]
    id: i64,
}

#[derive(Mapped, Clone)]
struct Two {
    #[column(primary_key)]
    id: i64,
    #[column(version)]
    one: i64,
    #[column(version)]
    two: i64,
}

#[derive(Mapped, Clone)]
struct Literal {
    #[column(primary_key)]
    id: i64,
    #[column(version = 5)]
    version: i64,
}

fn next(version: Option<i32>) -> i32 {
    version.unwrap_or(0) + 2
}

#[derive(Mapped, Clone)]
struct OtherType {
    #[column(primary_key)]
    id: i64,
    #[column(version = next)]
    version: i64,
}

fn main() {}
