//! A SQL enum has no data.

use orm::prelude::*;

#[derive(SqlType, Clone)]
enum Mood {
    Happy,
    Sad(String),
    Angry { reason: String },
}

fn main() {}
