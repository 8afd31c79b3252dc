//! When a constraint is checked, and what it is of.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(primary_key(id), unique(columns(name), deferrable), unique(columns(name.desc())))]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(deferrable = "deferred", match_full)]
    name: String,
    #[column(foreign_key = User::id, deferrable = "later")]
    parent_id: i64,
    #[column(check)]
    age: i32,
}

fn main() {}
