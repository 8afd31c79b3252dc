//! A link table is mapped.

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

struct UserGroup {
    user_id: i64,
    group_id: i64,
}

fn main() {}
