//! A SQL enum has a value.

use orm::prelude::*;

#[derive(SqlType, Clone)]
enum Never {}

fn main() {}
