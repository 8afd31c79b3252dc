//! A newtype references itself, and not what it holds.

use orm::prelude::*;

#[derive(SqlType, Clone, PartialEq)]
struct UserId(i64);

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: UserId,
}

#[derive(Mapped, Clone)]
struct Address {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = User::id)]
    user_id: i64,
}

fn main() {}
