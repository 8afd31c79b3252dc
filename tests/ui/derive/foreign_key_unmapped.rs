//! The struct that it references is mapped.

use orm::prelude::*;

struct User {
    id: i64,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    user_id: i64,
}

fn main() {}
