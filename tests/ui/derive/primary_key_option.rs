//! Which is not NULL.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: Option<i64>,
}

fn main() {}
