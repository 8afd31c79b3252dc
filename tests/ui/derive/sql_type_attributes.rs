//! The attributes of a SQL enum.

use orm::prelude::*;

#[derive(SqlType, Clone)]
#[sql_type(rename_all = "Snake", renam = "mood")]
enum Mood {
    Happy,
    #[sql_type(rename = Sad)]
    Sad,
}

#[derive(SqlType, Clone)]
#[sql_type(repr = "u8")]
enum Level {
    Low,
    High,
}

#[derive(SqlType, Clone)]
#[sql_type(name = "email")]
struct Email(String);

fn main() {}
