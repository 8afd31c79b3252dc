//! A value is NULL or is not.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: Option<Option<String>>,
}

fn main() {}
