//! An argument of a function is an expression or a value of a SQL type.

use orm::prelude::*;

fn main() {
    struct Celsius(f64);
    let _ = select(func("round", (Celsius(1.5),)).returns::<f64>());
}
