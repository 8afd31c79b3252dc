//! A value of a type that is none of SQL's.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // So is what an expression is cast to.
    let _ = User::id.cast::<usize>();

    // What a function returns is of a SQL type.
    let _ = func("now", ()).returns::<std::time::Instant>();

    // And a literal.
    let _ = literal(5_usize);

    // A parameter is of a SQL type.
    let _ = text("SELECT :now").bind("now", std::time::Instant::now());

    // An argument of a function is an expression or a value of a SQL type.
    struct Celsius(f64);
    let _ = select(func("round", (Celsius(1.5),)).returns::<f64>());
}
