//! A table has named columns.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User(i64, String);

fn main() {}
