//! The options of an index, of its columns and of its expressions.

use orm::prelude::*;

#[derive(Mapped, Clone)]
#[mapped(
    index(name, where = "name <> ''"),
    index(columns(name(asc), name.descending())),
    index(columns(name(nulls = "middle", length = 0))),
    index(columns(name), expression = "lower(name)"),
    index(columns("lower(name)"(length = 3)), nulls_not_distinct),
    index(columns(name), include(name), filter = "id > 0", where = "id < 9")
)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
}

fn main() {}
