//! A foreign key is of the type of the column that it references.

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
    #[column(foreign_key = User::id)]
    user_id: String,
    #[column(foreign_key = User::id)]
    owner_id: Option<i32>,
}

fn main() {}
