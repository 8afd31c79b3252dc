//! And at least one.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User;

fn main() {}
