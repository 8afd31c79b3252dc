//! Of several, one is named.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[relationship(secondary = UserGroup)]
    groups: Many<Group>,
}

#[derive(Mapped, Clone)]
struct Group {
    #[column(primary_key)]
    id: i64,
}

#[derive(Mapped, Clone)]
struct UserGroup {
    #[column(primary_key, foreign_key = User::id)]
    user_id: i64,
    #[column(primary_key, foreign_key = Group::id)]
    group_id: i64,
    #[column(foreign_key = User::id)]
    invited_by: i64,
}

fn main() {}
