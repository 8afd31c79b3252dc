//! `count` counts rows or values, not names.

use orm::prelude::*;

fn main() {
    let _ = select(count("name"));
}
