//! A field with a default can be unset: it is an `Auto`.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(server_default = "0")]
    logins: i32,
    #[column(default = 18)]
    age: i32,
    #[column(computed = "age + 1")]
    next_age: Option<i32>,
}

fn main() {}
