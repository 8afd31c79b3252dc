//! A method and an accessor of one name: `accessor` renames one.

use orm::prelude::*;

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
}

impl User {
    fn name(&self) -> &str {
        &self.name
    }
}

fn main() {}
