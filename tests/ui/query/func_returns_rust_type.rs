//! What a function returns is of a SQL type.

use orm::prelude::*;

fn main() {
    let _ = func("now", ()).returns::<std::time::Instant>();
}
