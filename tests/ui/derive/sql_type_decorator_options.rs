//! How a `decorator` is stored, its `TypeDecorator` says.

use orm::prelude::*;

#[derive(SqlType, Clone)]
#[sql_type(decorator, name = "shape", native = false)]
enum Shape {
    Circle(i32),
    #[sql_type(rename = "none")]
    None,
}

impl orm::TypeDecorator for Shape {
    type Impl = i32;

    fn process_bind(&self) -> i32 {
        0
    }

    fn process_result(_: i32) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Shape::None)
    }
}

#[derive(SqlType, Clone)]
#[sql_type(native = false)]
struct Email(String);

fn main() {}
