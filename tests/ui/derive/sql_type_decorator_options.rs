//! How a `decorator` is stored, its `TypeDecorator` says.

use orm::prelude::*;

#[derive(SqlType, Clone)]
#[sql_type(decorator, name = "shape", native = false)]
enum Shape {
    Circle(i32),
    #[sql_type(rename = "none")]
    None,
}

#[derive(SqlType, Clone)]
#[sql_type(native = false)]
struct Email(String);

fn main() {}
