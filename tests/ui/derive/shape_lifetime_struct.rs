//! Nor one that borrows.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User<'a> {
    #[column(primary_key)]
    id: i64,
    name: &'a str,
}

fn main() {}
