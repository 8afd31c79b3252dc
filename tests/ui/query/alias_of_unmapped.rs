//! An alias is one of a mapped struct.

use orm::prelude::*;

fn main() {
    struct Point;

    alias!(Other = Point);
}
