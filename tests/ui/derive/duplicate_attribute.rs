//! A key that stands twice, in one attribute or in two.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(table = "user", table = "user_account")]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(length = 30)]
    #[column(length = 40)]
    name: String,
}

fn main() {}
