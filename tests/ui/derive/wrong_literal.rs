//! A value of the wrong kind.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(table = user_account)]
struct User {
    #[column(primary_key = true)]
    id: i64,
    #[column(length = "30")]
    name: String,
    #[column(unique = "yes", comment)]
    email: String,
    #[column(length = -1)]
    city: String,
}

fn main() {}
