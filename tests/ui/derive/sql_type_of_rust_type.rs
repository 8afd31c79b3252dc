//! It holds a SQL type.

use orm::prelude::*;

#[derive(SqlType, Clone)]
struct Count(usize);

fn main() {}
