//! An attribute without parentheses.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped = "user_account"]
struct User {
    #[column = "primary_key"]
    id: i64,
}

fn main() {}
