//! And a literal.

use orm::prelude::*;

fn main() {
    let _ = literal(5_usize);
}
