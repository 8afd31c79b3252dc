//! Whatever the `Option` is called.

use orm::prelude::*;

type Maybe = Option<i64>;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: Maybe,
}

fn main() {}
