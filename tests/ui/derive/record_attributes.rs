//! What `#[derive(Record)]` does not take.

use orm::prelude::*;

#[derive(Record)]
#[record(nam = "x")]
struct Unknown {
    #[column(length = 30)]
    n: i64,
    users: Many<User>,
}

#[derive(Record)]
struct Twice {
    #[column(name = "n")]
    m: i64,
    n: i64,
}

#[derive(Record)]
struct Tuple(i64);

#[derive(Record)]
struct Typed {
    handle: std::rc::Rc<i64>,
}

fn main() {}
