//! A parameter is of a SQL type.

use orm::prelude::*;

fn main() {
    let _ = text("SELECT :now").bind("now", std::time::Instant::now());
}
