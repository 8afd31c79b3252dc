//! A table has named columns, and at least one; it is not generic, and borrows nothing.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct Tuple(i64, String);

#[derive(Mapped, Clone)]
struct Unit;

#[derive(Mapped, Clone)]
struct Empty {}

#[derive(Mapped, Clone)]
enum Enumeration {
    Sandy,
    Patrick,
}

#[derive(Mapped, Clone)]
struct Generic<T> {
    #[column(primary_key)]
    id: T,
}

#[derive(Mapped, Clone)]
struct Borrowing<'a> {
    #[column(primary_key)]
    id: i64,
    name: &'a str,
}

fn main() {}
