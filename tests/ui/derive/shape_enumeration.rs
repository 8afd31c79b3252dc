//! An enum is no table.

use orm::prelude::*;

#[derive(Mapped, Clone)]
enum User {
    Sandy,
    Patrick,
}

fn main() {}
