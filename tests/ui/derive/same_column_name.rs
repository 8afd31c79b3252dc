//! Two fields are not one column.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(name = "ID")]
    number: i64,
}

fn main() {}
