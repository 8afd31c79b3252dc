//! A struct of your own becomes one by `SqlType`.

use orm::prelude::*;

#[derive(Clone)]
struct Email(String);

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    email: Email,
}

fn main() {}
