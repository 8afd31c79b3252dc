//! And is not generic.

use orm::prelude::*;

#[derive(SqlType, Clone)]
struct Id<T>(T);

fn main() {}
