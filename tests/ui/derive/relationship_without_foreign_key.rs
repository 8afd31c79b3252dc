//! Between whose tables there is a foreign key.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
    user_id: i64,
    #[relationship]
    user: One<User>,
}

fn main() {}
