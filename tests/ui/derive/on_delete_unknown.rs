//! What a foreign key does when its target is deleted.

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
    #[column(foreign_key = User::id, on_delete = "destroy")]
    user_id: i64,
    #[column(on_delete = "cascade")]
    owner_id: i64,
}

fn main() {}
