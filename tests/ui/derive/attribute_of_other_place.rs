//! An attribute that belongs elsewhere.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[column(table = "user_account")]
struct User {
    #[column(primary_key)]
    id: i64,
    #[mapped(length = 30)]
    name: String,
}

fn main() {}
