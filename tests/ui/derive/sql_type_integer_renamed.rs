//! Integers have no names.

use orm::prelude::*;

#[derive(SqlType, Clone)]
#[sql_type(repr = "i16", rename_all = "kebab-case")]
enum Level {
    #[sql_type(rename = "low")]
    Low,
    High,
}

fn main() {}
