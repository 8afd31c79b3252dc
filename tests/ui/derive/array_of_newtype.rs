//! An array of a newtype is one of what it holds, where there is such an array.

use orm::prelude::*;

#[derive(SqlType, Clone)]
struct Blob(Vec<u8>);

#[derive(Mapped, Clone)]
struct File {
    #[column(primary_key)]
    id: i64,
    whole: Blob,
    parts: Vec<Blob>,
}

fn main() {}
