//! A link table has a foreign key to each side.

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
    #[column(primary_key)]
    user_id: i64,
    #[column(primary_key)]
    group_id: i64,
}

fn main() {}
