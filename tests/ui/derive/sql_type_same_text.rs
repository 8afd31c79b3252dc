//! Two variants are not stored alike.

use orm::prelude::*;

#[derive(SqlType, Clone)]
enum Mood {
    Happy,
    #[sql_type(rename = "happy")]
    Glad,
}

fn main() {}
