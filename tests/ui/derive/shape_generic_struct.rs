//! Nor is a generic struct: it would be many.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User<T> {
    #[column(primary_key)]
    id: T,
}

fn main() {}
