//! A foreign key names a column, not a table.

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
    #[column(foreign_key = User)]
    user_id: i64,
    #[column(foreign_key = "user.id")]
    owner_id: i64,
}

fn main() {}
