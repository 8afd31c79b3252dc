//! A table has a name.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(table = "")]
struct User {
    #[column(primary_key)]
    id: i64,
}

fn main() {}
