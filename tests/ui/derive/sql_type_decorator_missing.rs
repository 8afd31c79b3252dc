//! A `decorator` has a `TypeDecorator`.

use orm::prelude::*;

#[derive(SqlType, Clone)]
#[sql_type(decorator)]
struct Tags(Vec<String>);

fn main() {}
